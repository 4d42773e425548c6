"""The inline content of one Markdown block: lines of text, with spans and footnote marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tribonian.ingest.scripts import subscript, superscript
from tribonian.ingest.wrapping import begins_anew, is_cut_compound
from tribonian.schemas.words import count_words

if TYPE_CHECKING:
    from markdown_it.token import Token

Span = tuple[int, int]


@dataclass(slots=True)
class Line:
    """One line as typed, white space single; spans are of its own characters."""

    number: int
    text: str = ""
    italics: list[Span] = field(default_factory=list)
    bolds: list[Span] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    added: int = 0
    linked: str = ""  # the mark that a link at its start shows: ``[(1)](#note)``


@dataclass(slots=True)
class _Run:
    """What is put together; ``open`` are the spans that have begun, by tag."""

    lines: list[Line]
    open: dict[str, list[int]] = field(default_factory=dict)
    raised: str = ""
    held: list[str] = field(default_factory=list)
    links: list[tuple[str, int, Line]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def line(self) -> Line:
        return self.lines[-1]

    def add(self, text: str) -> None:
        if self.raised:
            self.held.append(text)
            return
        inner = " ".join(text.split())
        if text[:1].isspace():
            inner = f" {inner}"
        if inner != " " and text[-1:].isspace():
            inner += " "
        line = self.line
        if inner[:1] == " " and (not line.text or line.text[-1] == " "):
            inner = inner[1:]
        line.text += inner

    def begin(self, kind: str) -> None:
        self.open.setdefault(kind, []).append(len(self.line.text))

    def end(self, kind: str) -> None:
        if self.open.get(kind):
            start = self.open[kind].pop()
            spans = self.line.italics if kind == "em" else self.line.bolds
            stop = len(self.line.text.rstrip())
            if stop > start:
                spans.append((start, stop))

    def new_line(self) -> None:
        depths = {kind: len(starts) for kind, starts in self.open.items()}
        for kind, depth in depths.items():
            for _ in range(depth):
                self.end(kind)
        self.lines.append(Line(self.line.number + 1))
        for kind, depth in depths.items():
            self.open[kind] = [0] * depth


# Three hyphens between words are an em dash in most dialects ("smart" punctuation).
_LONG_DASH = re.compile(r"(?<=[^\s-])---(?=[^\s-])")


def lines_of(children: Sequence[Token], number: int) -> tuple[list[Line], list[str]]:
    """The lines of a block's inline tokens, and the comments that stand in it.

    ``number`` is that of the first line in its file.
    """
    run = _Run([Line(number)])
    for token in children:
        handler = _INLINE.get(token.type)
        if handler is not None:
            handler(token, run)
        elif token.content:
            run.add(_LONG_DASH.sub("—", token.content))
    _lower(run)
    for kind in list(run.open):
        while run.open[kind]:
            run.end(kind)
    return run.lines, run.comments


def merge(lines: Sequence[Line], width: int) -> list[Line]:
    """Lines joined to paragraphs: a line that begins with a number begins one.

    Where lines were wrapped, a compound that was broken at its hyphen is one word again.
    """
    out: list[Line] = []
    last = ""
    for line in lines:
        line.text = line.text.rstrip()
        if not line.text:
            if line.marks and out:
                out[-1].marks += line.marks
            continue
        within = line.linked and last[-1:] not in ".;:]"  # the mark of a note, not a number
        if not out or (not within and begins_anew(last, line.text, width)):
            out.append(line)
        else:
            whole = out[-1]
            told = whole.text
            between = "" if width and is_cut_compound(told, line.text) else " "
            whole.text = f"{told}{between}{line.text}"
            at = len(whole.text) - len(line.text)
            whole.italics += [(start + at, end + at) for start, end in line.italics]
            whole.bolds += [(start + at, end + at) for start, end in line.bolds]
            whole.marks += [line.linked, *line.marks] if line.linked else line.marks
            whole.added += line.added
        last = line.text
    return out


def _break(token: Token, run: _Run) -> None:
    run.new_line()


def _opens(kind: str) -> Callable[[Token, _Run], None]:
    return lambda token, run: run.begin(kind)


def _closes(kind: str) -> Callable[[Token, _Run], None]:
    return lambda token, run: run.end(kind)


def _mark(token: Token, run: _Run) -> None:
    label = str(token.meta["label"])
    run.add(superscript(label))
    run.line.marks.append(label)


def picture_name(source: str) -> str:
    """The name of a picture's file; a picture that is in the document itself has none."""
    if source[:5].lower() == "data:":
        return "unnamed"
    return source.rsplit("/", 1)[-1][:100] or "unnamed"


def _image(token: Token, run: _Run) -> None:
    """``[image: seal.png]``, with the words that stand in for the picture."""
    name = picture_name(str(token.attrs.get("src") or ""))
    described = " ".join(token.content.split())
    run.add(f" [image: {name}] ")
    run.line.added += count_words(f"image: {name}")
    if described:
        run.add(f"{described} ")


_ADDRESS = re.compile(r"[/#:@?%]|\.\w")
_NOTE_MARK = re.compile(r"\(?(\d{1,4}|\*{1,4}|[a-z])\)?|\[(\d{1,4})\]")


def _link(token: Token, run: _Run) -> None:
    run.links.append((str(token.attrs.get("href") or ""), len(run.line.text), run.line))


def _link_end(token: Token, run: _Run) -> None:
    """Link text is the document's and its address is not, unless it is no address.

    ``[Section 5](b)`` is what CommonMark takes for a link to "b".
    """
    if not run.links:
        return
    address, start, line = run.links.pop()
    if address and not _ADDRESS.search(address) and count_words(address):
        run.add(f"({address})")
    elif address.startswith("#") and line is run.line:
        found = _NOTE_MARK.fullmatch(line.text[start:].strip())
        if found is not None:
            mark = found[1] or found[2]
            if line.text[:start].strip():
                line.marks.append(mark)
            else:
                line.linked = mark


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^>]*>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
# Elements of HTML that may stand within a line; anything else in angle brackets is text:
# "x <y and z> w" is a tag to CommonMark.
_HTML = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "center", "cite", "code",
     "data", "del", "dfn", "div", "em", "font", "hr", "i", "img", "input", "ins", "kbd", "label",
     "li", "mark", "nobr", "ol", "p", "q", "s", "samp", "section", "select", "small", "span",
     "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
     "tr", "tt", "u", "ul", "var", "wbr", "details", "summary")
)  # fmt: skip
_SLOPED = {"em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "b": "strong",
           "strong": "strong"}  # fmt: skip


def _html(token: Token, run: _Run) -> None:
    text = token.content
    found = _TAG.fullmatch(text)
    name = found[2].lower() if found else ""
    if name in ("sup", "sub"):
        _lower(run)
        if found is not None and not found[1]:
            run.raised = name
    elif name in _SLOPED and found is not None:
        (run.end if found[1] else run.begin)(_SLOPED[name])
    elif name == "img":
        source = re.search(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", text, re.IGNORECASE)
        mark = f"[image: {picture_name(source[1] if source else '')}]"
        run.add(f" {mark} ")
        run.line.added += count_words(mark)
    elif name in ("br", "p", "div", "li", "tr", "td", "th"):
        run.add(" ")
    elif name in _HTML:
        return
    elif comment := _COMMENT.fullmatch(text):
        run.comments.append(" ".join(comment[1].split()))
    else:
        run.add(text)


def _lower(run: _Run) -> None:
    """What stands between <sup> and </sup>, raised; a mark that Unicode lacks parts a word."""
    if not run.raised:
        return
    convert = superscript if run.raised == "sup" else subscript
    inner = "".join(run.held)
    run.raised, run.held = "", []
    if not inner:
        return
    changed = convert(inner)
    if inner[0].isalnum() and changed[0] in "_^" and run.line.text[-1:].isalnum():
        run.line.added += 1
    run.add(changed)


_INLINE: dict[str, Callable[[Token, _Run], None]] = {
    "softbreak": _break,
    "hardbreak": _break,
    "em_open": _opens("em"),
    "em_close": _closes("em"),
    "strong_open": _opens("strong"),
    "strong_close": _closes("strong"),
    "link_open": _link,
    "link_close": _link_end,
    "image": _image,
    "html_inline": _html,
    "footnote_mark": _mark,
}
