"""Names of fetched files: safe on every system, and the same in whatever order they come."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.sources.folders import find_sources
from tribonian.ingest.sources.lock import is_inner
from tribonian.ingest.sources.names import LONGEST, ecfr_name, file_names, safe_name, safe_path
from tribonian.ingest.sources.source import date_in_name, title_in_name


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        (CfrUnit(21), "title-21_2026-01-29.xml"),
        (CfrUnit(21, part="11"), "title-21_part-11_2026-01-29.xml"),
        # a part's number says its chapter
        (CfrUnit(21, chapter="I", part="11"), "title-21_part-11_2026-01-29.xml"),
        (CfrUnit(41, part="50-201"), "title-41_part-50-201_2026-01-29.xml"),
        (CfrUnit(21, chapter="I", subchapter="G"),
         "title-21_chapter-I_subchapter-G_2026-01-29.xml"),
        (CfrUnit(2, subtitle="A", chapter="I"), "title-2_subtitle-A_chapter-I_2026-01-29.xml"),
        (CfrUnit(21, part="11", subpart="B"), "title-21_part-11_subpart-B_2026-01-29.xml"),
        (CfrUnit(14, part="25", subpart="B", subject_group="ECFR14f0e2fcc647a42"),
         "title-14_part-25_subpart-B_subject-group-ECFR14f0e2fcc647a42_2026-01-29.xml"),
        (CfrUnit(21, part="11", section="11.10"), "title-21_section-11.10_2026-01-29.xml"),
        (CfrUnit(21, section="11.10", paragraph="(a)"),
         "title-21_section-11.10(a)_2026-01-29.xml"),
        # 26 CFR 1.263(a)-3
        (CfrUnit(26, section="1.263(a)-3", paragraph="(i)(1)"),
         "title-26_section-1.263(a)-3(i)(1)_2026-01-29.xml"),
        # 36 CFR "52. 36" has a space in its number
        (CfrUnit(36, section="52. 36"), "title-36_section-52.-36_2026-01-29.xml"),
        (CfrUnit(12, part="1005", appendix="Appendix A to Part 1005"),
         "title-12_Appendix-A-to-Part-1005_2026-01-29.xml"),
        (CfrUnit(12, part="1005", appendix="A"),
         "title-12_part-1005_appendix-A_2026-01-29.xml"),
        (CfrUnit(12, part="1005", appendix="Supplement I to Part 1005"),
         "title-12_part-1005_appendix-Supplement-I-to-Part-1005_2026-01-29.xml"),
    ],
)  # fmt: skip
def test_a_unit_of_the_cfr_is_called_by_its_numbers_and_its_date(unit: CfrUnit, name: str) -> None:
    assert ecfr_name(unit, "2026-01-29") == name
    assert date_in_name(name) == "2026-01-29"
    assert title_in_name(name) == str(unit.title)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("part-11.xml", "part-11.xml"),
        ("Órden 5 § 3 – 日本.pdf", "Órden 5 § 3 – 日本.pdf"),  # letters of every script stay
        ('a<b>c:d"e\\f|g?h*i/j.txt', "a-b-c-d-e-f-g-h-i-j.txt"),
        ("two\nlines\tand  spaces.md", "two lines and spaces.md"),
        ("nul\x00bell\x07.txt", "nulbell.txt"),
        ("law\u202efdp.exe", "lawfdp.exe"),  # a mark that turns the direction of writing
        ("CON", "_CON"),
        ("con.tar.gz", "_con.tar.gz"),
        ("LPT1.txt", "_LPT1.txt"),
        ("com¹.txt", "_com¹.txt"),
        ("console.txt", "console.txt"),
        ("rules. . .", "rules"),
        (" spaced .txt ", "spaced .txt"),
        (".htaccess", "htaccess"),  # hidden files are passed over when a folder is read
        ("~$rule.docx", "rule.docx"),
        ("draft.txt~", "draft.txt_"),
        ("rule.part", "rule.part_"),
        ("#rule#", "rule#"),
        ("Thumbs.db", "Thumbs.db_"),
        ("sources.lock.json", "_sources.lock.json"),
        ("", "document"),
        ("...", "document"),
        ("\udcff", "document"),  # half of a surrogate pair cannot be written as UTF-8
    ],
)
def test_one_name_is_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_suffix_and_no_character_is_cut_in_two() -> None:
    name = safe_name("§" * 300 + ".tar.gz")

    assert name.endswith("§.tar.gz")
    assert LONGEST - 2 < len(name.encode()) <= LONGEST


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("sops/a.docx", "sops/a.docx"),
        ("../../etc/passwd", "etc/passwd"),
        ("/sops//a.docx", "sops/a.docx"),
        ("sops/./a.docx", "sops/a.docx"),
        ("C:\\sops/aux/a.docx", "C--sops/_aux/a.docx"),
        ("..", "document"),
        ("", "document"),
    ],
)
def test_a_path_stays_below_its_folder(path: str, safe: str) -> None:
    assert safe_path(path) == safe
    assert is_inner(safe)


def test_names_that_are_taken_get_digits_of_their_address_all_of_them() -> None:
    names = file_names(
        [
            ("https://one.test/download?id=7", "download.txt"),
            ("https://one.test/download?id=8", "Download.TXT"),  # the same to macOS and Windows
            ("https://one.test/a", "rule.txt"),
        ]
    )

    assert names == {
        "https://one.test/download?id=7": "download-b912617f.txt",
        "https://one.test/download?id=8": "Download-de89f07d.TXT",
        "https://one.test/a": "rule.txt",
    }


def test_accents_that_are_composed_and_such_that_are_not_are_one_name() -> None:
    names = file_names([("a", "règle.txt"), ("b", "re\u0300gle.txt")])

    assert len({unicodedata.normalize("NFC", name) for name in names.values()}) == 2


def test_a_file_is_never_the_folder_of_another() -> None:
    # a bucket may hold both "sops/a" and "sops/a/b.txt"
    names = file_names([("1", "sops/A"), ("2", "sops/a/b.txt")])

    assert names == {"1": "sops/A-6b86b273", "2": "sops/a/b.txt"}


def test_long_names_that_differ_only_at_their_end_stay_two() -> None:
    names = file_names([("a", "x" * 300 + "1.txt"), ("b", "x" * 300 + "2.txt")])

    assert len(set(names.values())) == 2
    assert all(len(name) <= LONGEST and name.endswith(".txt") for name in names.values())


def test_a_name_that_is_what_another_becomes_is_told_apart_too() -> None:
    first = file_names([("a", "x.txt"), ("b", "x.txt")])
    names = file_names([("a", "x.txt"), ("b", "x.txt"), ("c", first["a"])])

    assert len(set(names.values())) == 3


_SUGGESTED = st.text(alphabet="aAbé\u0301/.\\ :~#CONnul1é§\x00\u202e", max_size=8)


@given(st.dictionaries(st.text(max_size=3), _SUGGESTED, max_size=8), st.randoms())
def test_any_names_come_out_unique_inside_the_folder_and_in_any_order_the_same(
    wanted: dict[str, str], shuffled: random.Random
) -> None:
    pairs = list(wanted.items())
    names = file_names(pairs)
    shuffled.shuffle(pairs)

    assert file_names(pairs) == names
    assert names.keys() == wanted.keys()
    folded = [unicodedata.normalize("NFC", name).casefold() for name in names.values()]
    assert len(set(folded)) == len(folded)
    for name in folded:
        assert is_inner(name)
        assert not any(other.startswith(name + "/") for other in folded)


@given(st.text(max_size=40))
def test_any_name_is_safe_and_stays_as_it_is_when_it_is_made_safe_again(name: str) -> None:
    safe = safe_name(name)

    assert safe == safe_name(safe)
    assert 0 < len(safe.encode("utf-8")) <= LONGEST
    assert "/" not in safe
    assert "\\" not in safe
    assert safe.strip(" .") == safe


def test_what_was_named_so_is_found_by_a_walk_of_the_folder(tmp_path: Path) -> None:
    wanted = [(str(n), name) for n, name in enumerate(
        (".hidden.txt", "a.xml~", "b.tmp", "#c#", "Thumbs.db", "~$d.docx", "e.part"))]  # fmt: skip
    for name in file_names(wanted).values():
        (tmp_path / name).write_text("Law.")

    for source in find_sources([str(tmp_path)]):
        assert "passed over" not in (source.reason or "")
