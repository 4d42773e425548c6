"""How long is waited for what, all of it in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, all of them; tests pass short ones.

    ``connect``: until there is a connection. ``read``: how long the service may stay silent in a
    small call, or stand still in the middle of a file. ``upload``: how long it may think about a
    whole file, or about a prompt that it drafts. A file as such may take any time.
    ``patience``: for how long after the first failure a call is repeated that may be;
    ``first_wait``: the first pause between, which doubles up to half a minute.
    ``poll_first``, ``poll_longest``: between two looks at a job. ``settle``: for how long one
    looks for the effect of a request whose answer was lost. ``deadline``: how long a whole run
    may wait for the service, None for any time.
    """

    connect: float = 10.0
    read: float = 60.0
    upload: float = 300.0
    patience: float = 180.0
    first_wait: float = 1.0
    poll_first: float = 5.0
    poll_longest: float = 60.0
    settle: float = 15.0
    deadline: float | None = None
