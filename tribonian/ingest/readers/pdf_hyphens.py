"""Words divided at the end of a line, put together where the word demands it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator

_BEFORE = re.compile(r"(?:[^\W_]+-)*([^\W_]+)[-‐]$")
_AFTER = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST = re.compile(r"[^\W_]+$")
_FIRST = re.compile(r"[^\W_]+")
_NUMBER_END = re.compile(r"\([0-9A-Za-z]{1,5}\)$")
_NUMBER = re.compile(r"\((?:[0-9]{1,3}|[a-z]{1,4}|[A-Z]{1,2})\)")
# Prefixes and endings that law sets with a hyphen (GPO Style Manual 6.29 ff.), where nothing
# else tells.
_ALWAYS = frozenset(("non", "self", "ex", "quasi", "all"))
# Prefixes that are set solid unless what follows is a word that begins a new thought.
_KEEPS = frozenset(
    ("anti", "semi", "pre", "post", "co", "multi", "cross", "so", "in", "on", "off", "by", "to",
     "of", "the", "and", "or")
)  # fmt: skip
_FIRSTS = frozenset(
    ("well", "high", "low", "long", "short", "full", "part", "half", "third", "first", "second",
     "cost", "risk", "case", "day", "year", "month", "above", "below", "broad", "tax", "doing")
)  # fmt: skip
_NUMBERS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty",
     "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
)  # fmt: skip
# What is added to a word without a hyphen: "fourteen", "twofold", "longer", "highway".
_ADDED = frozenset(
    ("teen", "fold", "self", "some", "where", "way", "ways", "light", "lights", "er", "est",
     "ness", "ly", "age", "ages", "ing", "ings", "s", "ed", "ty", "ties", "ance", "land", "time",
     "ment", "ments", "tion", "tional", "able", "ation", "ations", "ward", "hood", "en", "th")
)  # fmt: skip
# What follows a hyphen as a word and hardly ever as the rest of one.
_TAILS = frozenset(("up", "for", "only", "off", "out", "to", "by", "of", "than", "the", "further"))
_ENDS = frozenset(("type", "based", "related", "specific", "like", "free", "term", "wide"))
_CUT = "\x02"  # in place of the end of a line with a hyphen
KEPT = 400_000  # characters of the text around that are asked for a word


class Vocabulary:
    """The text around a divided word, by which it is judged: is it printed elsewhere whole?

    Words are sought among the different ones, each once, which are a tenth of the text. The
    hyphen at a line's end is `_CUT`, and so is what stands before the first word of the next.
    """

    __slots__ = ("counts", "divides", "ends", "known", "lines", "open", "pages", "size", "text")

    def __init__(self) -> None:
        self.pages: deque[tuple[int, list[str]]] = deque()  # each its length and words
        self.size = 0
        self.counts: Counter[str] = Counter()
        self.text = ""  # the different words, one a line; "" where it has to be made anew
        self.known: dict[str, int] = {}
        self.open = False  # the last line of the last page ends with a hyphen
        self.ends = self.lines = 0  # lines that end with a hyphen, of how many
        self.divides = 0  # words divided for want of room, less those with a hyphen of their own

    def learn(self, text: str) -> None:
        """Take in the text of a page, its lines apart."""
        text = text.lower()
        marked = (_CUT + text if self.open else text).replace("-\n", f"-{_CUT} {_CUT}")
        self.open = text.endswith("-")
        words = marked.split()
        if self.open:
            words[-1] += _CUT
        self.pages.append((len(text), words))
        self.counts.update(words)
        self.size += len(text)
        while self.size > KEPT and len(self.pages) > 1:
            length, gone = self.pages.popleft()
            self.size -= length
            self.counts.subtract(gone)
            for word in gone:
                if not self.counts[word]:
                    del self.counts[word]
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

    def _places(self, word: str) -> Iterator[int]:
        """Where a word, or what begins or ends so, stands in the text of different words."""
        if not self.text:
            self.text = "\n".join((*self.counts, ""))
        place = self.text.find(word)
        while place >= 0:
            yield place
            place = self.text.find(word, place + len(word))

    def _times(self, word: str) -> int:
        """How often the pages around have a word, or one that begins or ends so."""
        times = self.known.get(word)
        if times is None:
            times = 0
            for place in self._places(word):
                start, end = self.text.rfind("\n", 0, place) + 1, self.text.find("\n", place)
                times += self.counts[self.text[start:end]]
            self.known[word] = times
        return times

    def _words(self, left: str, right: str) -> bool:
        """Whether both halves are words of their own somewhere, not divided ones."""
        return self._alone(left, before=False) and self._alone(right, before=True)

    def _alone(self, word: str, *, before: bool) -> bool:
        for place in self._places(word):
            text, end = self.text, place + len(word)
            a, b = text[place - 1 : place], text[end : end + 1]
            if _is_letter(a) or _is_letter(b):
                continue
            if (a != _CUT) if before else (text[end : end + 2] != f"-{_CUT}"):
                return True
        return False

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
        if low in _ALWAYS or len(low) == 1 or (left.isupper() and len(left) < 6):
            return True  # "e-mail", "FAA-operated"
        if found.count("-") > 1:  # "out-of-date", but "non-repudia-tion"
            return self._words(low, right)
        if right in ("and", "or", "to"):  # "short- and long-term"
            return True
        if right in _TAILS and (right == "only" or self._words(low, low)):
            return True
        if right not in _ADDED and (low in _NUMBERS or (low in _FIRSTS and len(right) > 3)):
            return True
        if low.endswith("ly") and len(low) > 5 and len(right) > 4:
            return True  # "broadly-accepted"
        if right in _ENDS and len(low) > 2:
            return True
        if self.divides < 0 or (self.divides == 0 and self.ends < 0.02 * self.lines):
            return True  # a document that divides no words
        if low in _KEEPS:
            return self._words(right, right)
        return len(low) > 3 and len(right) > 3 and self._words(low, right)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"
