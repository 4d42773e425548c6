"""A small build for the tests of alignment: the sample regulation, built once a process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import tribonian

SAMPLE = Path(__file__).parents[2] / "samples" / "lantern-safety.xml"


@cache
def _built() -> Path:
    place = Path(tempfile.mkdtemp(prefix="tribonian-tests-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = place / "build"
    tribonian.build([SAMPLE], folder, jobs=1, no_cache=True)
    return folder


def small_build(place: Path) -> Path:
    """A build of the sample at ``place / "build"``: 26 principles or so, § 100.1 to § 120.10."""
    return Path(shutil.copytree(_built(), place / "build"))
