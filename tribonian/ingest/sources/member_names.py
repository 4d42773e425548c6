"""The names of an archive's members: shown safely, each once, and never leading out of it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from pathlib import PurePosixPath
from zipfile import ZipInfo

LONGEST = 1000  # characters of a name that are shown
_DRIVE = re.compile(r"^[A-Za-z]:")
_UNICODE_PATH = 0x7075  # APPNOTE.TXT 4.6.9: the name in UTF-8
_UTF8_FLAG = 0x800
# What a terminal obeys, what ends a line, and what turns the direction of the rest (UAX 9).
_CONTROLS = frozenset(("Cc", "Cs", "Zl", "Zp"))
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def inner_name(written: str) -> tuple[str, str | None]:
    """A member's name as it is shown, and why it leads out of the archive, if it does.

    Folders are parted by ``/``, whatever the program was that wrote it.
    """
    text = shown(written.replace("\\", "/"))
    parts: list[str] = []
    leaves = text.startswith("/") or _DRIVE.match(text) is not None
    for part in text.split("/"):
        if part == ".." and parts and not leaves:
            parts.pop()
        elif part == "..":
            leaves = True
        elif part not in ("", "."):
            parts.append(part)
    if leaves:
        kept = "/".join(part for part in text.split("/") if part not in ("", "."))
        return _clipped(kept) or "?", "Its name leads out of the archive."
    return _clipped("/".join(parts)), None


def shown(text: str) -> str:
    """A text without what a terminal would obey and UTF-8 cannot write."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if _is_control(c) else c for c in text)


def _is_control(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _CONTROLS


def _clipped(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    suffix = PurePosixPath(name).suffix
    end = suffix if len(suffix) < 20 else ""
    return f"{name[: LONGEST - len(end) - 1]}…{end}"


class Names:
    """Names that were given, so that each is given once: ``a.xml``, then ``a (2).xml``."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def once(self, name: str) -> str:
        """The name, with a number before its suffix where there was one like it."""
        if name not in self._times:
            self._times[name] = 1
            return name
        path = PurePosixPath(name)
        stem = name.removesuffix(path.suffix)
        while True:
            self._times[name] += 1
            other = f"{stem} ({self._times[name]}){path.suffix}"
            if other not in self._times:
                self._times[other] = 1
                return other


def zip_name(info: ZipInfo) -> str:
    """The name of a zip's member, from whichever place and encoding it was written in.

    A name is UTF-8 where its flag or an extra field says so, else code page 437 by the
    standard; what is UTF-8 by its bytes is read as that (macOS and Linux set no flag).
    """
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    try:
        written = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    return _unicode_path(info.extra, written) or _decoded(written)


def _decoded(written: bytes) -> str:
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp437")


def _unicode_path(extra: bytes, written: bytes) -> str:
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        data = extra[4 : 4 + size]
        if kind == _UNICODE_PATH and len(data) > 5 and data[0] == 1:
            if int.from_bytes(data[1:5], "little") == zlib.crc32(written):
                return data[5:].decode("utf-8", "replace")
            return ""
        extra = extra[4 + size :]
    return ""
