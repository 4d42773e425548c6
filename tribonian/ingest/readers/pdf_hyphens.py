"""Words divided at the end of a line, put together where the word demands it."""

from __future__ import annotations

import re
from collections import deque

_BEFORE = re.compile(r"(?:[^\W_]+-)*([^\W_]+)[-‐]$")
_AFTER = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST = re.compile(r"[^\W_]+$")
_FIRST = re.compile(r"[^\W_]+")
_NUMBER_END = re.compile(r"\([0-9A-Za-z]{1,5}\)$")
_NUMBER = re.compile(r"\((?:[0-9]{1,3}|[a-z]{1,4}|[A-Z]{1,2})\)")
# Prefixes and endings that law sets with a hyphen (GPO Style Manual 6.29 ff.), where nothing
# else tells.
_ALWAYS = frozenset(("non", "self", "ex", "quasi", "all"))
_KEEPS = frozenset(
    ("anti", "semi", "pre", "post", "co", "multi", "cross", "well", "so", "in", "on", "off", "by",
     "to", "of", "the", "and", "or", "one", "two", "three", "four", "five", "six", "seven",
     "eight", "nine", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
     "ninety", "high", "low", "long", "short", "full", "part", "half", "third", "first",
     "second", "cost", "risk", "case", "day", "year", "month")
)  # fmt: skip
_ENDS = frozenset(("type", "based", "related", "specific", "like", "free", "term", "wide"))
KEPT = 400_000  # characters of the text around that are asked for a word


class Vocabulary:
    """The text around a divided word, by which it is judged: is it printed elsewhere whole?"""

    __slots__ = ("divides", "ends", "known", "lines", "pages", "size", "text")

    def __init__(self) -> None:
        self.pages: deque[str] = deque()
        self.size = 0
        self.text = ""  # of the pages; "" where it has to be made anew
        self.known: dict[str, int] = {}
        self.ends = self.lines = 0  # lines that end with a hyphen, of how many
        self.divides = 0  # words divided for want of room, less those with a hyphen of their own

    def learn(self, text: str) -> None:
        """Take in the text of a page, its lines apart."""
        text = text.lower()
        self.pages.append(text)
        self.size += len(text)
        while self.size > KEPT and len(self.pages) > 1:
            self.size -= len(self.pages.popleft())
        self.text = ""
        self.known.clear()
        self.lines += text.count("\n")
        place = text.find("-\n")
        while place > 0:
            left, right = (
                _LAST.search(text, max(place - 40, 0), place),
                _FIRST.match(text, place + 2),
            )
            if left and right:
                self.ends += 1
                joined = self._times(left[0] + right[0])
                hyphened = self._times(f"{left[0]}-{right[0]}")
                if joined or hyphened:
                    self.divides += 2 if joined > hyphened else -1
            place = text.find("-\n", place + 2)

    def _times(self, word: str) -> int:
        """How often the pages around have a word, or one that begins or ends so."""
        times = self.known.get(word)
        if times is None:
            if not self.text:
                self.text = "\n".join(self.pages)
            times = self.known[word] = self.text.count(word)
        return times

    def _words(self, left: str, right: str) -> bool:
        """Whether both halves are words of their own somewhere."""
        if not (self._times(left) and self._times(right)):
            return False
        return bool(
            re.search(rf"\b{left}\b(?!-\n)", self.text)
            and re.search(rf"(?<!-\n)\b{right}\b", self.text)
        )

    def seam(self, before: str, after: str) -> tuple[int, str]:
        """How a line goes over into the next: characters to take off its end, and what to add."""
        if not before or not after:
            return 0, ""
        last = before[-1]
        if last.isalnum() or last in ",;":
            return (0, "") if after[0] == "—" else (0, " ")
        if last in "-‐":
            found, follows = _BEFORE.search(before[-60:]), _AFTER.match(after)
            if found is None or follows is None:
                # "- and", "2-\n(a)": a dash by itself stands apart, one that follows a word not
                return 0, " " if before[-2:-1] in ("", " ") or after[0] in "-–—" else ""
            return (0, "") if self._keeps(found[1], follows[0], found[0]) else (1, "")
        if last in "–—" and before[-2:-1] not in ("", " ") and after[0] not in " ":
            return 0, ""
        if after[0] == "—":
            return 0, ""
        if last == "/" and before[-2:-1] not in ("", " "):
            return 0, ""
        if last == ")" and _NUMBER_END.search(before[-7:]) and _NUMBER.match(after):
            return 0, ""  # "402(a)(1), (a)" and "(2)" on the next line
        if last in "._?=&%#" and "://" in before.rsplit(" ", 1)[-1] and after[0].islower():
            return 0, ""
        return 0, " "

    def _keeps(self, left: str, right: str, found: str) -> bool:
        """Whether the hyphen at a line's end belongs to the word."""
        first = right.split("-", 1)[0]
        if left[-1].isdigit() or not first[0].islower():
            return True
        low, right = left.lower(), first.lower()
        joined, hyphened = self._times(low + right), self._times(f"{low}-{right}")
        if joined or hyphened:
            return hyphened >= joined
        if found[-1] == "‐":
            return False  # U+2010: put there by a program that divides words (Chromium)
        if low in _ALWAYS or found.count("-") > 1:
            return True
        if right in ("and", "or", "to"):  # "short- and long-term"
            return True
        if right in _ENDS and len(low) > 2:
            return True
        if self.divides < 0 or (self.divides == 0 and self.ends < 0.02 * self.lines):
            return True  # a document that divides no words
        if low in _KEEPS:
            return self._words(right, right)
        return len(low) > 3 and len(right) > 3 and self._words(low, right)
