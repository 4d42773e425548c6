"""The same law twice: copies, versions, conflicts."""

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
    subject_group,
    subpart,
    title,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def law(text: str, heading: str = "COSMETICS") -> str:
    return title(
        21,
        "Food",
        part(701, heading, section("701.3", "Scope.", f"<P>(a) {text}</P>")),
    )


def every_kept_id_is_a_principle(folder: Folder) -> None:
    ids = {line["id"] for line in folder.provenance}
    for row in folder.excluded:
        if "kept" in row:
            assert row["kept"] in ids, row


def texts_of(folder: Folder) -> list[str]:
    return [node.content for node in folder.nodes if node.label.startswith("§")]


# -- copies -----------------------------------------------------------------------------------


def test_the_same_file_twice_is_kept_once_and_the_other_is_on_record() -> None:
    text = law("Keep the label.")
    folder = built({"a/title-21.xml": text, "b/title-21.xml": f"{text}\n"})
    assert folder.labels == ["Title 21—Food", "PART 701—COSMETICS", "§ 701.3 Scope"]
    assert [(row["text"], row["reason"], row["kept"], row["similarity"])
            for row in folder.excluded] == [
        ("Title 21—Food", "duplicate", "/us/cfr/t21", 1.0),
        ("PART 701—COSMETICS", "duplicate", "/us/cfr/t21/pt701", 1.0),
        ("§ 701.3 Scope\n(a) Keep the label.", "duplicate", "/us/cfr/t21/s701.3", 1.0),
    ]  # fmt: skip
    assert {row["document"] for row in folder.excluded} == {"b/title-21.xml"}
    assert folder.codes == []
    counts = {row["source"]: row["words"] for row in folder.manifest["documents"]}
    # Title 21 Food · PART 701 COSMETICS · § 701.3 Scope · (a) Keep the label
    assert counts["a/title-21.xml"] == {
        "read": 13, "principles": 13, "excluded": 0, "duplicates": 0,
    }  # fmt: skip
    assert counts["b/title-21.xml"] == {
        "read": 13, "principles": 0, "excluded": 13, "duplicates": 13,
    }  # fmt: skip
    keeps_its_word(folder)


def test_provenance_names_every_copy_and_first_the_one_that_was_kept() -> None:
    text = law("Keep the label.")
    folder = built({"a/title-21.xml": text, "b/title-21.xml": f"{text}\n"})
    (line,) = folder.cited("21 CFR 701.3")
    assert [source["document"] for source in line["sources"]] == [
        "a/title-21.xml",
        "b/title-21.xml",
    ]
    assert line["sources"][0]["sha256"] != line["sources"][1]["sha256"]


def test_pieces_of_a_copy_are_kept_once_and_every_piece_names_both() -> None:
    long = "</P><P>(b) ".join([" ".join(["lot"] * 100)] * 3)
    folder = built({"a/title-21.xml": law(long), "b/title-21.xml": law(long) + "\n"},
                   max_tokens=128)  # fmt: skip
    lines = [line for line in folder.provenance if line["label"].startswith("§")]
    assert len(lines) == 3
    assert all(len(line["sources"]) == 2 for line in lines)
    keeps_its_word(folder)
    every_kept_id_is_a_principle(folder)


@pytest.mark.parametrize(
    "other",
    [
        "Keep\n   the label.",
        "Keep the label.\n",
        "Keep&#160;the label.",
        "<I>Keep</I> the label.",
    ],
)
def test_a_difference_of_layout_alone_makes_no_other_text(other: str) -> None:
    folder = built({"a/title-21.xml": law("Keep the label."), "b/title-21.xml": law(other)})
    assert len(texts_of(folder)) == 1
    assert folder.codes == []


def test_where_paragraphs_end_is_layout_too() -> None:
    one, two = law("One rule. Another rule."), law("One rule.</P><P>Another rule.")
    folder = built({"a/title-21.xml": one, "b/title-21.xml": two})
    assert "conflict" not in folder.codes
    assert len(texts_of(folder)) == 1
    keeps_its_word(folder)


def test_a_copy_whose_title_is_unknown_is_known_by_its_label_and_text() -> None:
    # a part saved under a name that does not say which title it is of
    inner = part(701, "COSMETICS", section("701.3", "Scope.", "<P>(a) Keep the label.</P>"))
    folder = built({"title-21.xml": law("Keep the label."), "saved.xml": inner})
    assert texts_of(folder) == ["(a) Keep the label."]
    assert folder.codes == ["title-unknown"]
    every_kept_id_is_a_principle(folder)
    keeps_its_word(folder)


def test_equal_texts_under_different_numbers_are_different_law() -> None:
    text = "<P>The definitions of part 700 apply.</P>"
    folder = built(
        title(
            21,
            "Food",
            part(701, "COSMETICS", section("701.2", "Definitions.", text)),
            part(710, "REGISTRATION", section("710.2", "Definitions.", text)),
        )
    )
    assert len(texts_of(folder)) == 2
    assert folder.reasons() == {}


def test_containers_that_are_too_deep_to_stand_are_no_principle_that_could_stand_for_another() -> (
    None
):
    deep = title(
        21,
        "Food",
        chapter(
            "I",
            "FDA",
            part(
                701,
                "COSMETICS",
                subpart(
                    "A", "General", subject_group("Labels", section("701.3", "X.", "<P>Y.</P>"))
                ),
            ),
        ),
    )
    for depth in range(2, 7):
        folder = built({"a/title-21.xml": deep, "b/title-21.xml": f"{deep}\n"}, max_depth=depth)
        assert len(texts_of(folder)) == 1
        every_kept_id_is_a_principle(folder)
        keeps_its_word(folder)


def test_a_container_of_which_another_document_has_everything_leaves_no_empty_node() -> None:
    inner = part(701, "COSMETICS", section("701.3", "Scope.", "<P>(a) Keep the label.</P>"))
    folder = built({"title-21.xml": law("Keep the label."), "title-21_part-701.xml": inner})
    assert folder.labels == ["Title 21—Food", "PART 701—COSMETICS", "§ 701.3 Scope"]
    every_kept_id_is_a_principle(folder)
    keeps_its_word(folder)


def test_every_duplicate_names_what_stands_for_it_even_where_nothing_of_a_unit_is_left() -> None:
    # GPO has printed a section twice: in the part and again in a subpart of it
    once = section("701.1", "Scope.", "<P>Keep it.</P>")
    twice = part(701, "COSMETICS", once, subpart("A", "General", once))
    again = part(701, "COSMETICS", subpart("A", "General", once))
    folder = built({"a/title-21.xml": twice, "b/title-21.xml": again})
    assert texts_of(folder) == ["Keep it."]
    assert all(row.get("kept") for row in folder.excluded if row["reason"] == "duplicate")
    every_kept_id_is_a_principle(folder)
    keeps_its_word(folder)


# -- conflicts --------------------------------------------------------------------------------


def test_one_citation_with_two_texts_and_no_dates_is_a_conflict_and_both_are_kept() -> None:
    folder = built({"a/title-21.xml": law("Keep it 15 days."),
                    "b/title-21.xml": law("Keep it 30 days.")})  # fmt: skip
    assert texts_of(folder) == ["(a) Keep it 15 days.", "(a) Keep it 30 days."]
    (finding,) = (row for row in folder.findings if row["code"] == "conflict")
    assert finding["severity"] == "warning"
    assert finding["differs"] == [["15", "30"]]
    assert finding["principles"] == [line["id"] for line in folder.cited("21 CFR 701.3")]
    assert "a/title-21.xml" in finding["message"] and "b/title-21.xml" in finding["message"]
    assert folder.manifest["totals"]["words"]["duplicates"] == 6  # the two headings only
    keeps_its_word(folder)


# Decision 9 of the design: texts that differ in one of these are never merged.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("within 15 days", "within 30 days"),
        ("by March 1", "by May 1"),
        ("a fine of $100", "a fine of $1,000"),
        ("5 mg of it", "5 g of it"),
        ("it shall be sold", "it shall not be sold"),
        ("it shall be sold", "it may be sold"),
        ("it must be sold", "it should be sold"),
        ("each “lot”", "each “batch”"),
        ("under § 701.3", "under § 701.30"),
        ("CO<E T='52'>2</E>", "CO<E T='52'>3</E>"),
    ],
)
def test_texts_that_differ_in_law_are_never_merged(one: str, other: str) -> None:
    folder = built({"a/title-21.xml": law(one), "b/title-21.xml": law(other)})
    assert len(texts_of(folder)) == 2
    assert folder.codes.count("conflict") == 1
    keeps_its_word(folder)


def test_texts_that_differ_in_their_heading_alone_conflict_in_its_words() -> None:
    def law(heading: str) -> str:
        return part(701, "COSMETICS", section("701.3", heading, "<P>Keep the label.</P>"))

    folder = built({"a/title-21.xml": law("Of labels."), "b/title-21.xml": law("Of packages.")})
    (finding,) = (row for row in folder.findings if row["code"] == "conflict")
    assert [[word.rstrip(".") for word in pair] for pair in finding["differs"]] == [
        ["labels", "packages"]
    ]


def test_equal_dates_are_no_way_to_choose() -> None:
    folder = built({"a/title-21_2024-01-01.xml": law("Keep it 15 days."),
                    "b/title-21_2024-01-01.xml": law("Keep it 30 days.")})  # fmt: skip
    assert len(texts_of(folder)) == 2
    assert "conflict" in folder.codes
    assert "version" not in folder.reasons()


def test_three_texts_conflict_each_with_the_first() -> None:
    folder = built({f"{n}/title-21.xml": law(f"Keep it {n} days.") for n in (1, 2, 3)})
    conflicts = [row for row in folder.findings if row["code"] == "conflict"]
    assert [row["differs"] for row in conflicts] == [[["1", "2"]], [["1", "3"]]]


def test_a_section_printed_twice_in_one_document_with_two_texts_is_a_conflict() -> None:
    one = section("701.3", "Scope.", "<P>It must stand.</P>")
    folder = built(part(701, "COSMETICS", one, one.replace("must", "may")))
    assert texts_of(folder) == ["It must stand.", "It may stand."]
    (finding,) = (row for row in folder.findings if row["code"] == "conflict")
    assert finding["differs"] == [["must", "may"]]
    assert "name-taken" in folder.codes


# -- versions ---------------------------------------------------------------------------------


def test_of_two_dated_versions_the_latest_is_kept_and_the_other_is_on_record() -> None:
    folder = built({"title-21_2023-05-01.xml": law("Keep it 15 days."),
                    "title-21_2024-05-01.xml": law("Keep it 30 days.")})  # fmt: skip
    assert texts_of(folder) == ["(a) Keep it 30 days."]
    assert "conflict" not in folder.codes
    (row,) = (row for row in folder.excluded if row["reason"] == "version")
    assert row["text"] == "§ 701.3 Scope\n(a) Keep it 15 days."
    assert row["document"] == "title-21_2023-05-01.xml"
    assert row["kept"] == "/us/cfr/t21/s701.3"
    (line,) = folder.cited("21 CFR 701.3")
    assert [source["as_of"] for source in line["sources"]] == ["2024-05-01"]
    keeps_its_word(folder)


def test_the_date_of_the_api_counts_before_that_of_the_name() -> None:
    def dated(date: str, text: str) -> str:
        metadata = (
            "{&amp;quot;path&amp;quot;:&amp;quot;/on/" + date + "/title-21/part-701&amp;quot;}"
        )
        inner = section("701.3", "Scope.", f"<P>{text}</P>")
        return part(701, "X", inner).replace("<DIV5", f'<DIV5 hierarchy_metadata="{metadata}"', 1)

    folder = built({"title-21_2030-01-01.xml": dated("2023-05-01", "Old."),
                    "title-21_2020-01-01.xml": dated("2024-05-01", "New.")})  # fmt: skip
    assert texts_of(folder) == ["New."]


def test_a_copy_of_an_old_version_is_a_duplicate_with_an_id_or_a_version_with_one() -> None:
    folder = built({"title-21_2022-01-01.xml": law("Old."), "title-21_2023-01-01.xml": law("Old."),
                    "title-21_2024-01-01.xml": law("New.")})  # fmt: skip
    assert texts_of(folder) == ["(a) New."]
    rows = [row for row in folder.excluded if row["text"].startswith("§")]
    assert len(rows) == 2
    assert [row.get("kept") for row in rows] == ["/us/cfr/t21/s701.3"] * 2
    # an old text is no copy of the new one
    assert {row["reason"] for row in rows} == {"version"}
    keeps_its_word(folder)


def test_an_old_version_names_the_dated_text_in_force_not_one_without_a_date() -> None:
    folder = built({"a.xml": law("Undated."), "title-21_2023-01-01.xml": law("Old."),
                    "title-21_2024-01-01.xml": law("New.")})  # fmt: skip
    assert sorted(texts_of(folder)) == ["(a) New.", "(a) Undated."]
    new = next(line["id"] for line in folder.cited("21 CFR 701.3")
               if line["sources"][0]["as_of"] == "2024-01-01")  # fmt: skip
    (row,) = (row for row in folder.excluded if row["reason"] == "version")
    assert row["kept"] == new
    assert folder.codes.count("conflict") == 1


def test_the_text_of_a_heading_with_headings_in_it_is_kept_once_of_two_documents() -> None:
    page = "# 2. Chapter 2\n\n" + "".join(
        f"## 2.{n} Rule\n\nThe holder shall keep record {n} of every lantern.\n\n" for n in range(6)
    )
    once = built({"a.md": page})
    twice = built({"d1/a.md": page, "d2/a.md": page})
    assert [node.content for node in twice.nodes[1:]] == [node.content for node in once.nodes[1:]]
    rows = [row for row in twice.excluded if row["document"] == "d2/a.md"]
    assert {row["reason"] for row in rows} == {"duplicate"}
    every_kept_id_is_a_principle(twice)
    keeps_its_word(twice)


def test_a_text_that_came_back_is_the_latest_version() -> None:
    folder = built({"title-21_2022-01-01.xml": law("One."), "title-21_2023-01-01.xml": law("Two."),
                    "title-21_2024-01-01.xml": law("One.")})  # fmt: skip
    assert texts_of(folder) == ["(a) One."]
    (line,) = folder.cited("21 CFR 701.3")
    assert line["sources"][0]["as_of"] == "2024-01-01"
    keeps_its_word(folder)


def test_a_part_renamed_between_two_versions_is_one_part_with_its_latest_name() -> None:
    folder = built({"title-21_2023-01-01.xml": law("Keep it.", "OLD NAME"),
                    "title-21_2024-01-01.xml": law("Keep it.", "NEW NAME")})  # fmt: skip
    assert folder.labels == ["Title 21—Food", "PART 701—NEW NAME", "§ 701.3 Scope"]
    (row,) = (row for row in folder.excluded if row["text"] == "PART 701—OLD NAME")
    assert row["reason"] != "duplicate"  # the names are not the same
    assert row.get("similarity") != 1.0
    keeps_its_word(folder)


def test_a_part_renamed_and_amended_between_two_versions_is_still_one_part() -> None:
    folder = built({"title-21_2023-01-01.xml": law("Keep it.", "OLD NAME"),
                    "title-21_2024-01-01.xml": law("Drop it.", "NEW NAME")})  # fmt: skip
    assert folder.labels == ["Title 21—Food", "PART 701—NEW NAME", "§ 701.3 Scope"]
    assert texts_of(folder) == ["(a) Drop it."]
    keeps_its_word(folder)


def with_authority(authority: str, note: str) -> str:
    return part(
        701,
        "COSMETICS",
        f"<AUTH><HED>Authority:</HED><PSPACE>{authority}</PSPACE></AUTH>",
        f"<NOTE><HED>Note:</HED><P>{note}</P></NOTE>",
        section("701.3", "Scope.", "<P>Keep it.</P>"),
    )


def test_the_authority_and_notes_of_an_old_version_do_not_stand_beside_those_in_force() -> None:
    folder = built({"title-21_2023-01-01.xml": with_authority("21 U.S.C. 1.", "Old."),
                    "title-21_2024-01-01.xml": with_authority("21 U.S.C. 2.", "New.")})  # fmt: skip
    content = folder.node("PART 701—COSMETICS").content
    assert "Authority: 21 U.S.C. 2." in content
    assert "Note: New." in content
    assert not folder.holds("21 U.S.C. 1.")
    assert not folder.holds("Old.")
    keeps_its_word(folder)


@pytest.mark.parametrize("citation", ["Appendix A to Part 701", "Form B"])
def test_an_appendix_has_versions_as_a_section_has(citation: str) -> None:
    def dated(text: str) -> str:
        return part(701, "COSMETICS", appendix(citation, "Tests", f"<P>{text}</P>"))

    folder = built({"title-21_2023-01-01.xml": dated("Old."),
                    "title-21_2024-01-01.xml": dated("New.")})  # fmt: skip
    assert folder.holds("New.") and not folder.holds("Old.")
    assert folder.reasons()["version"] == 1


def test_a_headed_division_without_a_citation_has_versions_too() -> None:
    # 18 CFR part 101 has no sections: its accounts are headings
    def dated(text: str) -> str:
        inner = section("101.1", "Scope.", "<P>Law.</P>")
        return part(101, "ACCOUNTS", inner, f"<HD1>Account 5</HD1><P>{text}</P>")

    folder = built({"title-18_2023-01-01.xml": dated("Old."),
                    "title-18_2024-01-01.xml": dated("New.")})  # fmt: skip
    assert folder.holds("New.") and not folder.holds("Old.")


def test_the_verdict_does_not_depend_on_the_order_in_which_documents_are_named() -> None:
    documents = {
        "title-21_2023-01-01.xml": law("Old."),
        "title-21_2024-01-01.xml": law("New."),
        "a.xml": law("New."),
        "b.xml": law("Undated."),
    }
    folders = [built(dict(order)).files for order in itertools.permutations(documents.items())]
    assert all(files == folders[0] for files in folders)


# -- documents that overlap in any way ----------------------------------------------------------

_sections = st.lists(
    st.builds(
        section,
        st.sampled_from(("701.1", "701.2", "701.3")),
        st.sampled_from(("Scope.", "Labels.")),
        st.sampled_from(("<P>It must.</P>", "<P>It may.</P>", "<P>(a) [Reserved]</P>", "")),
    ),
    max_size=2,
).map("".join)
_loose = st.sampled_from(
    ("", "<AUTH><HED>Authority:</HED><PSPACE>A.</PSPACE></AUTH>",
     "<AUTH><HED>Authority:</HED><PSPACE>B.</PSPACE></AUTH>",
     "<NOTE><HED>Note:</HED><P>One.</P></NOTE>", "<NOTE><HED>Note:</HED><P>Two.</P></NOTE>",
     f"<P>{'long ' * 70}</P>")
)  # fmt: skip
_names = st.sampled_from(("COSMETICS", "LABELS", "[RESERVED]"))
_inside = st.one_of(
    st.just(""),
    st.builds(subpart, st.sampled_from("AB"), _names, _loose, _sections),
    st.builds(subject_group, st.sampled_from(("Panels", "Names")), _sections),
    st.just(appendix("Appendix A to Part 701", "Forms", "<P>Form.</P>")),
    st.just("<HD1>Account</HD1><P>One.</P><HD1>Account</HD1><HD2>In it</HD2><P>Two.</P>"),
)
_part = st.builds(part, st.sampled_from((701, 702)), _names, _loose, _sections, _inside, _inside)
_document = st.one_of(
    _part,
    st.builds(lambda *inner: title(21, "Food", *inner), _loose, _part, _part),
    st.builds(lambda *inner: title(21, "Food", chapter("I", "FDA", *inner)), _part, _sections),
)
_documents = st.lists(
    st.tuples(
        st.sampled_from(("title-21", "title-21_2023-01-01", "title-21_2024-01-01", "untitled")),
        _document,
    ),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, max_examples=80)
@given(_documents, st.integers(2, 6), st.sampled_from(((), ("reserved", "authority"))))
def test_documents_that_overlap_in_any_way_keep_every_rule_in_any_order(
    drawn: list[tuple[str, str]], max_depth: int, keep: tuple[str, ...]
) -> None:
    law = part(710, "LAST", section("710.1", "Last.", "<P>So that something is kept.</P>"))
    documents = {f"{n}/{name}.xml": text for n, (name, text) in enumerate(drawn)}
    documents["title-21_part-710.xml"] = law
    folder = built(documents, max_depth=max_depth, keep=keep)
    keeps_its_word(folder)
    assert folder.fit, folder.checked
    ids = [line["id"] for line in folder.provenance]
    assert len(set(ids)) == len(ids)
    every_kept_id_is_a_principle(folder)
    for row in folder.excluded:
        assert ("kept" in row) == (row["reason"] in ("duplicate", "version")), row
    for node in folder.nodes:
        labels = [child["label"] for child in node.children]
        assert len(set(labels)) == len(labels)
    for finding in folder.findings:
        assert set(finding.get("principles", ())) <= set(ids)
        assert finding["code"] != "conflict" or len(set(finding["principles"])) == 2
    backwards = built(dict(reversed(documents.items())), max_depth=max_depth, keep=keep)
    assert backwards.files == folder.files


MARKDOWN = """\
# PART 701—COSMETICS

## § 701.3 Scope.

(a) Each label, must bear the net weight of 1.5 g.
"""


def test_the_same_law_in_another_format_is_kept_once_the_best_copy_first() -> None:
    xml = law("Each label must bear the net weight of 1.5 g.")
    folder = built({"title-21_copy.md": MARKDOWN, "title-21_law.xml": xml})
    keeps_its_word(folder)
    assert len(texts_of(folder)) == 1
    assert "label must" in texts_of(folder)[0]
    (copy,) = (row for row in folder.excluded if row["reason"] == "near-duplicate")
    assert copy["document"].endswith(".md")
    assert 0.8 < copy["similarity"] < 1
    every_kept_id_is_a_principle(folder)


def test_a_copy_in_another_format_that_differs_in_a_number_is_a_conflict() -> None:
    xml = law("Each label must bear the net weight of 15 g.")
    folder = built({"title-21_copy.md": MARKDOWN, "title-21_law.xml": xml})
    keeps_its_word(folder)
    assert len(texts_of(folder)) == 2
    (conflict,) = (row for row in folder.findings if row["code"] == "conflict")
    assert ["15", "1.5"] in conflict["differs"] or ["1.5", "15"] in conflict["differs"]


def test_where_a_copy_is_cut_into_pieces_makes_no_other_text() -> None:
    # the lead-in is repeated in later pieces, which begin elsewhere where a note is longer
    items = "</P><P>".join(f"({n}) {'lot ' * 30}" for n in range(1, 12))
    one = law(f"Each label must bear:</P><P>{items}")
    other = law(f"Each  label must – bear:</P><P>{items.replace('lot', 'lot,')}")
    folder = built({"a/title-21.xml": one, "b/title-21.xml": other}, max_tokens=128)
    assert "conflict" not in folder.codes
    assert any("bear:]" in text for text in texts_of(folder))
    keeps_its_word(folder)


def test_a_footnote_printed_elsewhere_makes_no_other_text() -> None:
    one = law("One.<SU>1</SU></P><FTNT><P><SU>1</SU> Or two.</P></FTNT><P>(b) Three.")
    other = law("One.<SU>1</SU></P><P>(b) Three.</P><FTNT><P><SU>1</SU> Or two.</P></FTNT><P>")
    moved = law("One.<SU>1</SU></P><P>(b) Three.</P><FTNT><P><SU>1</SU> Or 2.</P></FTNT><P>")
    assert "conflict" not in built({"a/title-21.xml": one, "b/title-21.xml": other}).codes
    assert "conflict" in built({"a/title-21.xml": one, "b/title-21.xml": moved}).codes
