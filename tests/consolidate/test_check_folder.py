"""``check`` of a build folder: by its own settings, over all its upload files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hand_written import part, section

import tribonian
from tribonian.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build at 128 tokens and 3 levels."""
    sections = "".join(section(f"701.{n}", f"S{n}.", f"<P>{'lot ' * 60}</P>") for n in range(5))
    (tmp_path / "title-21.xml").write_text(part(701, "LABELS", sections), encoding="utf-8")
    output = tmp_path / "build"
    tribonian.build([tmp_path / "title-21.xml"], output, max_tokens=128, max_depth=3, jobs=1)
    return output


def change(folder: Path, path: tuple[int, ...], key: str, value: object) -> None:
    tree = json.loads((folder / "principles.json").read_bytes())
    node = tree
    for step in path:
        node = node["children"][step]
    node[key] = value
    (folder / "principles.json").write_text(json.dumps(tree))


def test_a_build_is_fit_and_all_its_principles_are_counted(folder: Path) -> None:
    verdict = tribonian.check(folder)
    assert verdict.fit
    assert verdict.findings == []
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert verdict.principles == manifest["totals"]["principles"] == 6


def test_a_folder_is_measured_by_the_budget_it_was_built_with(folder: Path) -> None:
    change(folder, (0,), "content", " ".join(["lot"] * 129))
    verdict = tribonian.check(folder)
    assert not verdict.fit
    assert [(finding.code, finding.locator) for finding in verdict.findings] == [
        ("over-budget", "/children/0")
    ]
    assert tribonian.check(folder, max_tokens=200).fit


def test_a_folder_is_measured_by_the_depth_it_was_built_with(folder: Path) -> None:
    deeper = {"label": "a", "content": "b", "level": "2", "children": [
        {"label": "c", "content": "d", "level": "3", "children": []}]}  # fmt: skip
    change(folder, (0,), "children", [deeper])
    verdict = tribonian.check(folder)
    assert [(finding.code, finding.locator) for finding in verdict.findings] == [
        ("too-deep", "/children/0/children/0/children/0")
    ]


def test_a_file_alone_is_measured_only_when_a_budget_is_named(folder: Path) -> None:
    file = folder / "principles.json"
    assert tribonian.check(file).fit
    verdict = tribonian.check(file, max_tokens=50)
    assert not verdict.fit
    assert {(finding.code, finding.locator) for finding in verdict.findings} == {
        ("over-budget", f"/children/{n}") for n in range(5)
    } | {("over-budget", "/")}


def test_every_broken_rule_of_a_folder_is_named_with_its_place(folder: Path) -> None:
    change(folder, (1,), "label", "§ 701.0 S0")
    change(folder, (2,), "content", " padded ")
    change(folder, (3,), "level", 1)
    verdict = tribonian.check(folder)
    assert not verdict.fit
    assert {(finding.code, finding.severity, finding.locator) for finding in verdict.findings} == {
        ("same-label", "warning", "/"),
        ("not-trimmed", "error", "/children/2"),
        ("wrong-level", "error", "/children/3"),
    }


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"settings": 5}', '{"settings": {}}'])
def test_a_folder_without_readable_settings_is_checked_by_the_rules_of_the_service(
    folder: Path, manifest: str
) -> None:
    (folder / "manifest.json").write_text(manifest)
    assert tribonian.check(folder).fit


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        tribonian.check(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no principles\.json"):
        tribonian.check(tmp_path / "empty")


def test_a_file_that_was_cut_is_not_fit(folder: Path) -> None:
    file = folder / "principles.json"
    file.write_bytes(file.read_bytes()[:-20])
    verdict = tribonian.check(folder)
    assert not verdict.fit
    assert [finding.code for finding in verdict.findings] == ["not-json"]
