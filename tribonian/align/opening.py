"""The service that a command works with: the account's, or the rehearsal's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tribonian.align.places import Places
from tribonian.align.service.account import Account, Key, account
from tribonian.align.service.client import Service
from tribonian.align.service.times import Times
from tribonian.errors import UsageError

# The rehearsal is quick, and on this machine: what may take minutes there takes moments here.
REHEARSED = Times(read=30.0, patience=5.0, first_wait=0.05, poll_first=0.05, poll_longest=0.2,
                  settle=1.0)  # fmt: skip
REHEARSAL_KEY = "r3h3-4r54-1"  # like no word, so that masking it changes no text
HOUR = 3600.0

Notice = Callable[[str], None]


def account_service(notice: Notice | None = None) -> Service:
    """The service of the account that the environment names, for what is not about a build."""
    return Service(account(), notice=notice)


@contextmanager
def opened_service(
    build: Path,
    *,
    rehearse: bool = False,
    deadline: float = 24.0,
    notice: Notice | None = None,
) -> Iterator[Service]:
    """The service, closed at the end; ``deadline`` is in hours, 0 for none.

    ``notice`` is told in a sentence when a call has to be repeated, as that may take minutes.
    With ``rehearse`` a stand-in of its own, whose state is below ``build``. Raises UsageError
    where the environment names no account, or the deadline is none.
    """
    if not 0 <= deadline <= 24 * 366:
        raise UsageError("--deadline must be a number of hours, or 0 for none.")
    seconds = deadline * HOUR or None
    if not rehearse:
        with Service(account(), times=Times(deadline=seconds), notice=notice) as service:
            yield service
        return
    if not build.is_dir():
        raise UsageError(f"{build} is no folder; name a folder that build wrote.")
    from tribonian.align.rehearsal import Rehearsal

    with Rehearsal(Places(build).rehearsal, key=REHEARSAL_KEY) as stand_in:
        mine = Account(stand_in.url, Key(REHEARSAL_KEY), None)
        with Service(mine, times=replace(REHEARSED, deadline=seconds)) as service:
            yield service
