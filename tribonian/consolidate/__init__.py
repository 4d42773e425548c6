"""From section trees to principles: which text, once, in what size."""
