"""Which part of a web page is the document, and what is the site's furniture around it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_blocks import HEADINGS
from tribonian.ingest.readers.html_page import Page
from tribonian.ingest.readers.html_text import UNSHOWN

# Share of the page's own text that an element must hold to be taken for the document.
ENOUGH = 0.6
DENSEST = 0.9

_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "button", "search", "menu"))
_FURNITURE_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog",
     "menu", "menubar", "toolbar", "tablist", "button", "status")
)  # fmt: skip
# Words in a class or id that name furniture; each stands by itself ("site-header").
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|sidebar|side-?nav|cookies?|"
    r"consent|gdpr-banner|site-header|site-footer|page-footer|footer|masthead|skip(?:-?(?:link|nav|to))?|"
    r"share|sharing|social|toolbar|pagination|pager|related-links|back-to-top|backtotop|"
    r"sr-only|visually-hidden|visuallyhidden|screen-reader-text|usa-banner|usa-footer|"
    r"usa-header|usa-identifier|usa-skipnav|feedback|newsletter|advertisement|print-only|noprint|"
    r"no-print|modal|popup|tooltip|hidden|dropdown-menu)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:^|[\s_-])(?:header|banner|logo|top-?bar)(?:$|[\s_-])", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WALKED = frozenset(
    ("div", "section", "article", "main", "form", "center", "table", "tbody", "tr", "td",
     "fieldset", "span", "font", "details")
)  # fmt: skip


class Document:
    """The element that holds the document, and a test for what is furniture."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sizes: dict[int, int] = {}
        self.links: dict[int, int] = {}
        self._measure(page.body)
        self.root = self._find()
        self.inside: set[int] = set()  # the elements around the document
        at = self.root.parent
        while at is not None:
            self.inside.add(at.mem_id)
            at = at.parent
        self.passed = False

    def placed(self, node: LexborNode, attributes: dict[str, str | None], above: str) -> str:
        """What the surroundings make of an element's text: ``metadata``, ``aside`` or nothing."""
        if node.mem_id == self.root.mem_id:
            self.passed = True
            return ""
        if node.mem_id in self.inside:
            return _OUTSIDE
        if above == "metadata":
            return above
        if self._is_furniture(node, attributes, above):
            return "metadata"
        if above == _OUTSIDE:
            # a title printed above the box that holds the text is the document's
            return _TITLE if node.tag in HEADINGS and not self.passed else _OUTSIDE
        return above

    def _is_furniture(
        self, node: LexborNode, attributes: dict[str, str | None], above: str
    ) -> bool:
        tag = node.tag or ""
        if tag in _FURNITURE_TAGS or (attributes.get("role") or "") in _FURNITURE_ROLES:
            return not self._is_most(node)
        if tag == "header" and above == _OUTSIDE:
            return not self._is_most(node)
        if tag in HEADINGS or tag in ("p", "li", "dd", "dt"):
            name = ""
        else:
            name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if name and name != " ":
            name = _CAMEL.sub("-", name)  # "primaryNav"
            if _FURNITURE_NAME.search(name) or (above == _OUTSIDE and _HEADER.search(name)):
                return not self._is_most(node)
        return False

    def _is_most(self, node: LexborNode) -> bool:
        """Whether an element holds a good part of all there is, whatever it is called."""
        return self.sizes.get(node.mem_id, 0) > 0.3 * max(self.sizes[self.page.body.mem_id], 1)

    def _measure(self, top: LexborNode) -> None:
        """Characters of text in each element, and how many of them in links."""
        sizes, links = self.sizes, self.links
        stack: list[tuple[LexborNode, bool]] = [(top, False)]
        while stack:
            node, done = stack.pop()
            if node.is_text_node:
                continue
            if not done:
                if not node.is_element_node or (node.tag in UNSHOWN):
                    continue
                stack.append((node, True))
                child = node.first_child
                while child is not None:
                    stack.append((child, False))
                    child = child.next
                continue
            size = linked = 0
            child = node.first_child
            while child is not None:
                if child.is_text_node:
                    size += len((child.text_content or "").strip())
                else:
                    size += sizes.get(child.mem_id, 0)
                    linked += links.get(child.mem_id, 0)
                child = child.next
            sizes[node.mem_id] = size
            links[node.mem_id] = size if node.tag == "a" else linked

    def _own(self, node: LexborNode) -> int:
        return self.sizes.get(node.mem_id, 0) - self.links.get(node.mem_id, 0)

    def _find(self) -> LexborNode:
        body = self.page.body
        whole = max(self._own(body), 1)
        for wanted in ("main, [role=main]", "article"):
            found = [node for node in body.css(wanted) if self._own(node) >= ENOUGH * whole]
            if found:
                return found[0]
        return self._densest(body, whole)

    def _densest(self, body: LexborNode, whole: int) -> LexborNode:
        """Down from the body while one element holds nearly all the text that is no link."""
        at = body
        while True:
            inner = None
            child = at.first_child
            while child is not None:
                if child.tag in _WALKED and self._own(child) >= DENSEST * whole:
                    inner = child
                    break
                child = child.next
            if inner is None:
                break
            at = inner
        at = self._with_headings(at, body)
        # the rows of a table that lays out the page are no box; the text column is
        while at.tag in ("tbody", "tr", "table", "span", "font") and at.parent is not None:
            at = at.parent
        return at

    def _with_headings(self, box: LexborNode, body: LexborNode) -> LexborNode:
        """Up from the box of the text while little but the headings above it is added."""
        at = box
        while at.mem_id != body.mem_id and at.parent is not None:
            up = at.parent
            more = self.sizes.get(up.mem_id, 0) - self.sizes.get(at.mem_id, 0)
            linked = self.links.get(up.mem_id, 0) - self.links.get(at.mem_id, 0)
            if more:
                beside = [child for child in _elements(up) if child.mem_id != at.mem_id]
                if linked > 0.3 * more or not any(_has_heading(each) for each in beside):
                    break
                if any(_is_of_the_site(each) for each in beside):
                    break
                box = up
            at = up
        return box


def _elements(node: LexborNode) -> list[LexborNode]:
    found = []
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            found.append(child)
        child = child.next
    return found


def _has_heading(node: LexborNode) -> bool:
    return node.tag in HEADINGS or node.css_first("h1, h2, h3, h4, h5, h6") is not None


def _is_of_the_site(node: LexborNode) -> bool:
    name = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return (
        node.tag in _FURNITURE_TAGS
        or node.tag in ("header", "form")
        or bool(_FURNITURE_NAME.search(name))
        or node.css_first("nav, footer, header, form, input, aside, button") is not None
    )


_OUTSIDE = "outside"
_TITLE = ""
