"""A document to be read, wherever it comes from, and what its file's name says."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tribonian.schemas.finding import Finding


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be read, or the reason why it is not.

    ``name`` is what the manifest calls it: the path from the folder that was given, that
    folder's own name first; the URL or citation as given; ``archive.zip/inner/name``.
    ``path`` is the file on disk: the document itself, or the archive that holds it, and then
    ``members`` are the names that lead to it, from the outermost archive inwards.

    ``file`` is the path of the document below the folder in which a fetch keeps it: its
    suffix and its place in the order come from there, so that a build online and one of the
    fetched folder are the same; "" where ``name`` says it. ``as_of`` is the date of the law
    where it is known from outside of the document (YYYY-MM-DD). ``findings`` are what was
    noted while it was obtained. ``status`` is ``ok`` for a document to be read.

    ``folder`` is the folder that was given and that the path must not leave, where it was
    found in one. ``place`` says where a member stands: its number in the outermost archive,
    then in the next, from 0. ``size`` is the bytes of a member, as its archive says.
    """

    name: str
    path: Path
    status: str = "ok"
    reason: str | None = None
    members: tuple[str, ...] = ()
    file: str = ""
    as_of: str | None = None
    findings: tuple[Finding, ...] = ()
    folder: Path | None = None
    place: tuple[int, ...] = ()
    size: int | None = None

    @property
    def file_name(self) -> str:
        """The name by which format, date and title are told where the content does not."""
        return self.file or self.name


_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_TITLE = re.compile(r"(?:^|[^a-z])title[-_ ]?(\d{1,2})(?!\d)", re.IGNORECASE)


def date_in_name(name: str) -> str | None:
    """The ``YYYY-MM-DD`` in a file's name."""
    for match in _DATE.finditer(Path(name).name):
        with suppress(ValueError):
            return date.fromisoformat(match[1]).isoformat()
    return None


def title_in_name(name: str) -> str | None:
    """The CFR title in a file's name, as the API names its files: ``title-21``."""
    match = _TITLE.search(Path(name).name)
    return match[1].lstrip("0") if match else None


def unreadable(error: OSError) -> str:
    """One sentence for a file that the system does not let us read."""
    if isinstance(error, PermissionError):
        return "You have no permission to read it."
    if error.strerror is None:  # lxml raises it for bytes that are no text
        return "It is damaged and cannot be read; get it again from where it came from."
    return f"It cannot be read: {error.strerror}."
