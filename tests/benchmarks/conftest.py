"""The benchmarks are scripts beside the package; what they share is imported from their folder."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("rapidfuzz", reason="the benchmarks want rapidfuzz, of the dev dependencies")
pytest.importorskip("docx", reason="the benchmarks want python-docx, of the dev dependencies")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
