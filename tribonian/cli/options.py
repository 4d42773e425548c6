"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TimeLimit = Annotated[
    float, typer.Option(metavar="S", help="Seconds for one document; past them it has failed.")
]
MemoryLimit = Annotated[
    int, typer.Option(metavar="MB", help="Memory for one document; past it it has failed (Linux).")
]
Password = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Opens encrypted documents; is kept nowhere.")
]

Date = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="eCFR point in time (default: latest).")
]
Cache = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where downloads are kept (default: yours).")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep no downloads after the run.")]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Fetch from private and loopback addresses too.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only problems.")]
