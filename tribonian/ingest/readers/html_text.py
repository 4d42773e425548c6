"""The inline text of a web page's element, as a browser shows it.

White space runs together, inline tags split no word (``re<b>gu</b>late``), raised and lowered
text stays legible (``CO<sub>2</sub>`` is CO₂), type styles become spans of characters.
Shared by every reader of web pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from tribonian.ingest import scripts
from tribonian.ingest.readers.html_style import Sheet, is_bold, is_hidden, is_italic
from tribonian.schemas.words import count_words

Spans = tuple[tuple[int, int], ...]
# Shown as nothing: soft hyphen, zero-width space, word joiner, byte order mark.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"[\s\u00a0]+")

# Never shown as text (HTML 15.3.1), or controls whose text is no prose.
UNSHOWN = frozenset(
    ("script", "style", "template", "noscript", "head", "title", "meta", "link", "base", "object",
     "iframe", "noframes", "noembed", "embed", "param", "source", "track", "datalist", "audio",
     "video", "canvas", "map", "area", "rp", "svg", "select", "textarea", "input", "-comment",
     "-doctype", "dialog")
)  # fmt: skip
_ITALIC = frozenset(("i", "em", "cite", "var", "dfn", "address"))
_BOLD = frozenset(("b", "strong"))
# Classes that say it where the style sheet was not saved with the page.
_ITALIC_CLASSES = frozenset(("italic", "italics", "font-italic", "fst-italic"))
_BOLD_CLASSES = frozenset(("bold", "font-weight-bold", "fw-bold", "text-bold"))
# <a href="#fn3">, "#footnote-3", "#_ftn3", "#ntr5-L_2016119EN.01000101-E0005", "#note3"
_NOTE = re.compile(r"#.*?(?:fn|ftn|ftnt|footnote|endnote|note|ntr)[\w:.\-]*$", re.IGNORECASE)
_MARK = re.compile(r"\d{1,3}[a-z]?|[a-z]{1,2}|[*†‡§¶#]+", re.IGNORECASE)
# A class that says that its element holds the printed number: "num", "enumXML", "LegP1No".
NUMBER_CLASS = re.compile(r"(?:^|[\s_-])(?:e?num|number|no|label|designator)(?:$|[\s_-])|No$|num",
                           re.IGNORECASE)  # fmt: skip


# Blocks, whose text stands apart from what is beside it even where all is made one line.
_APART = frozenset(
    ("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "td", "th", "table", "h1", "h2", "h3",
     "h4", "h5", "h6", "section", "article", "blockquote", "pre", "hr", "figure", "caption",
     "figcaption", "thead", "tbody", "tfoot", "button", "label", "option", "legend", "summary")
)  # fmt: skip


@dataclass(slots=True)
class InlineText:
    """The text of one printed block while it is put together.

    ``italics`` and ``bolds`` are character spans, ``marks`` the footnotes that are referred
    to by links, ``raised`` all that is set as a superscript. ``links`` is how many characters
    stand in links, ``anchors`` how many of them in links within the page. ``lines`` says
    that line feeds are shown as such (``<pre>``); ``pictures`` counts the words of their marks,
    ``plain`` is the text before it was raised or lowered.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    italics: list[tuple[int, int]] = field(default_factory=list)
    bolds: list[tuple[int, int]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    links: int = 0
    anchors: int = 0
    lines: bool = False
    pictures: int = 0
    plain: list[str] = field(default_factory=list)
    marked: bool = False

    def add(self, text: str) -> None:
        """Append text; runs of white space become one space, none at the start."""
        text = _UNSEEN.sub("", text)
        if self.lines:
            text = text.replace("\xa0", " ")
        else:
            text = _SPACES.sub(" ", text)
            if text[:1] == " " and (not self.parts or self.parts[-1][-1].isspace()):
                text = text[1:]
        if text:
            self.parts.append(text)
            self.plain.append(text)
            self.length += len(text)

    @property
    def added(self) -> int:
        """The words that are not the document's: marks of pictures, and of raised text.

        A sign that stands in for what Unicode lacks parts a word: RT_NDT is one word of the
        document, and the other is an added one.
        """
        if not self.marked:
            return self.pictures
        return self.pictures + count_words(self.text()) - count_words("".join(self.plain))

    def last(self) -> str:
        """The last character so far, "" for none."""
        return self.parts[-1][-1] if self.parts else ""

    def text(self) -> str:
        """All of it, without space around it."""
        return "".join(self.parts).rstrip()

    def spans(self, spans: list[tuple[int, int]]) -> Spans:
        """Spans in order, those that touch made one, none beyond the end of the text."""
        end = len(self.text())
        out: list[tuple[int, int]] = []
        for a, b in sorted(spans):
            b = min(b, end)
            if a >= b:
                continue
            if out and a <= out[-1][1]:
                out[-1] = (out[-1][0], max(b, out[-1][1]))
            else:
                out.append((a, b))
        return tuple(out)


def inline_text(node: LexborNode, sheet: Sheet | None = None) -> InlineText:
    """Everything an element shows, as one line of text, its blocks parted by spaces."""
    into = InlineText()
    add_inline(node, into, sheet or Sheet())
    return into


def add_inline(node: LexborNode, into: InlineText, sheet: Sheet) -> None:
    """Append what an element shows; its own tag counts (``<sup>`` raises)."""
    # Elements nest as deep as a page likes, so there is no recursion here.
    stack: list[LexborNode | Inline] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, Inline):
            item.close()
            if item.node.tag in _APART:
                into.add("\n" if into.lines else " ")
            continue
        if item.is_text_node:
            into.add(item.text_content or "")
            continue
        if item.tag in _APART:
            into.add("\n" if into.lines else " ")
        opened = open_inline(item, into, sheet)
        if opened is None:
            continue
        stack.append(opened)
        child = item.last_child
        while child is not None:
            stack.append(child)
            child = child.prev


def is_unshown(node: LexborNode, attributes: dict[str, str | None], said: dict[str, str]) -> bool:
    """Whether a browser shows nothing of an element."""
    if node.tag in UNSHOWN or node.is_comment_node:
        return True
    if not attributes:
        return False
    return "hidden" in attributes or is_hidden(said)


class Inline:
    """An inline element that is open; `close` does what it does to its text.

    Where a block begins inside it, it goes on in the next line: `resume`.
    """

    __slots__ = ("attributes", "into", "node", "part", "said", "start")

    def __init__(
        self,
        node: LexborNode,
        attributes: dict[str, str | None],
        said: dict[str, str],
        into: InlineText,
    ) -> None:
        self.node = node
        self.attributes = attributes
        self.said = said
        self.resume(into)

    def resume(self, into: InlineText) -> None:
        """Go on in another line."""
        self.into = into
        self.start = into.length
        self.part = len(into.parts)

    def close(self) -> None:
        """Raise, lower, slope what was appended; note links and footnote marks."""
        node, into, said, start = self.node, self.into, self.said, self.start
        if into.length == start:
            return
        tag = node.tag or ""
        shift = said.get("vertical-align", "") if said else ""
        raised = tag == "sup" or shift in ("super", "text-top")
        if raised or tag == "sub" or shift == "sub":
            inner = _script(into, self.part, scripts.superscript if raised else scripts.subscript)
            if raised:
                into.raised.append(inner.strip())
        if tag == "a" or raised:
            _mark(node, into, start)
        if tag == "a":
            into.links += into.length - start
            if (self.attributes.get("href") or "").startswith("#"):
                into.anchors += into.length - start
        elif tag == "q":
            into.add("”")
        italic, bold = is_italic(said), is_bold(said)
        if self.attributes.get("class"):
            names = _names(self.attributes)
            italic = True if italic is None and names & _ITALIC_CLASSES else italic
            bold = True if bold is None and names & _BOLD_CLASSES else bold
        if italic or (italic is None and tag in _ITALIC):
            into.italics.append((start, into.length))
        if bold or (bold is None and tag in _BOLD):
            into.bolds.append((start, into.length))
        if tag == "span":
            _part_number(node, self.attributes, into)


def open_inline(node: LexborNode, into: InlineText, sheet: Sheet) -> Inline | None:
    """Begin an inline element; None where nothing of it is shown, or all of it is done."""
    tag = node.tag or ""
    attributes = node.attributes
    said = sheet.of(tag, attributes)
    if is_unshown(node, attributes, said):
        return None
    if tag == "img":
        add_image(attributes, into)
        return None
    if tag == "br":
        into.add("\n" if into.lines else " ")
        return None
    if tag == "q":
        into.add("“")
    return Inline(node, attributes, said, into)


def _names(attributes: dict[str, str | None]) -> frozenset[str]:
    return frozenset((attributes.get("class") or "").lower().split())


def _script(into: InlineText, part: int, convert: Callable[[str], str]) -> str:
    """Raise or lower what was appended since ``part``, and return it as it was."""
    inner = "".join(into.parts[part:])
    changed = convert(inner)
    if changed != inner:
        into.marked = into.marked or not changed.strip().isalnum()
        into.length += len(changed) - len(inner)
        into.parts[part:] = [changed]
    return inner


def _mark(node: LexborNode, into: InlineText, start: int) -> None:
    """Note a link to a footnote: raised or in brackets, its target named for one."""
    link = node if node.tag == "a" else node.css_first("a[href]")
    href = (link.attributes.get("href") or "") if link is not None else ""
    if not _NOTE.match(href[href.find("#") :] if "#" in href else ""):
        return
    whole = "".join(into.parts)
    text = whole[start:].strip(" []()").translate(_PLAIN)
    set_off = whole[start:].strip()[:1] in "[(" or whole[:start].endswith(("[", "("))
    raised = node.tag == "sup" or any(_is_sup(each) for each in _near(node))
    if _MARK.fullmatch(text) and (raised or set_off) and into.marks[-1:] != [text]:
        into.marks.append(text)


def _near(node: LexborNode) -> list[LexborNode]:
    found = []
    parent = node.parent
    for _ in range(2):
        if parent is not None:
            found.append(parent)
            parent = parent.parent
    return found + node.css("sup")


def _is_sup(node: LexborNode) -> bool:
    return node.tag == "sup"


_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", "0123456789abcdefghijklmnoprstuvwxyz")


def plain_mark(text: str) -> str:
    """A footnote's mark as it is typed: ``⁵`` is 5, without brackets."""
    return text.translate(_PLAIN).strip(" []().:")


def _part_number(node: LexborNode, attributes: dict[str, str | None], into: InlineText) -> None:
    """Keep a printed number apart from the text that a style sheet sets beside it.

    legislation.gov.uk writes ``<span class="LegP1No">1</span>`` straight before the text.
    """
    if node.tag != "span" or not into.last().isalnum():
        return
    name = attributes.get("class") or ""
    following = node.next
    if (
        name
        and NUMBER_CLASS.search(name)
        and following is not None
        and following.is_element_node
        and following.tag == "span"
        and (following.text() or "")[:1].isalnum()
    ):
        into.add(" ")


def add_image(attributes: dict[str, str | None], into: InlineText) -> None:
    """Put a readable mark where a picture stands, unless it says itself that it is ornament."""
    mark = image_mark(attributes)
    if mark:
        into.add(f" {mark} ")
        into.pictures += count_words(mark)


def image_mark(attributes: dict[str, str | None]) -> str:
    """``[image: er17au22.015.gif]``: the file's name, else what the page says of it."""
    if attributes.get("alt") == "" or attributes.get("role") in ("presentation", "none"):
        return ""  # HTML 4.8.4.4: an empty alt is ornament
    if any((attributes.get(side) or "").strip() in ("0", "1") for side in ("width", "height")):
        return ""  # a pixel that counts visitors
    source = (attributes.get("src") or "").partition("?")[0]
    name = "" if source.startswith("data:") else source.rstrip("/").rsplit("/", 1)[-1]
    return f"[image: {name or ' '.join((attributes.get('alt') or 'unnamed').split())}]"
