"""Everything that is named becomes documents: a row each, good or failed, and one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tribonian
from tests.servers.ecfr import EcfrServer
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE
from tribonian.errors import DocumentError, UsageError


def rows_of(folder: Path) -> dict[str, dict[str, object]]:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return {row["source"]: row for row in manifest["documents"]}


def test_a_document_is_called_as_it_was_asked_for(server: EcfrServer, tmp_path: Path) -> None:
    url = "https://www.ecfr.gov/current/title-41/section-50-201.1"
    tribonian.build([url, "41 CFR part 50-202"], tmp_path / "build")
    rows = rows_of(tmp_path / "build")
    assert list(rows) == [url, "41 CFR part 50-202"]  # the order of the law
    assert {row["as_of"] for row in rows.values()} == {FIRST_DATE}
    assert {row["format"] for row in rows.values()} == {"ecfr-xml"}


def test_several_documents_of_one_citation_are_called_by_their_own(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.build(["41 CFR parts 50-201 and 50-202"], tmp_path / "build")
    assert list(rows_of(tmp_path / "build")) == ["41 CFR Part 50-201", "41 CFR Part 50-202"]


def test_the_same_unit_named_twice_is_one_document(server: EcfrServer, tmp_path: Path) -> None:
    same = ["41 CFR part 50-202", "https://www.ecfr.gov/current/title-41/part-50-202"]
    built = tribonian.build(same, tmp_path / "build")
    assert built.count("ok") == 1
    assert not any(row.reason for row in built.documents)


def test_beside_good_sources_a_failed_one_is_a_row(server: EcfrServer, tmp_path: Path) -> None:
    built = tribonian.build(["41 CFR 50-201.1", "41 CFR 50-201.99"], tmp_path / "build")
    assert (built.count("ok"), built.count("failed")) == (1, 1)
    row = rows_of(tmp_path / "build")["41 CFR 50-201.99"]
    assert row["status"] == "failed"
    assert "does not exist" in str(row["reason"])


def test_a_failed_source_alone_leaves_an_existing_build_untouched(
    server: EcfrServer, tmp_path: Path
) -> None:
    tribonian.build(["41 CFR 50-201.1"], tmp_path / "build")
    before = {path.name: path.read_bytes() for path in (tmp_path / "build").iterdir()}
    built = tribonian.build(["41 CFR 50-201.99"], tmp_path / "build")
    assert built.output is None
    assert {path.name: path.read_bytes() for path in (tmp_path / "build").iterdir()} == before


def test_a_malformed_date_sends_nothing(server: EcfrServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2024-13-01"):
        tribonian.build(["41 CFR 50-201.1"], tmp_path / "build", date="2024-13-01")
    with pytest.raises(UsageError):
        tribonian.build(
            ["41 CFR 50-201.1", "https://www.ecfr.gov/on/2024-02-30/title-41"], tmp_path / "build"
        )
    assert not server.requests


def test_the_date_asked_for_gives_the_law_of_that_day(server: EcfrServer, tmp_path: Path) -> None:
    server.up_to_date = SECOND_DATE
    old = tribonian.read("41 CFR 50-201.2", date="2023-05-05")
    new = tribonian.read("41 CFR 50-201.2")
    assert (old[0].as_of, new[0].as_of) == ("2023-05-05", SECOND_DATE)
    texts = [" ".join(node.text for node in tree.walk()) for _, tree, _ in (old, new)]
    assert texts[0] != texts[1]


def test_the_date_of_an_address_is_its_own(server: EcfrServer, tmp_path: Path) -> None:
    server.up_to_date = SECOND_DATE
    tribonian.build(
        ["https://www.ecfr.gov/on/2021-01-01/title-41/section-50-201.1", "41 CFR part 50-202"],
        tmp_path / "build",
        date="2024-01-01",
    )
    assert [row["as_of"] for row in rows_of(tmp_path / "build").values()] == [
        "2021-01-01",
        "2024-01-01",
    ]


def test_a_file_comes_before_a_citation_that_reads_the_same(
    server: EcfrServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "41 CFR 50-201.1").write_text("# Mine\n\nMy own words.\n")
    tribonian.build(["41 CFR 50-201.1"], tmp_path / "build")
    assert not server.requests


def test_read_takes_one_document_and_says_how_many_there_are(server: EcfrServer) -> None:
    document, root, _ = tribonian.read("41 CFR part 50-202")
    assert document.source == "41 CFR part 50-202"
    assert root.citation == "41 CFR Part 50-202"
    with pytest.raises(DocumentError, match="names 2 documents"):
        tribonian.read("41 CFR parts 50-201 and 50-202")


def test_a_paragraph_comes_with_its_section_and_nothing_else(server: EcfrServer) -> None:
    whole = tribonian.read("41 CFR 50-201.1")[1]
    wanted = next(node for node in whole.walk() if node.designator == "(b)")
    _, root, _ = tribonian.read("41 CFR 50-201.1(b)")
    assert root.designator == "§ 50-201.1(b)"  # which of the section it is
    assert root.heading == whole.heading
    paragraphs = [node for node in root.children if node.designator]
    assert [node.designator for node in paragraphs] == ["(b)"]
    assert [node.text for node in paragraphs[0].walk()] == [node.text for node in wanted.walk()]


def test_a_paragraph_of_what_was_asked_for_too_is_passed_over(
    server: EcfrServer, tmp_path: Path
) -> None:
    built = tribonian.build(["41 CFR part 50-201", "41 CFR 50-201.1(b)"], tmp_path / "build")
    assert (built.count("ok"), built.count("skipped")) == (1, 1)
    row = rows_of(tmp_path / "build")["41 CFR 50-201.1(b)"]
    assert row["reason"] == "It stands in 41 CFR part 50-201, which was asked for too."
    built = tribonian.build(["41 CFR 50-201.1(b)", "41 CFR 50-201.1(a)"], tmp_path / "build")
    assert built.count("ok") == 2
    assert not [finding for finding in built.findings if finding.code == "conflict"]


def test_two_runs_on_one_machine_ask_for_the_text_once(server: EcfrServer, tmp_path: Path) -> None:
    tribonian.build(["41 CFR part 50-202"], tmp_path / "one")
    server.clear()
    tribonian.build(["41 CFR part 50-202"], tmp_path / "two")
    assert [request.path for request in server.requests] == ["/api/versioner/v1/titles.json"]
    assert server.requests[0].status == 304
