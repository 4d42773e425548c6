"""``python -m tribonian``."""

from tribonian.cli import main

main()
