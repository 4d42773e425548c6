"""Formats of other word processors (.doc, .rtf, .odt): LibreOffice makes a Word file of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.readers.docx import read_docx
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event

TIME_LIMIT = 120  # seconds for one document; LibreOffice hangs on some
PLACES = (
    "/usr/bin/soffice", "/usr/local/bin/soffice", "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice", "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)  # fmt: skip
# What a file is, by its first bytes: LibreOffice goes by the name when it opens one.
_KINDS = ((b"{\\rtf", "rtf"), (b"\xd0\xcf\x11\xe0", "doc"), (b"PK\x03\x04", "odt"))
# A Word file with a password is a container of the old kind with this inside.
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
PASSWORD = "It is protected by a password; open it in Word and save it without one."
_FILTER = "docx:MS Word 2007 XML"


def read_office(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the section tree of a .doc, .rtf or .odt file, by way of LibreOffice."""
    if _PROTECTED in file.read(65_536):
        raise DocumentError(PASSWORD)
    file.seek(0)
    program = find_office()
    if program is None:
        raise DocumentError(
            "Reading this format needs LibreOffice, which is not installed; install it, or save "
            "the document as .docx."
        )
    with tempfile.TemporaryDirectory(prefix="tribonian-") as folder:
        converted = _convert(program, file, Path(folder))
        with converted.open("rb") as word:
            yield from read_docx(word, reading)


def find_office() -> str | None:
    """Where LibreOffice is: on the search path, or in its usual places."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in PLACES if os.access(place, os.X_OK)), None)


def _convert(program: str, file: BinaryIO, folder: Path) -> Path:
    head = file.read(8)
    file.seek(0)
    kind = next((kind for mark, kind in _KINDS if head.startswith(mark)), "doc")
    source = folder / f"document.{kind}"
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",  # not that of the user
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", _FILTER, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that its children can be ended with it
        )
    except OSError:
        raise DocumentError(
            "LibreOffice is installed but did not start; open the document there and save it "
            "as .docx."
        ) from None
    try:
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise DocumentError(
            f"LibreOffice did not finish with it in {TIME_LIMIT} seconds; open it there and save "
            "it as .docx."
        ) from None
    finally:
        _end(process)
    converted = folder / "out" / "document.docx"
    if not converted.is_file() or not converted.stat().st_size:
        raise DocumentError(
            "LibreOffice cannot open it, so it is damaged or protected; open it in the program "
            "that made it and save it as .docx."
        )
    return converted


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and whatever it started, which live in a session of their own."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
