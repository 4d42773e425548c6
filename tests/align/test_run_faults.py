"""What may go wrong with a run at the edges: forms, sizes, damaged files, many runs, short keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.align.rehearsed import ASKED, TIMES, Scene, counts, scene
from tribonian.align.rehearsal import Rehearsal
from tribonian.align.runs import side_by_side as abreast
from tribonian.align.runs.asked import run_of
from tribonian.align.runs.collecting import gather
from tribonian.align.runs.course import Course, Shared
from tribonian.align.runs.journal import Journal, Record, read_journal, records
from tribonian.align.runs.one_run import Ended
from tribonian.align.runs.uploading import FormRefusedError, as_refusal
from tribonian.align.runs.watching import Patience
from tribonian.align.runs.workflow import all_courses, collect, run, submit
from tribonian.align.service.account import Account, Key
from tribonian.align.service.client import Service
from tribonian.align.service.failures import ServiceError, UncertainError
from tribonian.schemas.service import DataJob, Output, ServiceFile

# -- is it the form that is refused? -----------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words", "of_form"),
    [
        (400, "Refused by the rehearsal", False),
        (400, "The job has no instructions", False),
        (400, "Job type principle_files needs a prompt", False),
        (400, "File principles-0123456789ab.json could not be attached: quota exceeded", False),
        (422, "file_ids.0: Field required", False),
        (500, "JSON files are not supported", False),
        (400, "JSON files are not supported", True),
        (400, "Upload the file as Markdown (.md)", True),
        (400, "File principles-0123456789ab.json is not supported", True),
        (422, "The suffix json is not taken for alignment", True),
        (400, "Unsupported file type", True),
        (400, "Unknown file_type", True),
        (415, "", True),
        (200, "", True),
        (200, "the file is larger than the limit", False),
    ],
)
def test_only_what_speaks_of_the_form_is_a_refusal_of_it(
    status: int, words: str, of_form: bool
) -> None:
    found = as_refusal(ServiceError("The service does not.", status, words))
    assert isinstance(found, FormRefusedError) is of_form


@pytest.mark.parametrize("path", ["/add-files", "/start"])
def test_a_bare_400_does_not_send_the_markdown_twin(tmp_path: Path, path: str) -> None:
    stage = scene(tmp_path)
    with stage.service(f"error:status=400,path={path}") as (served, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
        assert counts(served) == (1, 1, 0)
    assert "Refused by the rehearsal" in str(outcome.runs[0].reason)
    with stage.service() as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)


def test_json_that_was_refused_is_taken_from_the_job_by_the_next_process_too(
    tmp_path: Path,
) -> None:
    stage = scene(tmp_path)
    quick = replace(TIMES, patience=0.3, settle=0.05)
    with stage.service("json-refused", "500:path=/remove-files", times=quick) as (_, service):
        assert not run(stage.build, ASKED, service, rehearsal=True).well
    assert "form done" in stage.steps()  # and what follows did not happen
    with stage.service("json-refused") as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (2, 1, 1)
        [job] = served.state.all("job")
        assert len(job["_files"]) == 1


# -- a size that is listed wrongly -------------------------------------------------------------


class Misstated(Service):
    """A service that lists its outputs with too many bytes."""

    def outputs(self, job: DataJob) -> list[Output]:
        found = super().outputs(job)
        return [each.model_copy(update={"bytes": (each.bytes or 0) + 7}) for each in found]


@pytest.mark.parametrize("faults", [(), ("jsonl",), ("chunked:path=/content",)])
def test_a_file_that_is_whole_is_taken_though_its_size_is_listed_wrongly(
    tmp_path: Path, faults: tuple[str, ...]
) -> None:
    stage = scene(tmp_path)
    with (
        Rehearsal(stage.state, misbehave=faults) as served,
        Misstated(Account(served.url, Key("sk-misstated-01")), times=TIMES) as service,
    ):
        outcome = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    assert outcome.well, outcome.runs
    [said] = [each for each in stage.said if "is listed with" in each]
    assert "can be opened to its end" in said
    [done] = [e for e in stage.lines() if (e["step"], e["state"]) == ("download", "done")]
    assert int(str(done["listed"])) == int(str(done["bytes"])) + 7


def test_json_lines_without_their_end_are_not_taken_for_whole(tmp_path: Path) -> None:
    stage = scene(tmp_path)

    class Cut(Misstated):
        def download(self, id: str, to: Path, **rest: object) -> int:
            size = super().download(id, to, **rest)  # type: ignore[arg-type]
            to.write_bytes(to.read_bytes()[: size - 20])
            return size - 20

    with (
        Rehearsal(stage.state, misbehave="jsonl") as served,
        Cut(Account(served.url, Key("sk-misstated-01")), times=TIMES) as service,
    ):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
    assert not outcome.well
    assert "lists with" in str(outcome.runs[0].reason)
    assert not [*(stage.build / "align").glob("*received*")]


# -- a file that is damaged after its beginning ------------------------------------------------


def two_runs(stage: Scene) -> tuple[str, str]:
    with stage.service() as (_, service):
        one = run(stage.build, ASKED, service, rehearsal=True)
        other = run(stage.build, replace(ASKED, instructions="Others."), service, rehearsal=True)
    return one.runs[0].run.run, other.runs[0].run.run


def courses_of(stage: Scene, service: Service) -> list[Course]:
    shared = Shared(places_of(stage), service, stage.telling, Patience(None))
    journal = Journal(shared.places, str)
    journal.lines = read_journal(shared.places)
    return all_courses(shared, journal)


def places_of(stage: Scene):  # type: ignore[no-untyped-def]
    from tribonian.align.places import Places

    return Places(stage.build)


def test_a_file_that_is_damaged_in_its_middle_costs_only_its_own_run(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    one, other = two_runs(stage)
    damaged = places_of(stage).received(one, "parquet")
    data = bytearray(damaged.read_bytes())
    data[200:400] = bytes(255 - each for each in data[200:400])
    damaged.write_bytes(data)
    with stage.service() as (_, service):
        gathered = gather(places_of(stage), courses_of(stage, service))
    assert gathered is not None and gathered.pairs > 0
    assert gathered.runs == (other,)
    assert [*gathered.unread] == [one]
    assert damaged.name in gathered.unread[one]


# -- what is told while pairs are traced -------------------------------------------------------


def test_tracing_tells_how_far_it_is(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        outcome = run(stage.build, ASKED, service, rehearsal=True, telling=stage.telling)
    assert outcome.gathered is not None
    told = [each for each in stage.told if each.step == "pairs"]
    assert told[-1].done == told[-1].whole == outcome.gathered.pairs
    assert [each.done for each in told] == sorted({each.done or 0 for each in told})


# -- many runs ---------------------------------------------------------------------------------


def test_many_runs_take_turns_in_a_few_threads_and_each_has_its_outcome(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
        [course] = courses_of(stage, service)
        shared = course.shared
        journal = course.record.journal
        many = [
            Course(replace(course.run, run=f"{n:012x}"), Record(journal, f"{n:012x}"), shared)
            for n in range(56)
        ]
        lock = threading.Lock()
        now: set[str] = set()
        most: list[int] = []
        order: list[str] = []

        def first(each: Course) -> Ended:
            with lock:
                now.add(threading.current_thread().name)
                order.append("first")
                most.append(len(now))
            threading.Event().wait(0.005)
            state = "failed" if each.run.run == f"{5:012x}" else "started"
            return Ended(each.run, state)

        def second(each: Course) -> Ended:
            with lock:
                order.append("second")
            return Ended(each.run, "started", reason="It is late.")

        ended, gathered = abreast.side_by_side(shared, many, (first, second), [])
    assert [each.run.run for each in ended] == [each.run.run for each in many]
    assert [each.state for each in ended].count("failed") == 1
    assert max(most) <= 8
    assert order.count("second") == 55
    assert order.index("second") >= 56 - 8  # nobody is waited for before all were sent
    assert gathered is None


# -- keys that are words -----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["test", "rehearsal", "alignment", "sk-rehearsal-0001"])
def test_a_key_that_is_a_word_destroys_nothing_in_the_journal(tmp_path: Path, key: str) -> None:
    stage = scene(tmp_path)
    asked = replace(ASKED, instructions="A test of alignment, no rehearsal.", name="test alignment")
    quick = replace(TIMES, patience=0.2, settle=0.05)
    with stage.service("500:path=/start", key=key, times=quick) as (_, service):
        assert not run(stage.build, asked, service, rehearsal=True).well
    [begun] = [run_of(line) for line in stage.lines() if line["step"] == "run"]
    assert (begun.name, begun.base_url) == ("test alignment", "rehearsal")
    assert begun.instructions == asked.instructions
    with stage.service(key=key) as (served, service):
        assert run(stage.build, asked, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)
    before = stage.everything()
    with stage.service(key=key) as (served, service):
        assert [e.state for e in run(stage.build, asked, service, rehearsal=True).runs] == [
            "finished"
        ]
    assert stage.everything() == before


def test_the_service_s_own_words_never_have_a_short_key_in_them(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service("echo-key:path=/start", key="zq-short") as (_, service):
        run(stage.build, ASKED, service, rehearsal=True)
    assert b"zq-short" not in (stage.build / "align" / "journal.jsonl").read_bytes()


# -- effects that are looked up before they are repeated ---------------------------------------


class Nameless(Service):
    """A service whose lists have no names, as long as one looks at no single file or job."""

    def files(self, purpose: str | None = None) -> Iterator[ServiceFile]:
        for each in super().files(purpose):
            yield each.model_copy(update={"filename": None})

    def jobs(self, job_type: str | None = None) -> Iterator[DataJob]:
        for each in super().jobs(job_type):
            yield each.model_copy(
                update={"name": None, "instructions": None, "system_prompt": None}
            )


@pytest.mark.parametrize(
    "faults",
    [
        ("drop-after:method=PUT,times=1",),
        ("drop-after:path=/data-jobs$,method=POST,times=1",),
        ("drop-after:path=/add-files,times=1",),
        ("drop-after:path=/start,times=1", "unknown-status:looks=30"),
    ],
)
def test_effects_are_found_where_lists_say_little(tmp_path: Path, faults: tuple[str, ...]) -> None:
    stage = scene(tmp_path)
    with (
        Rehearsal(stage.state, misbehave=faults) as served,
        Nameless(Account(served.url, Key("sk-nameless-0001")), times=TIMES) as service,
    ):
        outcome = run(stage.build, ASKED, service, rehearsal=True)
        assert outcome.well, outcome.runs
        assert counts(served) == (1, 1, 1)
        asked = [each.path for each in served.requests if each.path.endswith("/start")]
        assert len(asked) == 1


def test_a_file_without_a_name_is_known_by_its_content(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    faults = ("missing-fields", "drop-after:method=PUT,times=1")
    with stage.service(*faults) as (served, service):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)
    assert not [*(stage.build / "align").glob(".*.part")]


def test_another_file_without_a_name_is_not_taken_for_ours(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    other = tmp_path / "other.json"
    other.write_bytes((stage.build / "principles.json").read_bytes().replace(b"must", b"mist"))
    quick = replace(TIMES, patience=0.2, settle=0.05)
    with stage.service("missing-fields", "500:method=PUT,times=9", times=quick) as (_, service):
        assert not run(stage.build, ASKED, service, rehearsal=True).well
    with stage.service("missing-fields") as (served, service):
        service.upload(other, purpose="alignment")  # by somebody else, meanwhile
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (2, 1, 1)
        [job] = served.state.all("job")
        [sent] = job["_files"]
        content = served.state.content(sent).read_bytes()
    assert content == (stage.build / "principles.json").read_bytes()


class Shown(Service):
    """A service that shows no files of a job."""

    def job(self, id: str) -> DataJob:
        nothing: dict[str, Sequence[object]] = {
            "files": [],
            "additional_alignment_file_ids": [],
            "ingestion_jobs": [],
        }
        return super().job(id).model_copy(update=nothing)


def test_a_file_is_attached_once_though_no_job_shows_its_files(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with (
        Rehearsal(stage.state, misbehave="drop-after:path=/add-files,times=1") as served,
        Shown(Account(served.url, Key("sk-shows-none-01")), times=TIMES) as service,
    ):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert served.effects["attachments"] == 1


def test_what_may_have_happened_is_looked_for_after_a_later_refusal_too() -> None:
    journal = Journal.__new__(Journal)
    lines = [
        {"run": "r", "step": "create", "state": "begin", "known": ["dj-0"]},
        {"run": "r", "step": "create", "state": "failed", "uncertain": True},
        {"run": "r", "step": "create", "state": "begin", "known": ["dj-0"]},
        {"run": "r", "step": "create", "state": "failed", "reason": "The key has expired."},
    ]
    mine = records(journal, lines)["r"]
    assert mine.begun("create") == lines[2]
    done = {"run": "r", "step": "create", "state": "done", "job": "dj-1"}
    assert records(journal, [*lines, done])["r"].begun("create") is None


def test_a_start_is_not_repeated_while_the_job_says_something_unknown(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    asked: list[str] = []

    class Unsure(Service):
        """Nobody hears whether a start had its effect, and the job says what nobody knows."""

        def start(self, id: str) -> DataJob:
            asked.append(id)
            if len(asked) == 1:
                raise UncertainError("The service was asked to start, but it hung up.")
            return super().start(id)

        def job(self, id: str) -> DataJob:
            seen = super().job(id)
            odd = asked and len(asked) == 1 and looks.append(id) is None and len(looks) < 40
            return seen.model_copy(update={"status": "warming_up"}) if odd else seen

    looks: list[str] = []
    with (
        Rehearsal(stage.state) as served,
        Unsure(Account(served.url, Key("sk-unsure-000001")), times=TIMES) as service,
    ):
        assert run(stage.build, ASKED, service, rehearsal=True).well
        assert counts(served) == (1, 1, 1)
    assert len(asked) == 2  # again only after it was seen to be ready still
    assert len(looks) >= 40


# -- nothing is left behind --------------------------------------------------------------------


def test_a_build_without_runs_is_left_as_it_is(tmp_path: Path) -> None:
    from tribonian.align.runs.status import cancel, status
    from tribonian.errors import UsageError

    stage = scene(tmp_path)
    with stage.service() as (_, service):
        for ask in (status, collect, cancel):
            with pytest.raises(UsageError, match="has no runs yet"):
                ask(stage.build, service)
    assert not (stage.build / "align").exists()


def test_the_journal_keeps_names_and_masks_values(tmp_path: Path) -> None:
    from tribonian.align.places import Places
    from tribonian.align.runs.journal import working

    def mask(text: str) -> str:
        return text.replace("create", "[key]").replace("done", "[key]")

    (tmp_path / "build").mkdir()
    place = Places(tmp_path / "build")
    with working(place, mask) as journal:
        journal.write("done", "create", "done", create="create", files=[["create", 1]])
    with working(place, mask, thorough=False) as journal:
        journal.write("r", "create", "failed", create="create", reasons=["create"])
    first, second = (orjson.loads(line) for line in place.journal.read_bytes().splitlines())
    assert (first["run"], first["step"], first["state"]) == ("done", "create", "done")
    assert (first["create"], first["files"]) == ("[key]", [["[key]", 1]])
    assert (second["create"], second["reasons"]) == ("create", ["[key]"])
