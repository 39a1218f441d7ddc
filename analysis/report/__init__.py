"""The report that the steering group can take along: one content, four formats."""
