"""A rehearsal of the service: a stand-in on loopback, to try everything without an account."""

from tribonian.align.rehearsal.misbehaviour import (
    CONDUCT,
    REPLIES,
    Fault,
    Misbehaviour,
    parse_fault,
)
from tribonian.align.rehearsal.service import Rehearsal
from tribonian.align.rehearsal.wire import Recorded

__all__ = [
    "CONDUCT",
    "REPLIES",
    "Fault",
    "Misbehaviour",
    "Recorded",
    "Rehearsal",
    "parse_fault",
]
