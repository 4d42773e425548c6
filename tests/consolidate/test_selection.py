"""--only, --skip and --keep: what goes in, what stays out, and why."""

from __future__ import annotations

import itertools

import pytest
from hand_written import (
    Folder,
    appendix,
    built,
    chapter,
    keeps_its_word,
    part,
    section,
    subchapter,
    subpart,
    title,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.consolidate.selection import KEEPABLE, Selection, parse_keep
from tribonian.errors import UsageError
from tribonian.schemas.tree import Node

# 21 CFR as it is built: food in subchapter B, cosmetics in G, a reserved range at its end.
LAW = title(
    21,
    "Food and Drugs",
    chapter(
        "I",
        "Food and Drug Administration",
        subchapter(
            "B",
            "Food for human consumption",
            part(101, "FOOD LABELING", section("101.9", "Nutrition labeling.", "<P>Food.</P>")),
        ),
        subchapter(
            "G",
            "Cosmetics",
            part(700, "GENERAL", section("700.3", "Definitions.", "<P>General.</P>")),
            part(
                701,
                "COSMETIC LABELING",
                "<AUTH><HED>Authority:</HED><PSPACE>21 U.S.C. 321.</PSPACE></AUTH>",
                subpart("A", "Provisions", section("701.1", "Misbranding.", "<P>Never.</P>")),
                subpart("B", "Packages", section("701.10", "Display panel.", "<P>Panel.</P>")),
                subpart("C", "Of labels", section("701.30", "Names.", "<P>Names.</P>")),
            ),
            part(740, "WARNINGS", section("740.1", "Establishment.", "<P>Warn.</P>")),
            '<DIV5 N="741-799" TYPE="PART"><HEAD>PARTS 741-799 [RESERVED]</HEAD></DIV5>',
        ),
    ),
)
ALL = {"101.9", "700.3", "701.1", "701.10", "701.30", "740.1"}


def sections_of(folder: Folder) -> set[str]:
    return {
        line["citation"].removeprefix("21 CFR ")
        for line in folder.provenance
        if line["label"].startswith("§")
    }


PATTERNS = [
    # by citation, as the eCFR and the interface print it
    ("21 CFR 701.1", {"701.1"}),
    ("21 CFR part 701", {"701.1", "701.10", "701.30"}),
    ("21 CFR Part 701", {"701.1", "701.10", "701.30"}),
    ("21 CFR parts 700-740", {"700.3", "701.1", "701.10", "701.30", "740.1"}),
    ("21 CFR parts 700–701", {"700.3", "701.1", "701.10", "701.30"}),
    ("21 CFR chapter I subchapter G", {"700.3", "701.1", "701.10", "701.30", "740.1"}),
    ("21 CFR part 701 subpart B", {"701.10"}),
    ("21 CFR", ALL),
    # without the title
    ("part 701", {"701.1", "701.10", "701.30"}),
    ("parts 700-701", {"700.3", "701.1", "701.10", "701.30"}),
    ("701.1", {"701.1"}),
    ("§ 701.1", {"701.1"}),
    ("subchapter G", {"700.3", "701.1", "701.10", "701.30", "740.1"}),
    # by words of the heading, whole ones, in any case
    ("cosmetics", {"700.3", "701.1", "701.10", "701.30", "740.1"}),
    ("Misbranding", {"701.1"}),
    ("food labeling", {"101.9"}),
    ("labeling", {"101.9", "701.1", "701.10", "701.30"}),
    # with a star for anything
    ("21 CFR 701.*", {"701.1", "701.10", "701.30"}),
    ("*labeling*", {"101.9", "701.1", "701.10", "701.30"}),
    ("21 CFR part 7*", {"700.3", "701.1", "701.10", "701.30", "740.1"}),
]


@pytest.mark.parametrize(("pattern", "chosen"), PATTERNS)
def test_only_keeps_what_a_pattern_names_with_all_that_is_in_it(
    pattern: str, chosen: set[str]
) -> None:
    folder = built(LAW, only=(pattern,))
    assert sections_of(folder) == chosen
    assert "nothing-selected" not in folder.codes
    assert {row["text"].split()[1] for row in folder.excluded if row["text"][0] == "§"} == (
        ALL - chosen
    )
    keeps_its_word(folder)


@pytest.mark.parametrize(("pattern", "left_out"), [row for row in PATTERNS if row[1] != ALL])
def test_skip_leaves_out_what_a_pattern_names_with_all_that_is_in_it(
    pattern: str, left_out: set[str]
) -> None:
    folder = built(LAW, skip=(pattern,))
    assert sections_of(folder) == ALL - left_out
    assert folder.reasons()["skipped"] >= 1
    assert "nothing-selected" not in folder.codes
    keeps_its_word(folder)


@pytest.mark.parametrize("pattern", ["21 CFR § 701.1", "section 701.1"])
def test_a_section_may_be_cited_as_lawyers_cite_it(pattern: str) -> None:
    assert sections_of(built(LAW, only=(pattern,))) == {"701.1"}


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [("*[reserved]*", {"§ 701.2 [Reserved]"}), ("[reserved]", {"§ 701.2 [Reserved]"}),
     ("*which?*", {"§ 701.3 Which?"}), ("which?", {"§ 701.3 Which?"}), ("*(a+b)*", set())],
)  # fmt: skip
def test_only_the_star_means_anything_but_itself(pattern: str, left_out: set[str]) -> None:
    law = part(
        701,
        "LABELING",
        section("701.1", "Misbranding.", "<P>Law.</P>"),
        section("701.2", "[Reserved]"),
        section("701.3", "Which?", "<P>Law.</P>"),
    )
    folder = built(law, skip=(pattern,), keep=("reserved",))
    everything = {"§ 701.1 Misbranding", "§ 701.2 [Reserved]", "§ 701.3 Which?"}
    assert set(folder.labels[1:]) == everything - left_out


@pytest.mark.parametrize("option", ["only", "skip"])
@pytest.mark.parametrize("pattern", ["", "  "])
def test_a_pattern_of_nothing_is_refused(option: str, pattern: str) -> None:
    with pytest.raises(UsageError, match=f"--{option}"):
        built(LAW, **{option: (pattern,)})


def test_several_patterns_add_up_and_skip_wins_over_only() -> None:
    folder = built(LAW, only=("part 701", "101.9"), skip=("subpart B",))
    assert sections_of(folder) == {"101.9", "701.1", "701.30"}
    keeps_its_word(folder)


def test_a_pattern_is_no_part_of_a_number_or_of_a_word() -> None:
    folder = built(LAW, skip=("701.1",))
    assert "701.10" in sections_of(folder)
    unmatched = built(LAW, skip=("label",))  # neither "labels" nor "labeling"
    assert sections_of(unmatched) == ALL


@pytest.mark.parametrize("option", ["only", "skip"])
def test_a_pattern_that_names_nothing_is_a_finding_and_the_others_count(option: str) -> None:
    folder = built(LAW, **{option: ("part 701", "part 9999")})
    (finding,) = (row for row in folder.findings if row["code"] == "nothing-selected")
    assert finding["severity"] == "warning"
    assert f"--{option}" in finding["message"] and "part 9999" in finding["message"]


def test_the_containers_of_what_was_chosen_say_where_it_stands_and_by_which_authority() -> None:
    folder = built(LAW, only=("701.10",))
    assert folder.labels == [
        "Title 21—Food and Drugs",
        "CHAPTER I—Food and Drug Administration",
        "SUBCHAPTER G—Cosmetics",
        "PART 701—COSMETIC LABELING",
        "Subpart B—Packages",
        "§ 701.10 Display panel",
    ]
    assert "Authority: 21 U.S.C. 321." in folder.node("PART 701—COSMETIC LABELING").content
    keeps_its_word(folder)


def test_the_settings_are_on_record_sorted_and_each_once() -> None:
    folder = built(LAW, only=("701.10", "101.9", "701.10"), keep=("notes", "history,notes"))
    settings_row = folder.manifest["settings"]
    assert settings_row["only"] == ["101.9", "701.10"]
    assert settings_row["keep"] == ["history", "note"]


# -- what stays out by its kind ---------------------------------------------------------------

KINDS = part(
    701,
    "COSMETIC LABELING",
    "<AUTH><HED>Authority:</HED><PSPACE>21 U.S.C. 321.</PSPACE></AUTH>",
    "<SOURCE><HED>Source:</HED><PSPACE>39 FR 10056.</PSPACE></SOURCE>",
    section(
        "701.1",
        "Misbranding.",
        "<XREF>Link to an amendment published at 90 FR 1.</XREF>",
        "<P>(a) Law.</P><NOTE><HED>Note:</HED><P>Of the law.</P></NOTE><P>(b) [Reserved]</P>",
        "<EDNOTE><HED>Editorial Note:</HED><PSPACE>Of the editors.</PSPACE></EDNOTE>",
        "<EFFDNOT><HED>Effective Date Note:</HED><P>Of a date.</P></EFFDNOT>",
        "<SECAUTH>(Sec. 5, Act)</SECAUTH><APPRO>(Approved under number 5)</APPRO>",
        "<CITA>[39 FR 10056, Mar. 15, 1974]</CITA>",
    ),
    '<DIV8 N="701.2" TYPE="SECTION"><HEAD>§ 701.2   [Reserved]</HEAD></DIV8>',
    '<DIV8 N="701.4-701.5" TYPE="SECTION"><HEAD>§§ 701.4-701.5   [Reserved]</HEAD></DIV8>',
)
LEFT_OUT = {
    "(b) [Reserved]": "reserved",
    "§ 701.2 [Reserved]": "reserved",
    "§§ 701.4-701.5 [Reserved]": "reserved",
    "Source: 39 FR 10056.": "history",
    "[39 FR 10056, Mar. 15, 1974]": "history",
    "Editorial Note:\nOf the editors.": "note",
    "Effective Date Note:\nOf a date.": "note",
    "(Approved under number 5)": "note",
    "(Sec. 5, Act)": "authority",
    "Link to an amendment published at 90 FR 1.": "amendment-banner",
}


def test_what_is_no_law_is_left_out_each_with_its_reason_and_place() -> None:
    folder = built(KINDS)
    assert {row["text"]: row["reason"] for row in folder.excluded} == LEFT_OUT
    assert all(row["document"] == "title-21.xml" for row in folder.excluded)
    assert all(row["locator"].startswith("/") for row in folder.excluded)
    assert folder.node("§ 701.1 Misbranding").content == "(a) Law.\n\nNote: Of the law."
    keeps_its_word(folder)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("reserved", "reserved"), ("history", "history"), ("notes", "note"), ("note", "note"),
     ("authority", "authority"), ("banners", "amendment-banner"), (" Notes ", "note"),
     ("amendment-banner", "amendment-banner")],
)  # fmt: skip
def test_keep_puts_one_kind_back_and_leaves_the_others_out(word: str, reason: str) -> None:
    folder = built(KINDS, keep=(word,))
    assert {row["text"]: row["reason"] for row in folder.excluded} == {
        text: why for text, why in LEFT_OUT.items() if why != reason
    }
    for text, why in LEFT_OUT.items():
        if why == reason:
            assert folder.holds(text.replace("\n", " ")), text
    keeps_its_word(folder)


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(KEEPABLE))))
def test_the_word_promise_holds_whatever_is_kept(kept: set[str]) -> None:
    folder = built(LAW.replace("</DIV4></DIV3>", f"{KINDS}</DIV4></DIV3>"), keep=tuple(kept))
    keeps_its_word(folder)
    assert not {KEEPABLE[word] for word in kept} & set(folder.reasons())


def test_keep_takes_several_words_with_commas_and_is_repeatable() -> None:
    assert parse_keep(("notes, history", "Reserved")) == {"note", "history", "reserved"}
    assert parse_keep(("",)) == frozenset()


def test_an_unknown_word_is_refused_with_the_words_there_are() -> None:
    with pytest.raises(UsageError, match=r"--keep nots is unknown.*notes"):
        parse_keep(("nots",))


def test_a_reserved_part_that_holds_law_after_all_is_kept() -> None:
    # 21 CFR: a part whose heading says reserved while one of its sections does not
    inner = section("9.1", "Scope.", "<P>Law.</P>")
    folder = built(part(9, "[RESERVED]", inner) + "")
    assert folder.node("§ 9.1 Scope").content == "Law."
    assert "reserved" not in folder.reasons()


def test_an_appendix_is_chosen_by_its_name() -> None:
    law = part(
        101,
        "FOOD LABELING",
        section("101.1", "Scope.", "<P>Law.</P>"),
        appendix("Appendix A to Part 101", "Fonts", "<P>Fonts.</P>"),
    )
    folder = built(law, only=("Appendix A to Part 101",))
    assert folder.labels[1:] == ["Appendix A to Part 101—Fonts"]
    keeps_its_word(folder)


@pytest.mark.parametrize("text", ["[Reserved]", "[RESERVED]", "(Reserved)", "[Reserved]."])
def test_a_paragraph_is_reserved_if_it_says_nothing_else(text: str) -> None:
    selection = Selection()
    assert selection.reason(Node("paragraph", "(b)", "", text)) == "reserved"
    longer = Node("paragraph", "(b)", "", f"{text} The rest is law.")
    assert selection.reason(longer) is None


def test_only_and_skip_leave_each_unit_in_exactly_one_place() -> None:
    patterns = [pattern for pattern, _ in PATTERNS[::3]]
    for only, skip in itertools.product(patterns, patterns):
        if only == skip or not (dict(PATTERNS)[only] - dict(PATTERNS)[skip]):
            continue
        folder = built(LAW, only=(only,), skip=(skip,))
        assert sections_of(folder) == dict(PATTERNS)[only] - dict(PATTERNS)[skip], (only, skip)
        keeps_its_word(folder)
