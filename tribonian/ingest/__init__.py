"""From sources to section trees: what is it, and what does it say in which order."""
