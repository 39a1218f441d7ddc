"""A new version of a questionnaire beside the one in use."""
