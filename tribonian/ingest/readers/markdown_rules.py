"""Markdown as law is written in it: CommonMark and tables, with three rules of our own.

Rows of a layout table, as converters write the numbered paragraphs of EUR-Lex pages
(``(a) |  the text``, and ``---|---`` below); footnotes; and whole HTML tables, which
CommonMark would end at their first blank line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit

if TYPE_CHECKING:
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

# Blocks within blocks. CommonMark's own limit of 20 is passed by OCR of nested lists, and
# what is deeper is dropped without a word, so the reader refuses what reaches this one.
DEEPEST = 100

NUMBER = re.compile(r"\(?[0-9A-Za-z]{1,7}(?:[.-]\d{1,3})*[.)]{1,2}|[—–•·-]|\(?\*+\)?")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_NOTE = re.compile(r"\[\^([^\]\s]{1,100})\]:[ \t]*")
_MARK = re.compile(r"\[\^([^\]\s]{1,100})\]")
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)


@cache
def parser() -> MarkdownIt:
    """The parser; safe to be used again, for it keeps nothing."""
    made = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")
    ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    made.block.ruler.before("table", "layout_row", _layout_row, ends)
    made.block.ruler.before("reference", "footnote", _footnote, {"alt": ["paragraph"]})
    made.block.ruler.before("html_block", "html_table", _html_table, ends)
    made.inline.ruler.before("link", "footnote_mark", _mark)
    # "[Reserved]: none" is law and no address; whoever means an address writes one
    made.block.ruler.before("reference", "no_reference", _no_reference)
    return made


def split_row(line: str) -> list[str]:
    """The cells of a row, without the empty ones that its outer bars make."""
    cells = [cell.strip() for cell in escapedSplit(line.strip())]
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _layout_row(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``(a) |  text`` above ``---|---``: a numbered paragraph that was set with a table."""
    if start + 1 >= end or not _is_layout(state, start):
        return False
    if silent:
        return True
    at = start
    while at + 1 < end and _is_layout(state, at):
        cells = split_row(_line(state, at))
        token = state.push("layout_row", "", 0)
        token.map = [at, at + 1]
        token.meta = {"cells": cells}
        at += 2
    state.line = at
    return True


def _is_layout(state: StateBlock, at: int) -> bool:
    text = _line(state, at)
    if "|" not in text or text.startswith("|") or state.is_code_block(at):
        return False
    below = _line(state, at + 1)
    if "|" not in below or not _RULE.fullmatch(below):
        return False
    return bool(NUMBER.fullmatch(text.split("|", 1)[0].strip()))


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``[^1]: text`` with what is indented below it."""
    if state.is_code_block(start):
        return False
    found = _NOTE.match(_line(state, start))
    if found is None:
        return False
    if silent:
        return True
    last = start + 1  # lazy lines, and indented ones behind blank ones, belong to it
    while last < end:
        if state.isEmpty(last):
            ahead = last
            while ahead < end and state.isEmpty(ahead):
                ahead += 1
            if ahead >= end or state.sCount[ahead] - state.blkIndent < 4:
                break
            last = ahead
        elif _NOTE.match(_line(state, last)):
            break
        else:
            last += 1
    lines = [_line(state, start)[found.end() :]]
    lines += [_line(state, number) for number in range(start + 1, last)]
    token = state.push("footnote", "", 0)
    token.map = [start, last]
    token.meta = {"label": found[1], "lines": lines}
    state.line = last
    return True


def _html_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A whole ``<table>``, to its end, whatever blank lines stand in it."""
    if state.is_code_block(start) or not _TABLE.match(_line(state, start)):
        return False
    depth = 0
    for at in range(start, end):
        for found in _TABLE.finditer(_line(state, at)):
            depth += -1 if found[1] else 1
        if depth <= 0:
            break
    else:
        return False
    if silent:
        return True
    token = state.push("html_block", "", 0)
    token.map = [start, at + 1]
    token.content = "\n".join(_line(state, number) for number in range(start, at + 1))
    state.line = at + 1
    return True


_REFERENCE = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]:[ \t]*(\S*)")


def _no_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph that begins as a link definition does but names no address."""
    if silent or state.is_code_block(start):
        return False
    found = _REFERENCE.match(_line(state, start))
    if found is None or not found[2] or re.search(r"[/#:@?]|\.\w|^<", found[2]):
        return False
    last = start + 1
    while last < end and not state.isEmpty(last) and not _REFERENCE.match(_line(state, last)):
        last += 1
    opened = state.push("paragraph_open", "p", 1)
    opened.map = [start, last]
    token = state.push("inline", "", 0)
    token.map = [start, last]
    token.content = "\n".join(_line(state, number) for number in range(start, last)).strip()
    token.children = []
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def _mark(state: StateInline, silent: bool) -> bool:
    found = _MARK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("footnote_mark", "", 0).meta = {"label": found[1]}
    state.pos = found.end()
    return True
