"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tribonian.errors import UsageError

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
Json = Annotated[bool, typer.Option("--json", help="For machines.")]
Build = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that build wrote.")]
Rehearse = Annotated[
    bool, typer.Option("--rehearse", help="With a local stand-in of the service; no account.")
]
LONGEST_TEXT = 1_000_000  # bytes of a text that a file holds


def text_of(option: str, value: str) -> str:
    """The text of an option: as typed, or what is in FILE where it is @FILE."""
    if not value.startswith("@"):
        return value.strip()
    file = Path(value[1:])
    try:
        if file.stat().st_size > LONGEST_TEXT:
            raise UsageError(f"{option} {value} has more than {LONGEST_TEXT:,} bytes; shorten it.")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"{option} {value} cannot be read ({error.strerror}); name a text file after the @."
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{option} {value} is not UTF-8; save the text as UTF-8.") from None
    if not text.strip():
        raise UsageError(f"{option} {value} is empty; write the text into it.")
    return text.strip()
