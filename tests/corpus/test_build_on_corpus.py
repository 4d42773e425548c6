"""Every eCFR document of the corpus, built: both promises, counted again from the files."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import tribonian
from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.upload import ExcludedRow, FindingRow, Manifest, ProvenanceRow, UploadNode
from tribonian.schemas.words import words

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FOLDERS = ("ecfr_titles", "ecfr_parts", "ecfr_bulk")
FILES = sorted(path for folder in FOLDERS for path in (CORPUS / folder).glob("*.xml"))
TITLE_1 = CORPUS / "ecfr_titles" / "title-1_2026-01-29.xml"
BULK = CORPUS / "ecfr_bulk" / "ECFR-title1_govinfo-bulk_2024.xml"  # of the same title

pytestmark = pytest.mark.skipif(not FILES, reason=f"the corpus is not at {CORPUS}")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of one run have in common."""
    base = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # with pytest-xdist: one run, several workers
        base = base.parent
    folder = base / "corpus-builds"
    folder.mkdir(exist_ok=True)
    return folder


def once(shared: Path, path: Path) -> Path:
    """The build of a document, made by the first worker that asks for it."""
    name = f"{path.parent.name}_{path.stem}"
    output, claim = shared / name, shared / f"{name}.claim"
    try:
        os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        for _ in range(600):
            if output.is_dir():
                return output
            time.sleep(0.1)
        pytest.fail(f"the build of {path.name} by another worker did not end")
    result = tribonian.build([path], output, jobs=1)
    assert result.output == output, [digest.reason for digest in result.documents]
    return output


class Built:
    """The files of one build."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        self.tree: dict[str, Any] = json.loads((folder / "principles.json").read_bytes())
        self.nodes = list(self._walk(self.tree, ()))
        self.provenance = self.lines("provenance.jsonl")
        self.excluded = self.lines("excluded.jsonl")

    def _walk(
        self, node: dict[str, Any], path: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
        yield path, node
        for n, child in enumerate(node["children"]):
            yield from self._walk(child, (*path, n))

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_bytes().splitlines()]


@pytest.fixture(
    scope="session", params=FILES or [None], ids=lambda path: path.stem if path else "absent"
)
def built(request: pytest.FixtureRequest, shared: Path) -> Built:
    """Each document in turn; of a session scope, so that its tests come together."""
    return Built(request.param, once(shared, request.param))


def test_words_read_are_words_in_principles_and_words_excluded(built: Built) -> None:
    (document,) = built.manifest["documents"]
    counts = document["words"]
    assert counts["read"] == counts["principles"] + counts["excluded"]
    assert counts["read"] > 100
    totals = built.manifest["totals"]["words"]
    assert {name: totals[name] for name in counts} == counts
    printed = len(words("\n".join(f"{n['label']}\n{n['content']}" for _, n in built.nodes)))
    assert printed == totals["principles"] + totals["added"]
    listed = len(words("\n".join(row["text"] for row in built.excluded)))
    marks = sum(len(words(mark)) for row in built.excluded
                for mark in re.findall(r"\[(?:image|formula): [^\]]*\]", row["text"]))  # fmt: skip
    assert listed - marks == totals["excluded"]
    duplicates = [row for row in built.excluded if row["reason"] == "duplicate"]
    assert bool(duplicates) == (totals["duplicates"] > 0)


# Elements that stand within a word; all others end it. Raised and lowered letters become
# other letters, so they are taken apart.
INLINE = frozenset(("I", "em", "i", "E", "B", "b", "strong", "a", "ABBR", "SECTNO", "span"))
SCRIPTS = frozenset(("51", "52", "54", "7321", "9145", "0732", "8064"))
PLAIN_WORD = re.compile(r"[a-z]{4,}")


def plain_words(path: Path) -> Counter[str]:
    """The longer words of a document, taken from its text without the reader."""
    parts: list[str] = []
    for event, element in etree.iterwalk(etree.parse(path), events=("start", "end")):
        inline = element.tag in INLINE and element.get("T") not in SCRIPTS
        parts.append("" if inline else "\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    return Counter(PLAIN_WORD.findall("".join(parts).casefold()))


def test_every_longer_word_of_the_document_is_found_again_as_often(built: Built) -> None:
    written = [f"{node['label']}\n{node['content']}" for _, node in built.nodes]
    left_out = [row["text"] for row in built.excluded]
    found = Counter(PLAIN_WORD.findall("\n".join(written + left_out).casefold()))
    lost = plain_words(built.path) - found
    assert not lost, lost.most_common(20)


def test_the_service_would_take_it(built: Built) -> None:
    verdict = tribonian.check(built.folder)
    assert verdict.fit, [finding for finding in verdict.findings if finding.severity == "error"]
    assert verdict.principles == len(built.nodes) == built.manifest["totals"]["principles"]
    assert {finding.code for finding in verdict.findings} <= {"few-sections"}
    for path, node in built.nodes:
        assert set(node) == {"label", "content", "children", "level"}
        assert node["level"] == str(len(path)) and len(path) < 6
        labels = [child["label"] for child in node["children"]]
        assert len(set(labels)) == len(labels)


def test_every_size_is_exact_and_within_the_budget(built: Built) -> None:
    counted = Tokenizer().count_all([node["content"] for _, node in built.nodes])
    assert [line["tokens"] for line in built.provenance] == counted
    assert max(counted) <= 1024
    size = built.manifest["size"]
    assert size["tokens"] == built.manifest["totals"]["tokens"] == sum(counted)
    assert size["largest"] == max(counted)
    assert size["principles"] == len(counted)


def test_provenance_leads_to_each_principle_and_back_to_its_source(built: Built) -> None:
    nodes = dict(built.nodes)
    lines = built.provenance
    assert [tuple(line["path"]) for line in lines] == list(nodes)
    ids = [line["id"] for line in lines]
    assert len(set(ids)) == len(ids)
    sha256 = hashlib.sha256(built.path.read_bytes()).hexdigest()
    for line in lines:
        assert line["label"] == nodes[tuple(line["path"])]["label"]
        assert line["file"] == "principles.json"
        assert line["sources"] or line["id"] == "/"
        for source in line["sources"]:
            assert (source["document"], source["sha256"]) == (built.path.name, sha256)
            assert source["locator"].startswith("/")
            assert 0 <= source["start"] <= source["end"]
    known = set(ids)
    for row in built.excluded:
        assert row["document"] == built.path.name
        assert row["text"].strip() and row["locator"].startswith("/")
        if "kept" in row:
            assert row["kept"] in known
        if row["reason"] in ("duplicate", "version"):
            assert row.get("kept"), row
        if row["reason"] == "duplicate":
            assert row["similarity"] == 1.0


def test_pieces_of_a_unit_follow_each_other_in_its_text(built: Built) -> None:
    contents = {path: node["content"] for path, node in built.nodes}
    codes = {finding["code"] for finding in built.lines("findings.jsonl")}
    large_rows = "row-over-budget" in codes
    for before, line in itertools.pairwise(built.provenance):
        (first, second) = (before["sources"][:1], line["sources"][:1])
        if not first or second[0]["start"] == 0:
            continue
        (first, second) = (first[0], second[0])
        assert first["start"] <= second["start"] and first["end"] <= second["end"], line
        if "|" in contents[tuple(before["path"])] + contents[tuple(line["path"])] or large_rows:
            continue  # parts of a table share its header, parts of a row the whole row
        # nothing but the space between two lines or two sentences is passed over
        assert 0 <= second["start"] - first["end"] <= 2, (before, line)


def test_the_manifest_names_every_file_with_its_hash(built: Built) -> None:
    rows = {row["name"]: row for row in built.manifest["files"]}
    files = {path.name: path.read_bytes() for path in built.folder.iterdir()}
    assert set(rows) == set(files) - {"manifest.json"}
    for name, row in rows.items():
        assert row["sha256"] == hashlib.sha256(files[name]).hexdigest()
        assert row["bytes"] == len(files[name])
    (document,) = built.manifest["documents"]
    assert document["source"] == built.path.name
    assert document["sha256"] == hashlib.sha256(built.path.read_bytes()).hexdigest()
    assert document["bytes"] == built.path.stat().st_size
    assert (document["status"], document["reason"], document["format"]) == ("ok", None, "ecfr-xml")


def test_every_file_is_what_its_published_model_says(built: Built) -> None:
    Manifest.model_validate(built.manifest)
    UploadNode.model_validate(built.tree)
    for name, model in (
        ("provenance.jsonl", ProvenanceRow),
        ("excluded.jsonl", ExcludedRow),
        ("findings.jsonl", FindingRow),
    ):
        for line in built.lines(name):
            model.model_validate(line)


def test_findings_of_the_corpus_are_no_errors_and_name_a_place(built: Built) -> None:
    known = {line["id"] for line in built.provenance}
    for finding in built.lines("findings.jsonl"):
        assert finding["severity"] != "error", finding
        assert finding["message"].endswith("."), finding
        assert finding["document"] == built.path.name, finding
        ids = [finding["principle"]] if "principle" in finding else finding.get("principles", [])
        assert set(ids) <= known, finding


def test_every_section_is_in_the_principles_or_on_record_as_a_whole(built: Built) -> None:
    (document,) = built.manifest["documents"]
    a_section = re.compile(r"/DIV8(\[@N='[^']+'\]|\[\d+\])$")
    whole = [row for row in built.excluded if a_section.search(row["locator"])]
    assert built.manifest["size"]["sections"] + len(whole) == document["sections"]


def title_of(path: Path) -> Path:
    """The file of the title that a part was cut out of."""
    return CORPUS / "ecfr_titles" / f"{path.stem.partition('_')[0]}_2026-01-29.xml"


PARTS = [path for path in FILES if path.parent.name == "ecfr_parts" and title_of(path).is_file()]


@pytest.mark.parametrize("path", PARTS or [None], ids=lambda path: path.stem if path else "absent")
def test_a_part_built_alone_has_the_principles_that_its_title_has(path: Path, shared: Path) -> None:
    built, title = Built(path, once(shared, path)), title_of(path)
    whole = Built(title, once(shared, title))
    of_title = {
        line["id"]: (line["label"], whole.nodes[n][1]["content"])
        for n, line in enumerate(whole.provenance)
    }
    for n, line in enumerate(built.provenance):
        if re.search(r"/s[\d.]+", line["id"]):
            # a subject group may be folded into the label in the deeper tree of the title
            label, content = of_title[line["id"]]
            assert built.nodes[n][1]["content"] == content, line["id"]
            assert label.startswith(line["label"].split(" [")[0]), line["id"]


@pytest.mark.skipif(not BULK.is_file(), reason=f"{BULK} is not there")
def test_title_1_in_its_two_dialects_gives_equal_principles(shared: Path) -> None:
    one, other = (Built(path, once(shared, path)) for path in (TITLE_1, BULK))

    def principles(built: Built) -> dict[str, tuple[str, str, list[int]]]:
        return {
            line["id"]: (node["label"], node["content"], line["path"])
            for line, (_, node) in zip(built.provenance, built.nodes, strict=True)
        }

    first, second = principles(one), principles(other)
    # the bulk data's title is headed "Title 1—General Provisions--Volume 1"
    assert first.pop("/us/cfr/t1")[0] in second.pop("/us/cfr/t1")[0]
    assert first == second
    assert one.manifest["size"]["sections"] == other.manifest["size"]["sections"] > 250


@pytest.mark.skipif(not TITLE_1.is_file(), reason=f"{TITLE_1} is not there")
def test_a_part_beside_its_title_adds_nothing(tmp_path: Path) -> None:
    part = CORPUS / "ecfr_parts" / "title-1_part-51_2026-01-29.xml"
    alone = tribonian.build([TITLE_1], tmp_path / "alone", jobs=1)
    both = tribonian.build([part, TITLE_1], tmp_path / "both", jobs=1)
    assert alone.output and both.output
    for name in ("principles.json", "principles.md"):
        assert (tmp_path / "both" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    rows = json.loads((tmp_path / "both" / "manifest.json").read_bytes())["documents"]
    counts = next(row["words"] for row in rows if row["source"] == part.name)
    assert counts["principles"] == 0
    assert counts["read"] == counts["excluded"] >= counts["duplicates"] > 0
    assert "conflict" not in (tmp_path / "both" / "findings.jsonl").read_text()


@pytest.mark.skipif(not TITLE_1.is_file(), reason=f"{TITLE_1} is not there")
def test_two_runs_and_several_processes_give_the_same_bytes(tmp_path: Path) -> None:
    # title 1 alone is one document; with its bulk twin and title 4 there is work for two
    paths = [TITLE_1, BULK, *CORPUS.glob("ecfr_titles/title-4_*")]
    assert sum(path.stat().st_size for path in paths) > 1_000_000, "too little for a second process"
    script = tmp_path / "build_it.py"
    script.write_text(
        "import sys, tribonian\n"
        "if __name__ == '__main__':\n"
        "    tribonian.build(sys.argv[3:], sys.argv[1], jobs=int(sys.argv[2]))\n"
    )
    runs = []
    for name, jobs, order in (("a", "1", paths), ("b", "1", paths), ("c", "2", paths[::-1])):
        output = tmp_path / name
        subprocess.run(
            [sys.executable, script, output, jobs, *order], check=True, timeout=60, cwd=tmp_path
        )
        runs.append({file.name: file.read_bytes() for file in output.iterdir()})
    assert runs[0] == runs[1]
    assert runs[0] == runs[2]


@pytest.mark.skipif(not TITLE_1.is_file(), reason=f"{TITLE_1} is not there")
def test_title_1_alone_gives_the_same_bytes_with_one_process_and_two(tmp_path: Path) -> None:
    runs = []
    for name, jobs in (("a", 1), ("b", 2)):
        tribonian.build([TITLE_1], tmp_path / name, jobs=jobs)
        runs.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert runs[0] == runs[1]
