"""The rehearsal's one clock: it tells how long something takes, and is in nothing that is kept."""

from __future__ import annotations

import time


def moment() -> float:
    """Seconds since some moment; only differences mean something."""
    return time.monotonic()
