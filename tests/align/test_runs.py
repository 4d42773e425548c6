"""The runs of a build: what is cut from it, what it is called, and when two are the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.align.small_build import small_build
from tribonian.align.places import Places
from tribonian.align.runs.asked import Asked, job_name, named_parts
from tribonian.align.runs.planning import Prepared, plan
from tribonian.align.runs.trees import as_markdown
from tribonian.align.service.account import Account, Key
from tribonian.consolidate.check import check
from tribonian.errors import UsageError

ACCOUNT = Account("https://service.test", Key("sk-nothing-real"))
ASKED = Asked("Make pairs.")


def only(build: Path, asked: Asked = ASKED, **other: object) -> Prepared:
    account = replace(ACCOUNT, **{k: v for k, v in other.items() if k != "rehearsal"})
    [prepared] = plan(build, asked, account, bool(other.get("rehearsal", False)))
    return prepared


def test_a_whole_build_is_sent_as_it_is(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    prepared = only(build)
    path, name = prepared.upload(Places(build), "json")
    digest = hashlib.sha256((build / "principles.json").read_bytes()).hexdigest()
    assert path == build / "principles.json"
    assert name == f"principles-{digest[:12]}.json"
    assert prepared.run.sha256 == digest
    assert prepared.run.principles == 30
    assert len(prepared.run.run) == 12


def test_the_markdown_twin_is_the_one_that_build_writes(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    prepared = only(build)
    assert as_markdown(prepared.tree) == (build / "principles.md").read_bytes()
    (build / "align").mkdir()
    path, name = prepared.upload(Places(build), "md")
    assert path.name == f"upload-{prepared.run.run}.md"
    assert name.startswith("principles-") and name.endswith(".md")


DIFFERENT = [
    replace(ASKED, instructions="Make other pairs."),
    replace(ASKED, system_prompt="You know lanterns."),
    replace(ASKED, name="Lanterns"),
    replace(ASKED, upload="md"),
    replace(ASKED, workflow="legacy"),
    replace(ASKED, only=("part 100",)),
]


@pytest.mark.parametrize("other", DIFFERENT, ids=repr)
def test_whatever_is_sent_otherwise_is_another_run(tmp_path: Path, other: Asked) -> None:
    build = small_build(tmp_path)
    assert only(build).run.run == only(build).run.run
    assert only(build, other).run.run != only(build).run.run


def test_another_service_team_or_a_rehearsal_is_another_run(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    names = {
        only(build).run.run,
        only(build, base_url="https://mirror.test").run.run,
        only(build, team="team-2").run.run,
        only(build, rehearsal=True).run.run,
    }
    assert len(names) == 4
    one, other = (
        only(build, rehearsal=True, base_url=f"http://127.0.0.1:{port}") for port in (8001, 8002)
    )
    assert one.run == other.run  # a rehearsal's port is any


def test_a_part_keeps_what_is_above_it_and_is_fit_to_be_sent(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    prepared = only(build, replace(ASKED, only=("§ 110.2", "part 120")))
    (build / "align").mkdir()
    path, name = prepared.upload(Places(build), "json")
    assert path == build / "align" / f"upload-{prepared.run.run}.json"
    assert name == f"principles-{prepared.run.sha256[:12]}.json"
    assert check(path).fit
    tree = orjson.loads(path.read_bytes())
    whole = orjson.loads((build / "principles.json").read_bytes())
    assert tree["content"] == whole["content"]
    labels = [each["label"] for each in tree["children"][0]["children"][0]["children"]]
    assert labels == ["PART 110—CONSTRUCTION AND LABELING", "PART 120—INSPECTION AND RECORDS"]
    assert [p.label for p in prepared.principles if p.leaf] == [
        "§ 110.2 Fuel and power", "§ 120.1 Inspection by the Board", "§ 120.2 Reports of defects",
        "§ 120.5 Records to be kept", "§ 120.10 Form of request for waiver",
    ]  # fmt: skip
    assert prepared.run.principles == len(prepared.principles) == 13


def test_a_pattern_that_names_everything_sends_the_build_s_own_file(tmp_path: Path) -> None:
    assert only(small_build(tmp_path), replace(ASKED, only=("99 CFR",))).whole


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(" "), "--instructions"),
        (replace(ASKED, system_prompt=" "), "--system-prompt is empty"),
        (replace(ASKED, name=""), "1 to 255 characters"),
        (replace(ASKED, name="x" * 256), "1 to 255 characters"),
        (replace(ASKED, upload="pdf"), "--upload pdf is unknown"),
        (replace(ASKED, workflow="new"), "--workflow new is unknown"),
        (replace(ASKED, only=("part 7",)), "--only part 7 names nothing"),
        (replace(ASKED, profiles=("nonsense",)), "There is no profile"),
        (replace(ASKED, profiles=("hipaa",)), "holds nothing of profile:hipaa"),
        (replace(ASKED, only_uncovered=True), "has no pairs yet"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(tmp_path: Path, asked: Asked, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        plan(small_build(tmp_path), asked, ACCOUNT, False)
    assert said in str(raised.value)
    assert str(raised.value).count(". ") == 0


def test_a_name_is_cut_to_what_the_service_takes() -> None:
    run = "0123456789ab"
    assert job_name(ASKED, "Title 99", run, "") == f"Title 99 {run}"
    long = job_name(ASKED, "word " * 99, run, "")
    assert len(long) <= 255 and long.startswith("word word") and long.endswith(f" {run}")
    assert job_name(replace(ASKED, name=" As  typed "), "Title 99", run, "") == " As  typed "
    named = job_name(replace(ASKED, name="x" * 255), "Title 99", run, "hipaa")
    assert len(named) == 255 and named.endswith(" hipaa")


def test_several_runs_are_told_apart_by_profile_and_file() -> None:
    assert named_parts([("principles.json", None)]) == [""]
    assert named_parts([("principles-1.json", None), ("principles-2.json", None)]) == ["1", "2"]
    assert named_parts(
        [("principles-1.json", "hipaa"), ("principles-1.json", "part-11"),
         ("principles-2.json", "part-11")]
    ) == ["hipaa 1", "part-11 1", "part-11 2"]  # fmt: skip
