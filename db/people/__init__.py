"""Who signs in and who leads a region: the tables with personal data."""
