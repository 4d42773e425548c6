"""A local page on which a person reviews pairs beside their principles."""
