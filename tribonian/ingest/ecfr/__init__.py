"""Units of the CFR from the eCFR's official API, equal to what cutting the title would give."""
