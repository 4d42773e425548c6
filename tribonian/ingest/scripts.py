"""Superscripts, subscripts, fractions and accents as plain text that stays legible.

``CO<E T="52">2</E>`` is CO₂ and not "CO 2" or "CO2"; ``1<FR>1/2</FR>`` is 1 1/2 and not
11/2. Unicode has raised and lowered digits, signs and some letters; what it lacks is
marked as in plain-text mathematics: ``RT_NDT``, ``e^{0.094 (298 - l)}``.
"""

from __future__ import annotations

import re
import unicodedata

_SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
)
_SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
# A sign is raised or lowered only beside digits; marks may stand in a row: "1 2", "a, b".
_RAISABLE = re.compile(
    r"[0-9+\-−=()]+|[a-pr-z]{1,4}|[ABDEGHIJKLMNOPRTUVW]|[0-9]{1,2}[a-pr-z]"
    r"|[0-9a-pr-z]{1,2}(?:(?:[,;] ?| )[0-9a-pr-z]{1,2})+"
)
_LOWERABLE = re.compile(r"[0-9+\-−=()]+|[aehijklmnoprstuvx]{1,4}|[0-9]{1,2}[aehijklmnoprstuvx]")
_SIMPLE = re.compile(r"[^\W_]+")
_NAMED = {"TM": "™", "SM": "℠", "tm": "™", "sm": "℠"}

# Codes of <AC T="d"/>, which follows the letter it marks (eCFR XML User Guide 3.3). The
# guide prints a tilde for 8; the law itself calls it "a bar immediately over the letter"
# (21 CFR 660.28).
ACCENTS = {
    "1": "\u0301",
    "2": "\u0300",
    "3": "\u0302",
    "4": "\u0308",
    "6": "\u0303",
    "7": "\u030a",
    "8": "\u0304",
    "9": "\u0327",
}


def superscript(text: str) -> str:
    """Raised text: ``2`` is ``²``; what Unicode cannot raise becomes ``^{…}``."""
    return _NAMED.get(text) or _script(text, _RAISABLE, _SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Lowered text: ``2`` is ``₂``; what Unicode cannot lower becomes ``_…``."""
    return _script(text, _LOWERABLE, _SUBSCRIPTS, "_")


def _script(text: str, able: re.Pattern[str], table: dict[int, int], sign: str) -> str:
    inner = text.strip()
    if not inner or (not any(c.isalnum() for c in inner) and not able.fullmatch(inner)):
        return text
    if able.fullmatch(inner):
        changed = inner.translate(table)
    elif _SIMPLE.fullmatch(inner):
        changed = sign + inner
    else:
        changed = f"{sign}{{{inner}}}"
    lead = " " if text[0].isspace() else ""
    trail = " " if text[-1].isspace() else ""
    return lead + changed + trail


def accented(before: str, code: str) -> str | None:
    """``before`` with the accent on its last letter; None for a code without meaning."""
    mark = ACCENTS.get(code)
    return None if mark is None else unicodedata.normalize("NFC", before + mark)


def fraction(before: str, text: str) -> str:
    """A fraction after ``before``: kept apart from a number or word it follows."""
    apart = bool(before) and (before[-1].isalnum() or before[-1] in ")%")
    return (" " if apart else "") + text.strip().replace("⁄", "/")
