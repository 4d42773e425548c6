"""What a server calls a file: RFC 6266, and nothing in it that leads out of a folder."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

# name = token or quoted string; RFC 6266 with the * of RFC 8187.
_PARAMETER = re.compile(
    r';\s*(?P<name>[\w!#$%&+\-^`|~.]+\*?)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^;]*))'
)
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
LONGEST = 150


def name_in(content_disposition: str | None) -> str | None:
    """The file's name in a ``Content-Disposition`` header; None where there is no usable one.

    ``filename*`` is preferred to ``filename``, as RFC 6266, 4.3 says.
    """
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(content_disposition or ""):
        quoted = match["quoted"]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match["plain"].strip()
        found.setdefault(match["name"].lower(), value)
    extended = _extended(found["filename*"]) if "filename*" in found else None
    return safe_name(extended or "") or safe_name(found.get("filename", ""))


def _extended(value: str) -> str | None:
    """``UTF-8'en'%e2%82%ac.xml`` as text."""
    charset, first, rest = value.partition("'")
    _, second, coded = rest.partition("'")
    if not (first and second) or charset.lower() not in ("utf-8", "iso-8859-1"):
        return None
    try:
        return unquote_to_bytes(coded).decode(charset)
    except UnicodeDecodeError:
        return None


def safe_name(name: str) -> str | None:
    """The last part of a name, as every system takes it; None where nothing is left."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name).strip().lstrip(".").rstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(name.encode()) > LONGEST:
        stem, dot, suffix = name.rpartition(".")
        suffix = dot + suffix if stem and len(suffix) <= 12 else ""
        cut = (stem if suffix else name).encode()[: LONGEST - len(suffix.encode())]
        name = cut.decode(errors="ignore") + suffix
    return name or None
