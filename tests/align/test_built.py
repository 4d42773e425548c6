"""The principles of a build as one list."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.align.small_build import small_build
from tribonian.align.built import built_principles, read_sent, write_sent
from tribonian.errors import UsageError


def test_every_principle_has_its_text_its_place_and_its_source(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    principles = built_principles(build)
    by_id = {each.id: each for each in principles}
    assert len(by_id) == len(principles)
    waivers = by_id["/us/cfr/t99/s100.4"]
    assert waivers.citation == "99 CFR 100.4"
    assert waivers.trail[-1] == "PART 100—GENERAL; DEFINITIONS"
    assert waivers.leaf and not by_id["/us/cfr/t99/pt110"].leaf
    assert waivers.sources[0].document == "lantern-safety.xml"
    node = orjson.loads((build / "principles.json").read_bytes())
    for index in waivers.path:
        node = node["children"][index]
    assert (node["label"], node["content"]) == (waivers.label, waivers.content)


def test_what_was_sent_is_read_as_it_was_written(tmp_path: Path) -> None:
    principles = built_principles(small_build(tmp_path))
    write_sent(tmp_path / "sent.jsonl", principles)
    assert read_sent(tmp_path / "sent.jsonl") == principles


def test_another_text_has_another_digest(tmp_path: Path) -> None:
    first, second = built_principles(small_build(tmp_path))[:2]
    assert first.sha256 != second.sha256


def test_a_folder_that_is_no_build_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no principles\.json; name a folder that build"):
        built_principles(tmp_path)


def test_files_of_two_builds_are_not_joined(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    tree = orjson.loads((build / "principles.json").read_bytes())
    tree["label"] = "Another root"
    (build / "principles.json").write_bytes(orjson.dumps(tree))
    with pytest.raises(UsageError, match="do not belong together; build the folder again"):
        built_principles(build)


def test_damaged_files_are_one_sentence(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    (build / "provenance.jsonl").write_text("{")
    with pytest.raises(UsageError, match="is damaged; build the folder again"):
        built_principles(build)
    (tmp_path / "sent.jsonl").write_text("[]\n")
    with pytest.raises(UsageError, match="is damaged; remove it and run align again"):
        read_sent(tmp_path / "sent.jsonl")
