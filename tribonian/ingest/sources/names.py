"""Names for the files that a fetch writes: safe on every system, the same every time.

A name depends on the set of what is fetched and on nothing else: not on the order of the
arguments, not on what lies in the folder already.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.sources.passed_over import is_passed_over

# Bytes of one name. Linux and macOS take 255; a file is written beside its place under a
# longer name first, and Windows counts the folders above as well.
LONGEST = 160
_HASH_DIGITS = (8, 16, 64)

# "Naming Files, Paths, and Namespaces" of the Windows documentation: with any suffix as well.
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE
)
_LOCK = re.compile(r"sources\.lock\.json$", re.IGNORECASE)  # the fetch's own file
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_SPACE = re.compile(r"\s+")
# Control characters, direction marks, halves of surrogate pairs, line and paragraph separators.
_UNPRINTED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_SUFFIX = re.compile(r"(?:\.tar)?\.[A-Za-z][A-Za-z0-9]{0,7}$")


def file_names(wanted: Sequence[tuple[str, str]]) -> dict[str, str]:
    """A file's path for each key, from (key, suggested path with ``/``) in any order.

    Every name can be written on Linux, macOS and Windows, letters of every script stay, and
    no two are the same where case and accents do not count, nor is one the folder of another.
    What would be the same gets some digits of its key's SHA-256, all of them, so that none
    depends on which came first. The keys are the addresses.
    """
    suggested: dict[str, str] = {}
    for key, name in sorted(wanted):
        suggested.setdefault(key, safe_path(name))
    names = dict(suggested)
    for digits in _HASH_DIGITS:
        folded = {key: _folded(name) for key, name in names.items()}
        count = Counter(folded.values())
        folders = {above for name in count for above in _above(name)}
        taken = [key for key, name in folded.items() if count[name] > 1 or name in folders]
        if not taken:
            break
        for key in taken:
            names[key] = _with_hash(suggested[key], key, digits)
    return names


def _folded(path: str) -> str:
    """What a file system that ignores case and composes accents makes of a path."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", path).casefold())


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _with_hash(path: str, key: str, digits: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, suffix = split_suffix(name)
    mark = "-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return folder + slash + _cut(stem, LONGEST - len(mark) - len(suffix.encode())) + mark + suffix


def safe_path(path: str) -> str:
    """A path below a folder, each of its names safe; ``..`` and empty names go away."""
    parts = [safe_name(part) for part in path.split("/") if part.strip(". ")]
    return "/".join(parts) or "document"


def safe_name(name: str) -> str:
    """One file's name, without what any system forbids or a walk of the folder passes over."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if c in "\t\n\r" else c for c in text
                   if c in "\t\n\r" or unicodedata.category(c) not in _UNPRINTED)  # fmt: skip
    text = _SPACE.sub(" ", _FORBIDDEN.sub("-", text)).strip(" .")
    if is_passed_over(text):  # a walk of the fetched folder would not see it
        text = text.lstrip("~$#. ")
        text = text.rstrip("~#. ") + "_" if is_passed_over(text) or not text else text
    if not text or text == "_":
        text = "document"
    if _RESERVED.match(text) or _LOCK.match(text):
        text = f"_{text}"
    stem, suffix = split_suffix(text)
    return _cut(stem, LONGEST - len(suffix.encode())) + suffix


def split_suffix(name: str) -> tuple[str, str]:
    """``("volume-1", ".tar.gz")``; a number behind a point is no suffix: ``part-11.10``."""
    found = _SUFFIX.search(name, 1)
    return (name[: found.start()], found[0]) if found else (name, "")


def _cut(text: str, size: int) -> str:
    """The start of a text that takes at most ``size`` bytes, no character cut in two."""
    if len(text.encode()) <= size:
        return text
    return text.encode()[:size].decode("utf-8", "ignore").rstrip(" .")


# What leads to a unit in its file's name: the smallest unit by itself where its number says
# the rest, as a section's and a part's do.
_LED_BY: dict[str, tuple[str, ...]] = {
    "title": (),
    "subtitle": ("subtitle",),
    "chapter": ("subtitle", "chapter"),
    "subchapter": ("subtitle", "chapter", "subchapter"),
    "part": ("part",),
    "subpart": ("part", "subpart"),
    "subject-group": ("part", "subpart", "subject_group"),
    "section": ("section",),
    "appendix": ("subtitle", "chapter", "subchapter", "part", "subpart", "appendix"),
}


def ecfr_name(unit: CfrUnit, date: str) -> str:
    """The name of a unit's file: ``title-21_part-11_2026-01-29.xml``.

    Title and date are where `date_in_name` and `title_in_name` look for them; the reader
    takes both from the content where it says them.
    """
    steps = [f"title-{unit.title}"]
    for name in _LED_BY[unit.kind]:
        value = _slug(getattr(unit, name))
        # an appendix's whole identifier says its kind and its part itself
        if name == "appendix" and value.lower().startswith("append"):
            steps = [steps[0], value]
        elif value:
            steps.append(f"{name.replace('_', '-')}-{value}")
    steps[-1] += _slug(unit.paragraph)
    return safe_name("_".join((*steps, date)) + ".xml")


def _slug(value: str) -> str:
    return re.sub(r"[^\w.()]+", "-", value).strip("-")
