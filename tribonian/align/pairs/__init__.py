"""What came back: rows, flags, coverage, the report."""
