"""Each pair to the principle it came from, and what of it is not grounded there."""
