"""Does a reader take this file? Its name says so, or its content does."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.formats import decide, has_suffix
from tribonian.ingest.sources.archive_kinds import DOCUMENTS
from tribonian.ingest.sources.source import unreadable

# Formats that so much else is written in that only a file without a suffix is taken for one:
# .svg and .xsd are XML, .xls and .msi begin as .doc does.
_COMMON = frozenset(("xml", "html", "doc"))
NO_READER = "No reader takes files {}."


def why_no_document(file: BinaryIO, name: str) -> str | None:
    """Why no reader takes a file that is called so, in one sentence; None if one does.

    The file is open at its start; nothing of it is read where its name says enough.
    """
    suffix = PurePosixPath(name).suffix
    if has_suffix(name):
        return None
    # a spreadsheet is not opened to see what it is: its list of parts may fill the memory
    if not name.lower().endswith(DOCUMENTS) and _has_signature(file, name, suffix):
        return None
    return NO_READER.format(suffix or "without a suffix")


def _has_signature(file: BinaryIO, name: str, suffix: str) -> bool:
    """Whether a file is by its content of a format that is read, whatever it is called."""
    try:
        chosen, _ = decide(file, name)
        file.seek(0)
        is_page = b"<html" in file.read(1024).lower()
    except (DocumentError, OSError):
        return False
    if chosen.known is None:  # text, which anything may be
        return False
    return chosen.name not in _COMMON or not suffix or (chosen.name == "html" and is_page)


def open_file(path: Path, folder: Path | None = None) -> io.BufferedReader:
    """Open a regular file, which is in ``folder`` still where that is given.

    Between the walk through a folder and the reading of a file somebody may have put a link
    in its place, or a pipe, which would never end. What was opened is compared with what the
    path leads to without links, so that a change in between is seen as well. Raises
    DocumentError.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _FLAGS)
    except OSError as error:
        raise DocumentError(unreadable(error)) from None
    try:
        opened = os.fstat(handle)
        if stat.S_ISDIR(opened.st_mode):
            raise DocumentError("It is a directory; name a file in it.")
        if not stat.S_ISREG(opened.st_mode):
            raise DocumentError("It is no regular file.")
        if folder is not None and not _is_below(opened, path, folder):
            raise DocumentError("It was replaced by a link that leaves the folder.")
        return os.fdopen(handle, "rb")
    except OSError as error:
        os.close(handle)
        raise DocumentError(unreadable(error)) from None
    except BaseException:
        os.close(handle)
        raise


# Windows opens files as text without O_BINARY; elsewhere a pipe must not make the opening wait.
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOINHERIT", 0)


def _is_below(opened: os.stat_result, path: Path, folder: Path) -> bool:
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)):
        return False
    return os.path.samestat(opened, real.lstat())
