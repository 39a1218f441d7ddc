"""What stands before the pages: links, sign-in, refusals."""
