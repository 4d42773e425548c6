"""The words of citations of the CFR: what they are written with, before anything is read.

Literal tables: signs that stand for others, words for the units, connecting words, and the
regulations that are cited by a name of their own.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST = 1000  # characters; what is longer is no citation

# The units, largest first: a step to a later one goes into the unit, not beside it.
RANKS = {
    "subtitle": 0, "chapter": 1, "subchapter": 2, "part": 3, "subpart": 4,
    "subject_group": 5, "section": 6, "appendix": 7, "paragraph": 8,
}  # fmt: skip

LABELS = {
    "subtitle": "subtitle", "subtitles": "subtitle",
    "chapter": "chapter", "chapters": "chapter", "chap": "chapter", "ch": "chapter",
    "subchapter": "subchapter", "subchapters": "subchapter", "subchap": "subchapter",
    "subch": "subchapter",
    "part": "part", "parts": "part", "pt": "part", "pts": "part",
    "subpart": "subpart", "subparts": "subpart", "subpt": "subpart", "subpts": "subpart",
    "section": "section", "sections": "section", "sec": "section", "secs": "section",
    "sect": "section", "§": "section", "§§": "section",
    "appendix": "appendix", "appendices": "appendix", "appendixes": "appendix",
    "app": "appendix", "apps": "appendix", "appx": "appendix",
    "supplement": "appendix", "supplements": "appendix", "supp": "appendix",
    "suppl": "appendix", "schedule": "appendix", "exhibit": "appendix",
    "attachment": "appendix", "sfar": "appendix", "table": "appendix", "tables": "appendix",
    "paragraph": "paragraph", "paragraphs": "paragraph", "para": "paragraph",
    "paras": "paragraph", "¶": "paragraph", "¶¶": "paragraph",
}  # fmt: skip

# What an annex is called where it is no appendix: it is part of the identifier.
ANNEXES = {
    "supplement": "Supplement", "supplements": "Supplement", "supp": "Supplement",
    "suppl": "Supplement", "schedule": "Schedule", "exhibit": "Exhibit",
    "attachment": "Attachment", "table": "Table", "tables": "Table",
    "sfar": "Special Federal Aviation Regulation No.",
}  # fmt: skip

_LETTERS = r"[A-Z]{1,3}[a-z]?|([A-Z])\1{1,8}[a-z]?|[a-z]{1,3}|([a-z])\2{2,8}[a-z]?"
NUMBERS_OF = {
    "subtitle": re.compile(r"[A-Za-z]|\d{1,2}"),
    "chapter": re.compile(r"[IVXLCivxlc]{1,7}|\d{1,3}[A-Za-z]?"),
    "subchapter": re.compile(r"[A-Za-z]{1,3}(?:-[A-Za-z0-9]{1,3})?|\d{1,3}"),
    # OOOOa, 52.2 (48 CFR), 101-6.2 (41 CFR), L-M (reserved), ECFR... (26 CFR 301)
    "subpart": re.compile(
        rf"(?:{_LETTERS})(?:-[A-Z]{{1,7}}[a-z]?)?|ECFR[0-9a-f]{{6,20}}|\d[\w-]*(?:\.\d\w*)?"
    ),
    "subject_group": re.compile(r"ECFR[0-9A-Fa-f]{6,20}"),
    "appendix": re.compile(
        r"[A-Za-z]{1,4}\d{0,3}[a-z]?(?:-[A-Za-z0-9]{1,3}){0,2}|\d{1,3}[A-Za-z]?(?:-\d{1,2})?"
    ),
}
EXAMPLES = {
    "subtitle": "2 CFR subtitle A",
    "chapter": "21 CFR chapter I",
    "subchapter": "21 CFR chapter I subchapter G",
    "part": "21 CFR part 701",
    "subpart": "21 CFR part 701 subpart B",
    "subject_group": "21 CFR part 1 subject group ECFR03e54b15325e2a9",
    "section": "21 CFR 701.3",
    "appendix": "10 CFR part 50 appendix B",
    "paragraph": "21 CFR 701.3(a)",
}

AND = frozenset((",", ";", "/", "&", "and", "or", "plus", "and/or"))
THROUGH = frozenset(("-", "through", "thru", "to"))
OF = frozenset(("of", "to", "in", "under"))
NOISE = frozenset(("the", "inclusive", "clause", "provision", "rule", ":", "[reserved]"))


class Named(NamedTuple):
    """A regulation cited by its own name: the title, the parts it may have, its own unit."""

    title: int
    first: int
    last: int
    unit: str  # the name of its smallest container, and that container's number
    number: str


# The FAR system gives each agency a chapter and its part numbers (48 CFR 1.104, 1.303): chapter
# 2 has parts 200-299. The EAR are 15 CFR chapter VII subchapter C, the ITAR 22 CFR chapter I
# subchapter M, the FTR 41 CFR subtitle F; so the eCFR's own addresses of them.
NAMED = {
    "FAR": Named(48, 1, 53, "chapter", "1"),
    "DFARS": Named(48, 200, 299, "chapter", "2"),
    "HHSAR": Named(48, 300, 399, "chapter", "3"),
    "AGAR": Named(48, 400, 499, "chapter", "4"),
    "GSAR": Named(48, 500, 599, "chapter", "5"),
    "DOSAR": Named(48, 600, 699, "chapter", "6"),
    "AIDAR": Named(48, 700, 799, "chapter", "7"),
    "VAAR": Named(48, 800, 899, "chapter", "8"),
    "DEAR": Named(48, 900, 999, "chapter", "9"),
    "EPAAR": Named(48, 1500, 1599, "chapter", "15"),
    "NFS": Named(48, 1800, 1899, "chapter", "18"),
    "HSAR": Named(48, 3000, 3099, "chapter", "30"),
    "EAR": Named(15, 730, 774, "subchapter", "C"),
    "ITAR": Named(22, 120, 130, "subchapter", "M"),
    "FTR": Named(41, 300, 304, "subtitle", "F"),
    "FMR": Named(41, 102, 102, "chapter", "102"),
}
# A subchapter is found by its chapter alone.
CHAPTER_OF = {"EAR": "VII", "ITAR": "I"}

# The annual edition is revised in four lots (title page of every volume; 1 CFR 8.2).
REVISED = ((16, "01-01"), (27, "04-01"), (41, "07-01"), (50, "10-01"))

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_PLAIN = str.maketrans(
    {
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'",
    }
)  # fmt: skip
_QUOTED = "\"'`"
_UNSEEN = frozenset(("Cf", "Co", "Cn", "Cs"))
_ECFR = re.compile(r"(?<![A-Za-z])e-?\s?cfr(?![A-Za-z0-9])", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![A-Za-z])(?:(?:the\s+)?(?:U\.?\s?S\.?\s+)?(?:electronic\s+)?code\s+of\s+federal\s+regulations?"
    r"(?:\s*\(\s*C\.?\s?F\.?\s?R\.?\s*\))?|C\s?\.?\s?F\s?\.?\s?R\b\.?)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_RUN_ON = re.compile(r"(?<![A-Za-z])CFR(?=\d|part|pt|sec|chap|subp|subch|app)", re.IGNORECASE)
_FAR_SYSTEM = (
    (re.compile(r"\bDefense Federal Acquisition Regulation Supplement\b", re.IGNORECASE), "DFARS"),
    (re.compile(r"\bFederal Acquisition Regulations?\b(?:\s*\(FAR\))?", re.IGNORECASE), "FAR"),
    (re.compile(r"\bFederal Travel Regulations?\b(?:\s*\(FTR\))?", re.IGNORECASE), "FTR"),
    (re.compile(r"\bSpecial Federal Aviation Regulation\b", re.IGNORECASE), "SFAR"),
)
# 45 CFR Part 164 (Subparts A, E)
_IN_BRACKETS = re.compile(r" ?\(((?:sub)?(?:parts?|chapters?)\b[^()]*)\)", re.IGNORECASE)
_SIGNAL = re.compile(r"^(?:see(?:\s+also)?|cf\.|accord|e\.g\.,?)\s+", re.IGNORECASE)
_DAY = (
    r"(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})|(?P<us>\d{1,2}/\d{1,2}/\d{4})"
    r"|(?P<name>[A-Za-z]{3,9})\.? (?P<dom>\d{1,2}),? (?P<of>\d{4}))"
)
_AS_OF = r"(?:[A-Za-z ]{0,20}\b(?:as of|dated|effective|revised)|rev\.?):? "
_STATED = (
    re.compile(rf"[\[(] ?(?:{_AS_OF})?{_DAY} ?[\])]", re.IGNORECASE),
    re.compile(rf",? ?\b{_AS_OF}{_DAY}", re.IGNORECASE),
    re.compile(r",? \(?(?:on )?(?P<iso>\d{4}-\d{2}-\d{2})\)?(?!\w)"),
    re.compile(r",? \(?(?:on )?(?P<us>\d{1,2}/\d{1,2}/\d{4})\)?(?!\w)"),
    re.compile(
        r"\( ?(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{4}|\d{2}) ed(?:ition|\.) ?\)", re.IGNORECASE
    ),
    re.compile(
        r"\( ?(?:rev\.? ?)?(?P<year>(?:19|20)\d\d)(?: ?ed(?:ition)?\.?)? ?\)", re.IGNORECASE
    ),
)


def plain(text: str) -> str:
    """What was typed with one sign for each thing: spaces, dashes, quotes, the name of the CFR."""
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    text = "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
    text = " ".join(text.split()).strip(_QUOTED + " ")
    text = re.sub(r"-{2,}", "-", text)
    text = _RUN_ON.sub(" CFR ", _CODE.sub(" CFR ", _ECFR.sub(" CFR ", text)))
    for pattern, name in _FAR_SYSTEM:
        text = pattern.sub(name, text)
    text = _IN_BRACKETS.sub(r", \1", _SIGNAL.sub("", " ".join(text.split())))
    for pattern in _STATED:
        text = pattern.sub(_mark, text)
    return text.rstrip(" .,;:" + _QUOTED)


def _mark(found: re.Match[str]) -> str:
    """A date between two signs that no text has, so that it is not taken for numbers."""
    said = {name: value for name, value in found.groupdict().items() if value}
    if "year" in said:
        day = said["year"]
    elif "iso" in said:
        day = said["iso"]
    elif "name" in said:
        name = said["name"][:3].lower()
        if name not in MONTHS:
            return found[0]
        day = f"{said['of']}-{MONTHS.index(name) + 1:02}-{int(said['dom']):02}"
    else:
        month, dom, year = (
            said["us"].split("/") if "us" in said else (said["m"], said["d"], said["y"])
        )
        day = f"{'20' * (len(year) == 2)}{year}-{int(month):02}-{int(dom):02}"
    return f" \ue000{day}\ue000 "


class Token(NamedTuple):
    """A word of a citation: its kind, itself as typed, and where it begins."""

    kind: str
    text: str
    start: int


_TOKEN = re.compile(
    r"(?P<date>\ue000[^\ue000]*\ue000)"
    r"|(?P<cfr>CFR\b)"
    r"|(?P<etseq>et\.?\s?seq\b\.?|ff\b\.?|f\.(?=\s|$))"
    r"|(?P<group>\([A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})?\))"
    # 50-201.1, 1.401(a)(9)-6: brackets are within a number where "-" and a figure follow
    r"|(?P<number>\d\w*(?:\.\w+|-(?=\w)\w+|(?:\([A-Za-z0-9]{1,8}\))+-(?=\d)\w+)*)"
    r"|(?P<short>\.\d\w*)"
    r"|(?P<label>§+|¶+)"
    r"|(?P<mark>and/or\b|\[reserved\]|[-,;/&:.])"
    r"|(?P<word>[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)"
    r"|(?P<other>\S)",
    re.IGNORECASE,
)
_LABEL_AND_NUMBER = re.compile(r"(?P<label>[A-Za-z]{2,})-?(?P<number>\d+(?:-\d+)?[A-Za-z]?)")


def tokens_of(text: str) -> list[Token]:
    """The words of ``plain`` text; a label that runs on to its number (``Part11``) is divided."""
    out: list[Token] = []
    at = 0
    while match := _TOKEN.search(text, at):
        kind, word, at = match.lastgroup or "other", match[0], match.end()
        if kind == "word":
            run_on = _LABEL_AND_NUMBER.fullmatch(word)
            if run_on and run_on["label"].lower() in LABELS:
                word, at = run_on["label"], match.start() + run_on.start("number")
                at += text.startswith("-", at)
            if word.lower() in LABELS:
                kind = "label"
                if text.startswith(".", at):  # "Pt." and "App."
                    at += 1
        out.append(Token(kind, word, match.start()))
    return out


def day_said(stated: str, title: int) -> str:
    """The day that a date in a citation means: a year is the annual edition of that year."""
    if len(stated) != 4:
        return stated
    return f"{stated}-" + next(day for last, day in REVISED if title <= last)
