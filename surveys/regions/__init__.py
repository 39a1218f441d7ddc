"""The regions: their register, what changes in it, and what becomes of them."""
