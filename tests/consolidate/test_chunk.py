"""Pieces of a unit: within the budget, whole at their numbers, each word once."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hand_written import Folder, Placed, built, keeps_its_word, row, section, table
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.words import words

COUNT = Tokenizer().count
LEAD = re.compile(r"\[.*?\]\n\n", re.DOTALL)


def pieces_of(folder: Folder, citation: str = "21 CFR 701.3") -> list[Placed]:
    """The principles of one section, in order: all but the root."""
    found = [node for node in folder.nodes if node.path]
    assert all(line["citation"].startswith(citation) for line in folder.provenance[1:])
    return found


def sources_of(folder: Folder) -> list[tuple[int, int]]:
    return [(line["sources"][0]["start"], line["sources"][0]["end"])
            for line in folder.provenance if line["path"]]  # fmt: skip


def keeps_the_budget(folder: Folder, max_tokens: int) -> None:
    """Assert that no content is larger, by the tokenizer itself, and that the figures say so."""
    written = [line["tokens"] for line in folder.provenance]
    counted = [COUNT(node.content) for node in folder.nodes]
    assert counted == written
    assert max(counted) <= max_tokens
    assert folder.fit, folder.checked


def plain(words: int, word: str = "lot") -> str:
    """That many words of one token each."""
    return " ".join([word] * words)


# -- paragraphs ------------------------------------------------------------------------------

_sentence = st.lists(
    st.sampled_from(
        ("the", "label", "must", "bear", "§ 701.3", "No. 5", "21 U.S.C. 321", "lots—", "net;",
         "CO₂", "“Lot”", "Jan. 3,", "[Reserved]", "antidisestablishmentarianism")
    ),
    min_size=1,
    max_size=40,
).map(lambda parts: " ".join(parts).capitalize() + ".")  # fmt: skip
_paragraph = st.lists(_sentence, min_size=1, max_size=4).map(" ".join)


@st.composite
def numbered(draw: st.DrawFn) -> list[str]:
    """(a), (b) … with (1), (2) … under some of them, each with a text."""
    paragraphs: list[str] = []
    if draw(st.booleans()):
        paragraphs.append(draw(_paragraph))
    for letter in "abcdefgh"[: draw(st.integers(1, 8))]:
        paragraphs.append(f"({letter}) {draw(_paragraph)}")
        paragraphs += [f"({n}) {draw(_paragraph)}" for n in range(1, draw(st.integers(1, 5)))]
    return paragraphs


@settings(deadline=None)
@given(numbered(), st.sampled_from((64, 100, 256)), st.sampled_from((0, 32)))
def test_pieces_are_the_text_cut_in_order_and_each_keeps_the_budget(
    paragraphs: list[str], max_tokens: int, min_tokens: int
) -> None:
    blocks = "".join(f"<P>{text}</P>" for text in paragraphs)
    folder = built(
        section("701.3", "Scope.", blocks), max_tokens=max_tokens, min_tokens=min_tokens,
        keep=("reserved",),
    )  # fmt: skip
    body = "\n\n".join(paragraphs)
    keeps_the_budget(folder, max_tokens)
    keeps_its_word(folder)
    at = 0
    for node, (start, end) in zip(pieces_of(folder), sources_of(folder), strict=True):
        assert body[at:start].strip() == "", "text was passed over"
        own = body[start:end]
        assert own and own == own.strip()
        assert node.content.endswith(own)
        assert LEAD.fullmatch(node.content.removesuffix(own)) or node.content == own
        at = end
    assert body[at:].strip() == ""


@settings(deadline=None)
@given(numbered(), st.sampled_from((64, 100, 256)))
def test_no_cut_parts_a_number_from_its_text(paragraphs: list[str], max_tokens: int) -> None:
    blocks = "".join(f"<P>{text}</P>" for text in paragraphs)
    folder = built(section("701.3", "Scope.", blocks), max_tokens=max_tokens, keep=("reserved",))
    spans = sources_of(folder)
    at = 0
    for text in paragraphs:
        number = re.match(r"\(\w\) ", text)
        if number:
            (_, end) = next(span for span in spans if span[0] <= at < span[1])
            assert end > at + number.end(), f"{text[:20]!r} was cut behind its number"
        at += len(text) + 2


@pytest.mark.parametrize("number", ["2.", "10.", "ii.", "B."])
def test_no_cut_parts_a_number_with_a_stop_from_its_text(number: str) -> None:
    # 21 CFR part 1271 and most appendices number their paragraphs so
    first = {"2.": "1.", "10.": "9.", "ii.": "i.", "B.": "A."}[number]
    long = f"Weigh {plain(200)} again."
    folder = built(
        section("701.3", "Method.", f"<P>{first} {plain(40).capitalize()}.</P>",
                f"<P>{number} {long}</P>"),
        max_tokens=64,
    )  # fmt: skip
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)
    starts = [node for node in pieces_of(folder) if f"{number} Weigh" in node.content]
    assert len(starts) == 1, [node.content[-20:] for node in pieces_of(folder)]


def test_a_unit_that_fits_is_one_piece_and_one_that_does_not_is_split_at_its_numbers() -> None:
    # a number and thirty words have 33 tokens, three such paragraphs with what is between
    # them about 102; 16 of the 128 are set aside for context
    blocks = [f"<P>({letter}) {plain(30)}</P>" for letter in "abcdefg"]
    fits = built(section("701.3", "Scope.", *blocks[:3]), max_tokens=128)
    assert fits.labels[1:] == ["§ 701.3 Scope"]
    split = built(section("701.3", "Scope.", *blocks), max_tokens=128)
    assert [node.content[:3] for node in pieces_of(split)] == ["(a)", "(d)", "(g)"]
    assert split.labels[1:] == ["§ 701.3 Scope", "§ 701.3(d)–(f) Scope", "§ 701.3(g) Scope"]
    assert [line["citation"] for line in split.provenance[1:]] == [
        "21 CFR 701.3",
        "21 CFR 701.3(d)",
        "21 CFR 701.3(g)",
    ]
    keeps_the_budget(split, 128)


def test_a_later_piece_repeats_the_lead_in_that_it_depends_on_and_counts_it_as_added() -> None:
    blocks = ["<P>(a) Records must show—</P>"]
    blocks += [f"<P>({n}) {plain(30)}</P>" for n in range(1, 7)]
    folder = built(section("701.3", "Scope.", *blocks), max_tokens=128)
    first, *later = pieces_of(folder)
    assert first.content.startswith("(a) Records must show—\n\n(1) lot")
    assert later
    for node in later:
        assert node.content.startswith("[(a) Records must show—]\n\n(")
    keeps_its_word(folder)
    assert folder.manifest["totals"]["words"]["read"] == 2 + 1 + 4 + 6 * 31


def test_a_paragraph_above_the_budget_is_cut_between_sentences() -> None:
    sentences = [f"Sentence {n} of the rule says that a lot must be kept." for n in range(20)]
    folder = built(section("701.3", "Scope.", f"<P>(a) {' '.join(sentences)}</P>"), max_tokens=64)
    for node in pieces_of(folder):
        assert node.content.endswith("must be kept.")
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)


def test_a_sentence_above_the_budget_is_cut_between_clauses() -> None:
    clauses = "; ".join(f"the lot numbered {n} that was made in a plant" for n in range(20))
    folder = built(section("701.3", "Scope.", f"<P>(a) Keep {clauses}.</P>"), max_tokens=64)
    for node in pieces_of(folder)[:-1]:
        assert node.content.endswith("in a plant;")
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)


def test_a_word_above_the_budget_is_still_one_word_of_the_count() -> None:
    word = "".join("acgt"[n * n % 7 % 4] for n in range(1, 2000))  # a gene sequence
    folder = built(section("701.3", "Scope.", f"<P>(a) The sequence {word} is.</P>"), max_tokens=64)
    keeps_the_budget(folder, 64)
    assert "".join("".join(node.content.split()) for node in pieces_of(folder)).count(word) == 1
    keeps_its_word(folder)


def test_characters_of_several_tokens_each_keep_the_budget() -> None:
    # an Egyptian hieroglyph has four tokens: fewer characters than the budget has tokens
    folder = built(section("701.3", "Scope.", f"<P>{'𓀀 ' * 400}</P>"), max_tokens=512)
    keeps_the_budget(folder, 512)


def test_a_heading_of_characters_of_several_tokens_each_keeps_the_budget() -> None:
    folder = built(
        f'<DIV5 N="701" TYPE="PART"><HEAD>PART 701—{"𓀀" * 300}</HEAD>'
        f"{section('701.3', 'Scope.', '<P>Keep it.</P>')}</DIV5>",
        max_tokens=512,
    )
    keeps_the_budget(folder, 512)


def test_the_budget_holds_for_a_vocabulary_from_a_file(tmp_path: Path) -> None:
    # every byte a token: the section sign has two
    vocabulary = tmp_path / "bytes.tiktoken"
    vocabulary.write_text(
        "".join(f"{base64.b64encode(bytes([n])).decode()} {n}\n" for n in range(256))
    )
    blocks = "".join(f"<P>({letter}) § 701.3 — ≥ 5 g of {plain(6)}.</P>" for letter in "abcdefgh")
    folder = built(
        section("701.3", "Scope.", blocks), max_tokens=100, tokenizer=f"file:{vocabulary}"
    )
    sizes = [len(node.content.encode()) for node in folder.nodes]
    assert max(sizes) <= 100
    assert [line["tokens"] for line in folder.provenance] == sizes
    keeps_its_word(folder)


# -- joining what is small -------------------------------------------------------------------


def small_last_item(min_tokens: int) -> list[str]:
    """(a) with an item that nearly fills a piece and one of a few words, then (b).

    112 of the 128 tokens are for text: (2) has 107 and (3), with 6, does not fit to it.
    """
    blocks = ["<P>(a) Keep:</P>", f"<P>(1) {plain(60)}</P>", f"<P>(2) {plain(104)}</P>",
              "<P>(3) The seal.</P>", f"<P>(b) {plain(60)}</P>"]  # fmt: skip
    folder = built(section("701.3", "Scope.", *blocks), max_tokens=128, min_tokens=min_tokens)
    keeps_the_budget(folder, 128)
    keeps_its_word(folder)
    return [node.content.removeprefix("[(a) Keep:]\n\n")[:20] for node in pieces_of(folder)]


def test_a_piece_below_the_minimum_is_joined_with_its_neighbour_and_else_stands_alone() -> None:
    alone = ["(a) Keep:\n\n(1) lot l", "(2) lot lot lot lot ", "(3) The seal.",
             "(b) lot lot lot lot "]  # fmt: skip
    assert small_last_item(0) == alone
    assert small_last_item(6) == alone
    assert small_last_item(32) == [*alone[:2], "(3) The seal.\n\n(b) l"]


def test_sections_are_never_joined_however_small() -> None:
    folder = built(
        f'<DIV5 N="701" TYPE="PART"><HEAD>PART 701—X</HEAD>'
        f"{section('701.1', 'One.', '<P>Yes.</P>')}{section('701.2', 'Two.', '<P>No.</P>')}</DIV5>",
        min_tokens=64,
        max_tokens=64,
    )
    assert folder.labels[1:] == ["§ 701.1 One", "§ 701.2 Two"]
    assert [node.content for node in folder.nodes[1:]] == ["Yes.", "No."]


# -- tables ----------------------------------------------------------------------------------


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    width = draw(st.integers(1, 4))
    cell = st.lists(st.sampled_from(("lot", "5 mg", "§ 1.2", "CO₂", "—", "")), max_size=2).map(
        " ".join
    )
    header = [f"Column {n}" for n in range(width)]
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=40))
    return header, [[f"r{n}", *cells[1:]] for n, cells in enumerate(rows)]


@settings(deadline=None)
@given(grids(), st.sampled_from((100, 128, 256)))
def test_a_table_is_never_cut_inside_a_row_and_each_part_has_the_header(
    grid: tuple[list[str], list[list[str]]], max_tokens: int
) -> None:
    header, rows = grid
    folder = built(
        section(
            "701.3",
            "Limits.",
            "<P>(a) The limits are:</P>",
            table(row(*header, tag="TH"), "".join(row(*cells) for cells in rows)),
            "<P>(b) No lot may pass them.</P>",
        ),
        max_tokens=max_tokens,
    )
    keeps_the_budget(folder, max_tokens)
    keeps_its_word(folder)
    head = "| " + " | ".join(header) + " |"
    seen: list[str] = []
    for node in pieces_of(folder):
        printed = [line for line in node.content.split("\n") if line.startswith("|")]
        if printed:
            assert printed[:2] == [head, "|" + " --- |" * len(header)]
            seen += printed[2:]
    assert seen == ["| " + " | ".join(" ".join(c.split()) for c in cells) + " |" for cells in rows]
    assert "row-over-budget" not in folder.codes


def test_a_header_that_is_repeated_counts_as_added() -> None:
    rows = "".join(row(f"r{n}", "lot") for n in range(60))
    folder = built(
        section("701.3", "Limits.", table(row("Name", "Limit", tag="TH"), rows)), max_tokens=64
    )
    parts = [node for node in pieces_of(folder) if "| Name | Limit |" in node.content]
    assert len(parts) > 2
    keeps_its_word(folder)
    assert folder.manifest["documents"][0]["words"]["read"] == 3 + 2 + 2 * 60


BIG = " ".join(["grain of salt"] * 60)


@pytest.mark.parametrize(
    "rows",
    [
        row(BIG, "b", "c"),
        row(BIG, "b", "c") + row("x", "y", "z"),
        row("x", "y", "z") + row(BIG, "b", "c"),
        row("x", "y", "z") + row(BIG, "b", "c") + row("x", "y", "z") * 30,
    ],
    ids=["alone", "first", "last", "between"],
)
def test_a_row_above_the_budget_is_set_as_text_reported_and_counted_once(rows: str) -> None:
    # the spanning header stands over two columns: a word that the reader repeats
    header = '<TR><TH colspan="2">Limits</TH><TH>Unit</TH></TR>'
    folder = built(
        section("701.3", "Limits.", "<P>(a) The limits are:</P>", table(header, rows)),
        max_tokens=64,
    )
    assert "row-over-budget" in folder.codes
    (finding,) = (f for f in folder.findings if f["code"] == "row-over-budget")
    assert finding["severity"] == "warning"
    assert "§ 701.3" in finding["message"]
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)
    assert sum(words(node.content).count("salt") for node in pieces_of(folder)) == 60


@pytest.mark.parametrize("rows", [row(BIG, "b"), row(BIG, "b") + row("x", "y")])
def test_the_caption_of_a_row_above_the_budget_stands_before_it(rows: str) -> None:
    caption = "<CAPTION><P>Limits of sodium</P></CAPTION>"
    header = row("Name", "Unit", tag="TH")
    folder = built(section("701.3", "Limits.", table(header, rows, caption)), max_tokens=64)
    assert pieces_of(folder)[0].content.startswith("Limits of sodium")
    assert "row-over-budget" in folder.codes
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)


def test_a_row_that_says_nothing_but_dashes_is_kept_in_a_table_that_is_divided() -> None:
    rows = row("Salt", "---") + row("---", "---") + row("lot", "x") * 30
    folder = built(
        section("701.3", "Limits.", table(row("Name", "Unit", tag="TH"), rows)), max_tokens=64
    )
    pieces = pieces_of(folder)
    assert len(pieces) > 1
    assert sum(piece.content.count("| --- | --- |") for piece in pieces) == len(pieces) + 1
    keeps_its_word(folder)


@pytest.mark.parametrize("captions", [12, 40, 400])
def test_a_caption_above_the_budget_is_kept_within_it_and_counted_once(captions: int) -> None:
    caption = f"<CAPTION><P>{' '.join(['Limits of salt.'] * captions)}</P></CAPTION>"
    header = '<TR><TH colspan="2">Limits</TH><TH>Unit</TH></TR>'
    folder = built(
        section("701.3", "Limits.", table(header, row("x", "y", "z") * 30, caption)), max_tokens=64
    )
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)
    assert sum(words(node.content).count("salt") for node in pieces_of(folder)) == captions


def test_a_caption_and_a_first_row_that_fit_only_apart_keep_the_budget() -> None:
    caption = f"<CAPTION><P>{plain(40)}</P></CAPTION>"
    rows = row(plain(40, "salt"), "y") + row("x", "y")
    folder = built(
        section("701.3", "Limits.", table(row("Name", "Unit", tag="TH"), rows, caption)),
        max_tokens=64,
    )
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)


@pytest.mark.parametrize("before", ["", "<P>(a) See:</P>"])
@pytest.mark.parametrize("columns", [20, 60, 700])
def test_a_table_of_empty_cells_wider_than_the_budget_is_no_trouble(
    columns: int, before: str
) -> None:
    law = section("701.3", "Form.", before, table("", row(*[""] * columns)))
    folder = built(law, max_tokens=64)
    keeps_the_budget(folder, 64)
    keeps_its_word(folder)
