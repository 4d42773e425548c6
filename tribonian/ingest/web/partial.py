"""Files that are being written beside the place where they will be, once they are whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_LARGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Partial:
    """A file that is open for writing, and where it is until it is whole."""

    file: BinaryIO
    path: Path


@contextmanager
def partial_file(folder: Path) -> Iterator[Partial]:
    """A new file in a folder of such files; gone at the end unless `put_in_place` took it.

    A lock on it says that its process lives: nobody waits for it, and the system takes it away
    however the process ends, so that `sweep` knows what was left behind.
    """
    partial = _locked(folder)
    try:
        yield partial
    finally:
        with suppress(OSError):
            partial.file.close()
        partial.path.unlink(missing_ok=True)


def put_in_place(partial: Partial, target: Path) -> None:
    """Give a partial file its name: at once, or not at all.

    A large file is on the disk before; and what a power cut leaves of a name, or of a small
    file, whoever reads it must find out by a hash.
    """
    partial.file.flush()
    if partial.file.tell() > _LARGE:
        os.fsync(partial.file.fileno())
    if os.name == "nt":  # which renames no file that is open
        partial.file.close()
    partial.path.replace(target)
    partial.file.close()


def sweep(folder: Path) -> None:
    """Remove the partial files of processes that were killed, and no others."""
    for path in folder.iterdir():
        with suppress(OSError), path.open("rb") as file:
            if _try_lock(file):
                path.unlink()  # where a file in use cannot be locked, it cannot be removed


def _locked(folder: Path) -> Partial:
    while True:
        number, name = tempfile.mkstemp(dir=folder)
        file = os.fdopen(number, "w+b")
        path = Path(name)
        # A sweep may have come between the two: then that file is nobody's any more.
        try:
            is_ours = _try_lock(file) and path.exists()
        except OSError:  # a file system without locks, on which nothing is swept either
            is_ours = True
        if is_ours:
            return Partial(file, path)
        file.close()
        path.unlink(missing_ok=True)


def _try_lock(file: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
