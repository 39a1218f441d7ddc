"""What pages and reports share: the released tables of a monitor with their words and pictures."""
