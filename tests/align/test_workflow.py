"""The course of a run, against a rehearsal that misbehaves in every way the service could."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.align.rehearsed import ASKED, KEY, TIMES, Scene, changing, counts, scene
from tribonian.align.pairs.rows import read_pairs
from tribonian.align.runs.asked import Asked
from tribonian.align.runs.workflow import Outcome, collect, run, submit
from tribonian.align.service.times import Times
from tribonian.errors import NotFitError, TribonianError, UsageError


@pytest.fixture(scope="module")
def untroubled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """``pairs.parquet`` of a run that nothing disturbed."""
    stage = scene(tmp_path_factory.mktemp("untroubled"))
    with stage.service() as (_, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
    return pairs_of(stage)


def pairs_of(stage: Scene) -> bytes:
    return (stage.build / "align" / "pairs.parquet").read_bytes()


# -- all is well -----------------------------------------------------------------------------


def test_a_run_goes_from_the_build_to_pairs_with_each_step_on_record(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
        assert counts(served) == (1, 1, 1)
    assert outcome.well
    assert [each.state for each in outcome.runs] == ["collected"]
    name = outcome.runs[0].run.run
    pairs = read_pairs(stage.build / "align" / "pairs.parquet")
    assert pairs and outcome.gathered is not None and outcome.gathered.pairs == len(pairs)
    assert {each.name for each in (stage.build / "align").iterdir()} >= {
        "journal.jsonl", "pairs.parquet", "coverage.jsonl", "report.html",
        f"sent-{name}.jsonl", f"received-{name}-1.parquet",
    }  # fmt: skip
    assert stage.steps() == [
        "run begin", "snapshot begin", "snapshot done", "metadata begin", "metadata done",
        "upload begin", "upload done", "prompt begin", "prompt done", "create begin",
        "create done", "attach begin", "attach done", "ready begin", "ready done", "start begin",
        "start done", "wait begin", "wait done", "outputs begin", "outputs done",
        "download begin", "download done", "collect begin", "collect done", "run done",
    ]  # fmt: skip


def test_running_again_asks_the_service_for_nothing(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        run(stage.build, ASKED, service, rehearsal=True)
    before = stage.everything()
    with stage.service() as (served, service):
        again = run(stage.build, ASKED, service, rehearsal=True)
        assert served.requests == []
    assert again.well
    assert [each.state for each in again.runs] == ["finished"]
    assert stage.everything() == before


def test_the_user_is_told_of_a_drafted_system_prompt_once_and_it_stays_the_same(
    tmp_path: Path,
) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    [told] = [each for each in stage.said if "system prompt" in each]
    with stage.service("no-prompt-draft") as (served, service):
        run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
        assert not [each for each in served.requests if "gen_system_prompt" in each.path]
    line = next(
        line for line in stage.lines() if (line["step"], line["state"]) == ("prompt", "done")
    )
    assert str(line["system_prompt"]) in told
    assert line["source"] == "service"
    pair = read_pairs(stage.build / "align" / "pairs.parquet")[0]
    assert pair.messages[0].content.endswith(str(line["system_prompt"]))
    assert len([each for each in stage.said if "system prompt" in each]) == 1


def test_where_none_is_drafted_a_neutral_prompt_of_ours_is_taken(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("no-prompt-draft") as (_, service):
        run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    assert "You answer questions about Title 99—Portable Light." in stage.said[0]


def test_a_given_system_prompt_is_sent_as_it_is(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    asked = replace(ASKED, system_prompt="  You know lanterns. ")
    with stage.service() as (served, service):
        run(stage.build, asked, service, rehearsal=True, telling=stage.telling)
        [created] = [e for e in served.requests if e.path.endswith("/data-jobs")
                     and e.method == "POST"]  # fmt: skip
        assert orjson.loads(created.body)["system_prompt"] == "  You know lanterns. "
    assert stage.said == []


def test_a_build_that_is_not_fit_is_not_sent(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    path = stage.build / "principles.json"
    tree = orjson.loads(path.read_bytes())
    tree["children"][0]["content"] = ""
    path.write_bytes(orjson.dumps(tree))
    with stage.service() as (served, service):
        with pytest.raises(NotFitError, match=r"principles\.json/children/0: The content is empty"):
            run(stage.build, ASKED, service, rehearsal=True)
        assert served.requests == []


def test_the_key_is_nowhere_even_where_the_service_says_it(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("echo-key:path=/start") as (_, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    assert not outcome.well
    assert "[key]" in str(outcome.runs[0].reason)
    assert KEY.encode() not in stage.everything()
    assert KEY not in f"{outcome} {stage.said} {stage.told}"


def test_texts_with_the_key_in_them_are_not_sent(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    asked = replace(ASKED, instructions=f"Make pairs. {KEY}")  # somebody pasted too much
    with stage.service() as (served, service):
        with pytest.raises(UsageError, match="hold the API key") as raised:
            run(stage.build, asked, service, rehearsal=True)
        assert served.requests == []
    assert KEY not in str(raised.value)
    assert KEY.encode() not in stage.everything()


# -- what may go wrong on the way, and is mended by looking ------------------------------------

MENDED = [
    "drop-after:method=PUT,times=1",
    "drop-after:path=/data-jobs$,method=POST,times=1",
    "drop-after:path=/add-files,times=1",
    "drop-after:path=/start,times=1",
    "drop-during:method=PUT,times=1",
    "drop-before:chance=0.2,seed=3",
    "create-500:times=1",
    "start-502:times=1",
    "500-after:method=PUT,times=1",
    "500-after:path=/add-files,times=1",
    "502-after:chance=0.3,seed=5",
    "500:path=/data-jobs$,method=POST,times=1",
    "500:path=/start,times=1",
    "429:first=3,retry_after=0",
    "502:first=2",
    "503:first=2",
    "half-json:path=/data-jobs$,method=POST,times=1",
    "html:path=/start,times=1",
    "stalled:path=/start,seconds=2,times=1",
    "truncated:path=/content,times=2",
    "chunked",
    "chunked-cut:path=/content,times=1",
    "gzip",
    "gzip-broken:path=/content,times=1",
    "redirect",
    "redirect-content",
    "unknown-status",
    "progress-text",
    "ingestion-long",
    "outputs-late",
    "outputs-not-embedded",
    "outputs-only-at-job",
    "extra-output",
    "no-size",
    "missing-fields",
    "extra-fields",
    "namesake",
    "overlap",
    "short-pages",
    "messages-json",
    "jsonl",
]


@pytest.mark.parametrize("fault", MENDED)
def test_there_is_one_file_one_job_and_one_start_whatever_goes_wrong(
    tmp_path: Path, fault: str, untroubled: bytes
) -> None:
    stage = scene(tmp_path)
    with stage.service(fault) as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
        assert counts(served) == (1, 1, 1)
        assert served.effects["attachments"] == 1
    assert [(each.state, each.reason) for each in outcome.runs] == [("collected", None)]
    assert pairs_of(stage) == untroubled


def test_a_job_that_is_listed_late_after_its_answer_was_lost_is_found_all_the_same(
    tmp_path: Path,
) -> None:
    stage = scene(tmp_path)
    faults = ("listed-late:looks=2", "drop-after:path=/data-jobs$,method=POST,times=1",
              "drop-after:method=PUT,times=1")  # fmt: skip
    with stage.service(*faults) as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)


def test_faults_come_together(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    faults = ("502-after:chance=0.25,seed=1", "drop-before:chance=0.15,seed=2", "chunked",
              "unknown-status", "outputs-not-embedded", "short-pages")  # fmt: skip
    with stage.service(*faults) as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)


# -- what ends a run, and what comes of running it again ---------------------------------------


def both(stage: Scene, *faults: str, times: Times = TIMES) -> tuple[Outcome, Outcome, list[str]]:
    """A run with faults, then one without; the requests of the second that change something."""
    with stage.service(*faults, times=times) as (_, service):
        first = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    with stage.service() as (served, service):
        second = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
        assert counts(served) <= (1, 1, 1)
        return first, second, changing(served)


def test_an_expired_key_ends_at_once_and_says_that_the_job_goes_on(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    first, second, _ = both(stage, "expired:after=13")
    assert not first.well
    reason = str(first.runs[0].reason)
    assert "SEEKR_API_KEY" in reason
    assert f"tribonian align collect {stage.build}" in reason
    assert second.well


def test_a_download_that_is_never_whole_leaves_no_file(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    quick = replace(TIMES, patience=0.2)
    with stage.service("truncated:path=/content", times=quick) as (_, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
    assert not outcome.well
    assert not [*(stage.build / "align").glob("*received*")]
    with stage.service() as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert changing(served) == []


@pytest.mark.parametrize("fault", ["empty-output", "no-rows", "no-output"])
def test_a_job_that_gave_nothing_says_so_and_may_be_collected_later(
    tmp_path: Path, fault: str
) -> None:
    stage = scene(tmp_path)
    first, _, changed = both(stage, fault, times=replace(TIMES, patience=0.3))
    assert not first.well
    assert "collect it" in str(first.runs[0].reason)
    assert changed == []
    assert not (stage.build / "align" / "pairs.parquet").exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("job-failed", "has failed (Generation failed: the model did not answer)"),
        ("job-cancelled", "was cancelled (The job was cancelled by a member of the team)"),
        ("job-stopped", "was stopped (The job was stopped) and gave no pairs"),
    ],
)
def test_a_job_that_ended_badly_is_not_begun_again(tmp_path: Path, fault: str, said: str) -> None:
    stage = scene(tmp_path)
    first, second, changed = both(stage, fault)
    for outcome in (first, second):
        assert [each.state for each in outcome.runs] == ["failed"]
        assert said in str(outcome.runs[0].reason)
        assert "another --name" in str(outcome.runs[0].reason)
    assert changed == []


@pytest.mark.parametrize("end", ["stopped", "failed", "cancelled"])
def test_what_a_job_that_ended_early_had_made_is_collected_and_marked(
    tmp_path: Path, untroubled: bytes, end: str
) -> None:
    stage = scene(tmp_path)
    first, second, changed = both(stage, f"job-{end}:partial=1")
    for outcome in (first, second):
        assert [each.state for each in outcome.runs] == ["partial"]
        assert not outcome.well
    assert changed == []
    whole = pq.read_table(pa.BufferReader(untroubled)).num_rows
    assert 0 < len(read_pairs(stage.build / "align" / "pairs.parquet")) < whole
    assert stage.lines()[-1]["outcome"] == "partial"


def test_another_name_begins_a_run_anew(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("job-failed:times=1") as (served, service):
        assert not run(stage.build, ASKED, service, rehearsal=True).well
        again = run(stage.build, replace(ASKED, name="Once more"), service, rehearsal=True)
        assert again.well
        assert counts(served) == (1, 2, 2)  # the file is the same one
        assert again.others == ()
        assert {job["name"] for job in served.state.all("job")} >= {"Once more"}


def test_columns_that_nobody_knows_are_shown_and_the_file_is_kept(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("unknown-columns") as (_, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
    [ended] = outcome.runs
    assert (ended.state, outcome.well) == ("failed", False)
    assert "turns_v2" in str(ended.reason)
    [kept] = (stage.build / "align").glob("received-*")
    assert pq.read_table(kept).column_names[0] == "turns_v2"


def test_the_deadline_says_that_the_job_goes_on_and_how_to_come_back(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
    with stage.service(looks=10**6, times=replace(TIMES, deadline=0.3)) as (_, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
    [ended] = outcome.runs
    assert (ended.state, outcome.well) == ("started", False)
    assert f"tribonian align collect {stage.build} --rehearse" in str(ended.reason)
    with stage.service() as (served, service):
        assert collect(stage.build, service, rehearsal=True).well
        assert changing(served) == []


def test_an_unknown_status_is_shown_as_it_is(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("unknown-status:word=baking") as (_, service):
        run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    assert "baking" in {each.status for each in stage.told}


def test_a_network_that_is_lost_while_waiting_is_said_once_and_waited_out(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    quick = replace(TIMES, patience=0.05)
    with stage.service(times=quick) as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
    with stage.service("502:first=12", times=quick) as (_, service):
        outcome = collect(stage.build, service, rehearsal=True, telling=stage.telling)
    assert outcome.well
    assert len([each for each in stage.said if "asked again until it answers" in each]) == 1
    assert "The service answers again." in stage.said


def test_interrupting_leaves_the_job_and_says_how_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tribonian.align.runs import side_by_side as abreast

    stage = scene(tmp_path)
    started = threading.Event()
    real = abreast._next

    def interrupted(finished: object) -> object:
        if started.wait(0.01):
            raise KeyboardInterrupt
        return real(finished)  # type: ignore[arg-type]

    def told(seen: object) -> None:
        if getattr(seen, "status", None) == "running":
            started.set()

    monkeypatch.setattr(abreast, "_next", interrupted)
    with stage.service(looks=12) as (served, service):
        with pytest.raises(KeyboardInterrupt, match="tribonian align collect") as raised:
            run(stage.build, ASKED, service, rehearsal=True,
                telling=replace(stage.telling, progress=told))  # fmt: skip
        assert isinstance(raised.value, abreast.InterruptedRunError)
        assert counts(served) == (1, 1, 1)
        assert not [each for each in served.requests if each.path.endswith("/cancel")]
    monkeypatch.undo()
    with stage.service() as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert changing(served) == []


# -- JSON refused ----------------------------------------------------------------------------


def test_where_json_is_refused_the_markdown_twin_is_sent_in_the_same_job(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("json-refused") as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
        assert outcome.well
        assert counts(served) == (2, 1, 1)
        [twin] = [f for f in served.state.all("file") if str(f["filename"]).endswith(".md")]
        content = served.state.content(str(twin["id"])).read_bytes()
        assert content == (stage.build / "principles.md").read_bytes()
    [said] = [each for each in stage.said if "Markdown" in each and "sent instead" in each]
    assert "JSON files are not supported by this job type" in said
    again = stage.everything()
    with stage.service() as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert served.requests == []
    assert stage.everything() == again


def test_with_json_asked_for_the_twin_is_only_offered(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("json-refused") as (served, service):
        outcome = run(stage.build, replace(ASKED, upload="json"), service, rehearsal=True)
        assert counts(served) == (1, 1, 0)
    assert "--upload md" in str(outcome.runs[0].reason)
    assert "JSON files are not supported" in str(outcome.runs[0].reason)


def test_markdown_may_be_asked_for(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("json-refused") as (served, service):
        assert run(stage.build, replace(ASKED, upload="md"), service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)


def test_a_file_that_could_not_be_processed_is_added_anew_by_the_next_process(
    tmp_path: Path,
) -> None:
    stage = scene(tmp_path)
    asked = replace(ASKED, upload="json")
    with stage.service("ingestion-failed") as (_, service):
        assert not run(stage.build, asked, service, rehearsal=True).well
    with stage.service() as (served, service):
        assert run(stage.build, asked, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)


# -- several runs ----------------------------------------------------------------------------


def test_one_run_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    split_in_two(stage.build)
    with stage.service("job-failed:times=1") as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
        assert sorted(each.state for each in outcome.runs) == ["collected", "failed"]
        assert counts(served) == (2, 2, 2)
    assert not outcome.well
    assert read_pairs(stage.build / "align" / "pairs.parquet")


def test_a_split_build_is_one_run_a_file_and_one_list_of_pairs(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    split_in_two(stage.build)
    with stage.service("drop-after:path=/data-jobs$,method=POST,times=2") as (served, service):
        outcome = run(stage.build, replace(ASKED, name="Lanterns"), service, rehearsal=True)
        assert outcome.well
        assert counts(served) == (2, 2, 2)
        names = sorted(str(job["name"]) for job in served.state.all("job"))
        assert names == ["Lanterns 1", "Lanterns 2"]
        files = sorted(str(f["filename"])[:13] for f in served.state.all("file")
                       if f["_made_by"] == "upload")  # fmt: skip
        assert files == ["principles-1-", "principles-2-"]
    citations = {pair.citation for pair in read_pairs(stage.build / "align" / "pairs.parquet")}
    assert {"99 CFR 100.1", "99 CFR 120.1"} <= citations


def test_each_profile_is_a_run_with_its_own_part_and_instructions(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    path = stage.build / "provenance.jsonl"
    rows = path.read_text(encoding="utf-8")
    for ours, theirs in (
        ("99 CFR Part 100", "45 CFR Part 160"),
        ("99 CFR 100.", "45 CFR 160."),
        ("99 CFR Part 110", "21 CFR Part 11"),
        ("99 CFR 110.", "21 CFR 11."),
    ):
        rows = rows.replace(f'"citation":"{ours}', f'"citation":"{theirs}')  # fmt: skip
    path.write_text(rows, encoding="utf-8")
    asked = Asked(profiles=("hipaa", "profile:part-11", "HIPAA"))
    with stage.service() as (served, service):
        outcome = run(stage.build, asked, service, rehearsal=True)
        assert outcome.well
        assert counts(served) == (2, 2, 2)
        texts = {str(job["instructions"])[:60] for job in served.state.all("job")}
    assert [each.run.profile for each in outcome.runs] == ["hipaa", "part-11"]
    assert len(texts) == 2 and any("HIPAA" in text for text in texts)
    sections = {pair.citation for pair in read_pairs(stage.build / "align" / "pairs.parquet")}
    assert {"45 CFR 160.1", "21 CFR 11.1"} <= sections
    assert not any("99 CFR 120" in str(each) for each in sections)


def split_in_two(build: Path) -> None:
    """Make a build of two files: parts 100 and 110 in the first, part 120 in the second."""
    whole = orjson.loads((build / "principles.json").read_bytes())
    above = whole["children"][0]["children"][0]
    parts = above["children"]
    rows = [orjson.loads(line) for line in (build / "provenance.jsonl").read_bytes().splitlines()]
    out = []
    for number, (first, last) in enumerate(((0, 2), (2, 3)), 1):
        name = f"principles-{number}.json"
        above["children"] = parts[first:last]
        (build / name).write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
        for row in rows:
            path = row["path"]
            if len(path) < 3 or first <= path[2] < last:
                moved = path if len(path) < 3 else [*path[:2], path[2] - first, *path[3:]]
                id = row["id"] if number == 1 or len(path) > 2 else f"{row['id']}~part{number}"
                out.append({**row, "file": name, "path": moved, "id": id})
    (build / "principles.json").unlink()
    (build / "provenance.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in out))


def test_what_has_no_pairs_can_be_sent_again(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("job-stopped:partial=1") as (_, service):
        run(stage.build, ASKED, service, rehearsal=True)
    pairs = read_pairs(stage.build / "align" / "pairs.parquet")
    with stage.service() as (served, service):
        again = run(stage.build, replace(ASKED, only_uncovered=True), service, rehearsal=True)
        assert again.well
        assert counts(served) == (2, 2, 2)
    [ended] = again.runs
    assert ended.run.principles < 30
    more = read_pairs(stage.build / "align" / "pairs.parquet")
    assert len(more) > len(pairs)
    assert again.gathered is not None and again.gathered.coverage is not None
    assert again.gathered.coverage.uncovered == []
    with stage.service() as (_, service), pytest.raises(UsageError, match="Every principle has"):
        run(stage.build, replace(ASKED, only_uncovered=True), service, rehearsal=True)


def test_a_changed_build_is_another_run_and_the_older_one_is_named(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        older = submit(stage.build, ASKED, service, rehearsal=True).runs[0].run
    path = stage.build / "principles.json"
    path.write_bytes(path.read_bytes().replace(b"gasoline", b"petrol"))
    with stage.service() as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
        assert outcome.well
        assert [each.run for each in outcome.others] == [older.run]
        assert counts(served) == (2, 2, 2)
        both = collect(stage.build, service, rehearsal=True)
    assert both.well
    assert both.gathered is not None and len(both.gathered.runs) == 2


def test_pairs_of_a_run_are_traced_to_what_was_sent_though_the_build_has_gone(
    tmp_path: Path,
) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
    for name in ("principles.json", "principles.md", "provenance.jsonl"):
        (stage.build / name).unlink()
    with stage.service() as (_, service):
        assert collect(stage.build, service, rehearsal=True).well
    pairs = read_pairs(stage.build / "align" / "pairs.parquet")
    assert {pair.principle_id for pair in pairs} > {None} or all(p.principle_id for p in pairs)
    assert sum(pair.principle_id is not None for pair in pairs) > 35


# -- real and rehearsed ----------------------------------------------------------------------


def test_rehearsed_pairs_give_way_to_real_ones(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        rehearsed = run(stage.build, ASKED, service, rehearsal=True)
        assert rehearsed.runs[0].run.base_url == "rehearsal"
        real = run(stage.build, ASKED, service)  # the same stand-in, taken for the service
    assert real.gathered is not None
    assert real.gathered.runs == (real.runs[0].run.run,)
    assert real.gathered.left_out == (rehearsed.runs[0].run.run,)
    kept = pq.read_table(stage.build / "align" / "pairs.parquet")
    assert kept.num_rows == real.gathered.pairs


def test_runs_of_another_service_are_not_asked_for_here(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
    with stage.service() as (served, service):
        with pytest.raises(UsageError, match="were sent to the rehearsal; add --rehearse"):
            collect(stage.build, service)
        assert served.requests == []


# -- the legacy workflow ---------------------------------------------------------------------

LEGACY = replace(ASKED, workflow="legacy")


@pytest.mark.parametrize(
    "fault",
    ["chunked", "drop-after:path=/alignment/generate,times=1", "500-after:path=/generate,times=1",
     "500:path=/generate,times=1", "outputs-not-embedded"],
)  # fmt: skip
def test_the_legacy_workflow_generates_once(tmp_path: Path, fault: str, untroubled: bytes) -> None:
    stage = scene(tmp_path)
    with stage.service(fault) as (served, service):
        assert run(stage.build, LEGACY, service, rehearsal=True).well
        assert served.effects["generated"] == 1
        assert counts(served) == (1, 0, 0)
    assert pairs_of(stage) == untroubled
    with stage.service() as (served, service):
        assert run(stage.build, LEGACY, service, rehearsal=True).well
        assert served.requests == []


# -- one process at a time -------------------------------------------------------------------


def test_a_second_process_is_told_to_wait(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("never-done", times=replace(TIMES, deadline=1.5)) as (_, service):
        first = threading.Thread(target=run, args=(stage.build, ASKED, service),
                                 kwargs={"rehearsal": True})  # fmt: skip
        first.start()
        while not (stage.build / "align" / "journal.jsonl").exists():
            first.join(0.01)
        with pytest.raises(TribonianError, match=r"Another process works on .*align status"):
            run(stage.build, Asked("Others."), service, rehearsal=True)
        first.join()
