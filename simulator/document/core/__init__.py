"""What records are made of: their base, and a number with its interval."""
