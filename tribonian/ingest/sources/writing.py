"""Files and folders that the program writes: whole or not at all, where they may be."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tribonian.errors import UsageError


def check_place(output: Path) -> None:
    """Raise UsageError for a folder that cannot be made or written, before any work is done."""
    if output.exists() and not output.is_dir():
        raise UsageError(f"-o {output} is a file; name a folder.")
    above = output.absolute()
    above = above if above.exists() else above.parent
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        raise UsageError(f"-o {output} cannot be made, because {above} is a file; name another.")
    if not os.access(above, os.W_OK):
        raise UsageError(f"-o {output} cannot be written: no permission in {above}.")


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A file beside its place, which is put there when the context ends well, else removed."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(0o644)
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is never half there; one with the same bytes stays untouched."""
    with suppress(OSError):
        if path.read_bytes() == data:
            return
    with written_aside(path) as aside, aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
