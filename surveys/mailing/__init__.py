"""Invitations and reminders: their texts, the letters made of them, and the way out."""
