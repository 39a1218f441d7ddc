"""The mails of a wave."""
