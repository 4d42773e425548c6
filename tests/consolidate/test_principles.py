"""Section trees into the upload tree: depth, labels, contents, order."""

from __future__ import annotations

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
    subject_group,
    subpart,
    title,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.consolidate.tokens import Tokenizer

COUNT = Tokenizer().count

# Seven levels with the section: title, chapter, subchapter, part, subpart, subject group.
DEEP = title(
    21,
    "Food",
    chapter(
        "I",
        "FDA",
        subchapter(
            "G",
            "Cosmetics",
            part(
                701,
                "LABELING",
                "<AUTH><HED>Authority:</HED><PSPACE>21 U.S.C. 321.</PSPACE></AUTH>",
                subpart(
                    "A",
                    "General",
                    "<NOTE><HED>Note:</HED><P>Of the subpart.</P></NOTE>",
                    subject_group("Panels", section("701.1", "Front.", "<P>Front law.</P>")),
                    subject_group("Names", section("701.2", "Back.", "<P>Back law.</P>")),
                ),
                subpart("B", "Empty", ""),
                section("701.9", "Last.", "<P>Last law.</P>"),
                appendix("Appendix A to Part 701", "Forms", "<P>Form law.</P>"),
            ),
        ),
    ),
)


def is_well_formed(folder: Folder, max_depth: int = 6) -> None:
    """Assert the rules of the upload tree, node by node."""
    for node in folder.nodes:
        assert node.level == str(node.depth)
        assert node.depth < max_depth
        assert node.label and node.label == node.label.strip()
        assert node.content and node.content == node.content.strip()
        labels = [child["label"] for child in node.children]
        assert len(set(labels)) == len(labels), labels
    assert folder.fit, folder.checked


# -- depth ------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_depth", [2, 3, 4, 5, 6, 7])
def test_folding_loses_no_word_and_keeps_every_name_in_a_label(max_depth: int) -> None:
    folder = built(DEEP, max_depth=max_depth)
    is_well_formed(folder, max_depth)
    keeps_its_word(folder)
    labels = "\n".join(folder.labels)
    for name in ("Title 21—Food", "CHAPTER I—FDA", "SUBCHAPTER G—Cosmetics", "PART 701—LABELING",
                 "Subpart A—General", "Panels", "Names", "§ 701.1 Front", "§ 701.2 Back",
                 "§ 701.9 Last", "Appendix A to Part 701—Forms"):  # fmt: skip
        assert name in labels, name
    for text in ("Front law.", "Back law.", "Last law.", "Form law.", "Of the subpart."):
        assert folder.holds(text), text
    assert max(node.depth for node in folder.nodes) == max_depth - 1


def test_at_the_default_depth_only_the_deepest_container_moves_into_labels() -> None:
    folder = built(DEEP)
    assert folder.under("Subpart A—General") == ["§ 701.1 Front [Panels]", "§ 701.2 Back [Names]"]


def test_at_two_levels_every_section_names_all_its_containers() -> None:
    folder = built(DEEP, max_depth=2)
    assert (
        "§ 701.1 Front [CHAPTER I—FDA; SUBCHAPTER G—Cosmetics; PART 701—LABELING; "
        "Subpart A—General; Panels]"
    ) in folder.labels


def test_the_authority_of_a_container_without_a_node_is_on_record() -> None:
    folder = built(DEEP, max_depth=3)
    (row,) = (row for row in folder.excluded if row["reason"] == "authority")
    assert row["text"] == "Authority: 21 U.S.C. 321."
    keeps_its_word(folder)


def test_a_container_that_holds_nothing_is_on_record_and_no_node() -> None:
    folder = built(DEEP)
    (row,) = (row for row in folder.excluded if row["reason"] == "empty")
    assert row["text"].split()[-1].endswith("Empty")
    assert row["locator"].endswith("/DIV6[@N='B']")
    assert "Subpart B—Empty" not in folder.labels


# -- contents ---------------------------------------------------------------------------------


def test_a_section_with_a_heading_alone_says_its_heading() -> None:
    folder = built(part(701, "X", section("701.1", "Front.")))
    assert folder.node("§ 701.1 Front").content == "§ 701.1 Front."
    is_well_formed(folder)
    keeps_its_word(folder)


def test_a_container_holds_its_authority_and_notes_where_they_fit() -> None:
    folder = built(DEEP)
    assert "Authority: 21 U.S.C. 321." in folder.node("PART 701—LABELING").content
    assert folder.node("Subpart A—General").content.endswith("Note: Of the subpart.")


def test_text_of_a_container_that_does_not_fit_its_content_stands_below_it() -> None:
    long = " ".join(["lot"] * 60)
    folder = built(
        part(701, "X", f"<P>{long}</P>", section("701.1", "Front.", "<P>Law.</P>")), max_tokens=64
    )
    assert folder.under("PART 701—X") == ["PART 701—X (text)", "§ 701.1 Front"]
    assert folder.node("PART 701—X (text)").content == long
    is_well_formed(folder)
    keeps_its_word(folder)


def part_with_a_heading_of(words: int) -> str:
    heading = " ".join(f"lot{n}" for n in range(words))
    return part(701, heading, section("701.1", "Front.", "<P>Law.</P>"))


@pytest.mark.parametrize("max_tokens", [64, 128])
def test_the_content_of_a_container_keeps_the_budget_however_long_its_name(
    max_tokens: int,
) -> None:
    for words in range(4, 120, 5):
        folder = built(part_with_a_heading_of(words), max_tokens=max_tokens)
        assert max(COUNT(node.content) for node in folder.nodes) <= max_tokens, words
        is_well_formed(folder)
        keeps_its_word(folder)


def test_the_name_that_a_title_covers_keeps_the_budget_too() -> None:
    for words in range(4, 14):
        folder = built(part_with_a_heading_of(words), max_tokens=64, title="My own rules")
        assert folder.nodes[0].label == "My own rules"
        assert max(COUNT(node.content) for node in folder.nodes) <= 64, words
        keeps_its_word(folder)


def test_a_section_with_nothing_but_a_long_heading_keeps_the_budget() -> None:
    heading = "of the quick brown fox " * 12
    folder = built(part(701, "X", section("701.1", heading)), max_tokens=64)
    assert max(COUNT(node.content) for node in folder.nodes) <= 64
    is_well_formed(folder)
    keeps_its_word(folder)


def test_a_heading_too_long_for_a_label_is_the_beginning_of_the_text() -> None:
    heading = "Of " + "many words " * 40
    folder = built(part(701, "X", section("701.1", heading, "<P>Law.</P>")))
    node = folder.node("§ 701.1")
    assert node.content == f"{heading.strip()}\n\nLaw."
    keeps_its_word(folder)


def test_a_heading_of_a_part_too_long_for_a_label_stands_in_its_content() -> None:
    heading = "Of " + "many words " * 40
    folder = built(part(701, heading, section("701.1", "Front.", "<P>Law.</P>")))
    root = folder.nodes[0]
    assert len(root.label) <= 300
    assert root.label.startswith("PART 701")
    assert heading.strip() in root.content
    is_well_formed(folder)
    keeps_its_word(folder)


# -- the root ---------------------------------------------------------------------------------


def test_a_title_is_the_label_of_the_root_and_the_name_it_covers_stays() -> None:
    folder = built(DEEP, title="Cosmetics of the United States")
    assert folder.nodes[0].label == "Cosmetics of the United States"
    assert folder.nodes[0].content.startswith("Title 21—Food")
    keeps_its_word(folder)


@pytest.mark.parametrize("given", [" Rules ", "Rules\n", "\tRules"])
def test_space_around_a_title_is_trimmed(given: str) -> None:
    folder = built(DEEP, title=given)
    assert folder.nodes[0].label == "Rules"
    is_well_formed(folder)


@pytest.mark.parametrize("given", ["", "  "])
def test_a_title_of_nothing_is_none(given: str) -> None:
    folder = built(DEEP, title=given)
    assert folder.nodes[0].label == "Title 21—Food"
    is_well_formed(folder)


def test_several_units_get_a_root_over_them_with_a_name_and_a_content() -> None:
    folder = built(
        {
            "title-21_part-11.xml": part(11, "RECORDS", section("11.1", "A.", "<P>B.</P>")),
            "title-21_part-701.xml": part(701, "LABELS", section("701.1", "A.", "<P>B.</P>")),
        }
    )
    root = folder.nodes[0]
    assert [child["label"] for child in root.children] == ["PART 11—RECORDS", "PART 701—LABELS"]
    assert "11" in root.label and "701" in root.label
    assert folder.provenance[0]["id"] == "/"
    is_well_formed(folder)
    keeps_its_word(folder)


# -- order and names --------------------------------------------------------------------------


def test_documents_stand_in_the_order_of_the_law_and_not_of_their_names() -> None:
    documents = {
        "a_title-21_section.xml": section("701.3", "S.", "<P>Law.</P>"),
        "b_title-21_part.xml": part(11, "P", section("11.1", "S.", "<P>Law.</P>")),
        "c_title-1.xml": title(1, "T", part(51, "P", section("51.1", "S.", "<P>Law.</P>"))),
        "d_title-21_part.xml": part(9, "P", section("9.1", "S.", "<P>Law.</P>")),
        "e_title-21_part.xml": part(1271, "P", section("1271.1", "S.", "<P>Law.</P>")),
    }
    folder = built(documents)
    assert [child["label"] for child in folder.nodes[0].children] == [
        "Title 1—T",
        "PART 9—P",
        "PART 11—P",
        "§ 701.3 S",
        "PART 1271—P",
    ]


def test_parts_of_one_title_from_two_documents_stand_in_the_title_in_order() -> None:
    def law(*numbers: int) -> str:
        return title(
            21,
            "Food",
            *(part(n, "P", section(f"{n}.1", "S.", f"<P>Law {n}.</P>")) for n in numbers),
        )

    folder = built({"title-21_a.xml": law(101, 701), "title-21_b.xml": law(9, 211)})
    assert folder.under("Title 21—Food") == ["PART 9—P", "PART 101—P", "PART 211—P", "PART 701—P"]
    keeps_its_word(folder)


def test_sections_stand_before_subparts_and_appendices_last_when_documents_are_merged() -> None:
    one = part(
        701,
        "P",
        section("701.1", "S.", "<P>One.</P>"),
        subpart("A", "Q", section("701.3", "S.", "<P>Three.</P>")),
        appendix("Appendix A to Part 701", "F", "<P>Form.</P>"),
    )
    two = part(701, "P", section("701.2", "S.", "<P>Two.</P>"))
    folder = built({"title-21_a.xml": one, "title-21_b.xml": two})
    assert folder.under("PART 701—P") == [
        "§ 701.1 S",
        "§ 701.2 S",
        "Subpart A—Q",
        "Appendix A to Part 701—F",
    ]


def test_headed_divisions_of_two_documents_can_stand_in_one_part() -> None:
    # 18 CFR part 101: accounts are headings without a number or a citation
    def law(account: str) -> str:
        return part(
            101,
            "ACCOUNTS",
            section("101.1", "S.", "<P>Law.</P>"),
            f"<HD1>{account}</HD1><P>Text of {account}.</P>",
            subject_group("Assets", section(f"101.{len(account)}", "T.", "<P>More.</P>")),
        )

    folder = built({"title-18_a.xml": law("Account 5"), "title-18_b.xml": law("Account 10")})
    assert folder.holds("Text of Account 5.") and folder.holds("Text of Account 10.")
    is_well_formed(folder)
    keeps_its_word(folder)


def test_a_label_that_is_taken_is_numbered_and_reported() -> None:
    text = "<HD1>Account</HD1><P>One.</P><HD1>Account</HD1><P>Two.</P>"
    folder = built(part(101, "ACCOUNTS", text))
    assert folder.under("PART 101—ACCOUNTS") == ["Account", "Account (2)"]
    (finding,) = (row for row in folder.findings if row["code"] == "name-taken")
    assert finding["severity"] == "info"
    assert "Account (2)" in finding["message"]
    ids = {line["label"]: line["id"] for line in folder.provenance}
    assert finding["principle"] == ids["Account (2)"]
    keeps_its_word(folder)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("subpart", "group", "section", "appendix", "heading")),
            st.sampled_from(("One", "Two", "One (2)")),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(2, 6),
)
def test_siblings_never_share_a_label_however_the_law_names_them(
    units: list[tuple[str, str, bool]], max_depth: int
) -> None:
    inner = []
    for n, (kind, name, full) in enumerate(units):
        law = section(f"701.{n}", name, "<P>Law.</P>") if full else ""
        inner.append(
            {
                "subpart": subpart("A", name, law),
                "group": subject_group(name, law),
                "section": section("701.90", name, f"<P>Law {n}.</P>"),
                "appendix": appendix("Appendix A to Part 701", name, f"<P>Law {n}.</P>"),
                "heading": f"<HD1>{name}</HD1><P>Law {n}.</P>",
            }[kind]
        )
    body = "".join(inner) + section("701.99", "End.", "<P>Law.</P>")
    folder = built(title(21, "Food", part(701, "LABELS", body)), max_depth=max_depth)
    is_well_formed(folder, max_depth)
    keeps_its_word(folder)
