"""One law in many forms: printed, as Word writes it, as a web page, as text.

Used by ``benchmarks/same_law.py`` and ``benchmarks/make_samples.py``. What is printed comes
straight from the elements of the eCFR's XML and not from our own reading of it.
"""
