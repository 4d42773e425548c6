"""Let the service misbehave in every way the rehearsal knows, and look what becomes of a run.

    python benchmarks/faults.py [--short] [WORD …]

A row is a fault: what a user sees of one whole run (exit code, and the sentence), how many files,
jobs and starts the service has then, whether pairs.parquet has the bytes of a run that nothing
disturbed, and the same after running again without the fault. Exits with 1 where a row is not as
`CASES` has it, or the key is in any file or output. ``--short`` puts the faults that nobody
notices into one row; WORDs choose the rows that have one of them.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # the build is the tests' own

KEY = "sk-faults-5b1e77c09a42"
SHOWN = 150  # characters of a sentence

SAME, OTHER, NONE = "identical", "other", "none"


@dataclass(frozen=True)
class Case:
    """A fault, and what must come of it.

    ``exit``, ``sees`` (words of what is said on stderr; "" where nothing is), ``effects`` (files,
    jobs, starts) and ``pairs`` are of the run with the fault; ``again`` is exit code and pairs of
    the next without it, by when there must be ``effects`` or, where one was missing, one of each.
    ``how`` is the course that is run.
    """

    fault: str
    misbehave: tuple[str, ...] = ()
    exit: int = 0
    sees: str = ""
    effects: tuple[int, int, int] = (1, 1, 1)
    pairs: str = SAME
    again: tuple[int, str] = (0, SAME)
    how: str = "run"
    upload: str = "auto"
    deadline: float = 30.0
    finally_: tuple[int, int, int] = (1, 1, 1)


UPLOAD, CREATE = "method=PUT,path=/files$", "method=POST,path=/data-jobs$"
ATTACH, START, CONTENT = "path=/add-files$", "path=/start$", "path=/content$"
LOOK = "method=GET,path=/data-jobs/"
ASKED_AGAIN = "asked again"

CASES: tuple[Case, ...] = (
    Case("nothing"),
    # -- the connection
    *(
        Case(f"connection lost {when} the effect of {what}, twice", (f"{name}:{at},times=2",))
        for when, name in (("before", "drop-before"), ("after", "drop-after"))
        for what, at in (
            ("the upload", UPLOAD),
            ("create", CREATE),
            ("add-files", ATTACH),
            ("start", START),
        )
    ),
    Case("connection reset in the middle of the upload", (f"drop-during:{UPLOAD},times=1",)),
    Case("every fifth connection lost", ("drop-before:chance=0.2,seed=3",), sees=ASKED_AGAIN),
    Case("no answer to start", (f"stalled:{START},times=1,seconds=2",)),
    Case("slow answer to add-files", ("attach-slow:seconds=0.4",)),
    Case("every answer slow", ("slow:seconds=0.05",)),
    Case(
        "network lost while waiting, and back",
        how="lost",
        sees="it is asked again until it answers",
    ),
    # -- statuses
    Case("429 with Retry-After", ("429:first=1,retry_after=1",), sees=ASKED_AGAIN),
    Case("429 at start with Retry-After", (f"429:{START},times=1,retry_after=1",),
         sees=ASKED_AGAIN),
    Case("500 at create and start, nothing done",
         (f"500:{CREATE},times=1", f"500:{START},times=1")),
    Case("500 at create, although it was created", ("create-500:times=1",)),
    Case("500 at upload, although it was stored", (f"500-after:{UPLOAD},times=1",)),
    Case("502 with HTML at start, although it was started", ("start-502:times=1",)),
    Case("502 with HTML at every third call, although it was done",
         ("502-after:chance=0.3,seed=5",),
         sees=ASKED_AGAIN),
    Case("502 with HTML, twice", ("502:first=2",), sees=ASKED_AGAIN),
    Case("503 at create with Retry-After", (f"503:{CREATE},times=1,retry_after=1",),
         sees=ASKED_AGAIN),
    Case("503 at create without Retry-After", (f"503:{CREATE},times=1",)),
    Case("503 for good", ("503",), 1, "503 Service Unavailable", (0, 0, 0), NONE),
    Case("500 at start for good", (f"500:{START}",), 1,
         "500 Internal Server Error", (1, 1, 0), NONE),
    Case("400 without a reason at add-files", (f"error:{ATTACH},status=400",), 1,
         "400 Bad Request", (1, 1, 0), NONE),
    Case("an undocumented HTTP status at start", (f"error:{START},status=418",), 1,
         "418", (1, 1, 0), NONE),
    # -- the key
    Case("key expired from the beginning", ("expired",), 1, "check SEEKR_API_KEY", (0, 0, 0), NONE),
    Case("key expires while waiting", (f"expired:{LOOK},after=6",), 1,
         "come back with: tribonian align collect", pairs=NONE),
    Case("key may not start jobs", (f"forbidden:{START}",), 1, "check SEEKR_API_KEY", (1, 1, 0),
         NONE),
    Case("the key repeated in an error", (f"echo-key:{START}",), 1, "[key]", (1, 1, 0), NONE),
    # -- bodies
    Case("a sign-in page with status 200", ("html:first=1",), 1, "a proxy or a sign-in page",
         (0, 0, 0), NONE),
    Case("half of the JSON of create", (f"half-json:{CREATE},times=1",)),
    Case("a web page as the answer to start", (f"html:{START},times=1",)),
    Case("download truncated, twice", (f"truncated:{CONTENT},times=2",), sees=ASKED_AGAIN),
    Case("download always truncated", (f"truncated:{CONTENT}",), 1, "broke off in the middle",
         pairs=NONE),
    Case("download in chunks", (f"chunked:{CONTENT}",)),
    Case("download in chunks that end too early", (f"chunked-cut:{CONTENT},times=1",),
         sees=ASKED_AGAIN),
    Case("download gzipped", (f"gzip:{CONTENT}",)),
    Case("download gzipped and damaged", (f"gzip-broken:{CONTENT},times=1",), sees=ASKED_AGAIN),
    Case("download stands still", (f"stalled-body:{CONTENT},times=1,seconds=2",), sees=ASKED_AGAIN),
    Case("size of the output not announced", ("no-size",)),
    Case("size of the output announced wrongly", how="misstated", sees="is listed with"),
    # -- redirects
    Case("every call redirected on the same origin", ("redirect",)),
    Case("download redirected to another origin", ("redirect-content",)),
    # -- states
    Case("a status that nobody documented", ("unknown-status:looks=4",)),
    Case("a status that nobody documented, for ever", ("unknown-forever",), 1,
         "The deadline has passed", pairs=NONE, again=(1, NONE), deadline=2),
    Case("never done", ("never-done",), 1, "The deadline has passed", pairs=NONE,
         again=(1, NONE), deadline=2),
    Case("the service writes the system prompt itself", ("prompt-generated",)),
    Case("progress as text", ("progress-text",)),
    Case("ingestion takes long", ("ingestion-long:looks=12",)),
    Case("needs_review: JSON refused", ("json-refused",), 0, "its Markdown twin is sent instead",
         (2, 1, 1), finally_=(2, 1, 1)),
    Case("needs_review: JSON refused, --upload json", ("json-refused",), 1,
         "run again with --upload md", (1, 1, 0), NONE, upload="json"),
    Case("needs_review: the file could not be processed", ("ingestion-failed",), 1,
         "could not be processed", (2, 1, 0), NONE, finally_=(2, 1, 1)),
    Case("the job failed", ("job-failed",), 1, "has failed", pairs=NONE, again=(1, NONE)),
    Case("the job was cancelled", ("job-cancelled",), 1, "was cancelled", pairs=NONE,
         again=(1, NONE)),
    Case("the job was stopped, with some pairs", ("job-stopped:partial=1",), 1, "was stopped",
         pairs=OTHER, again=(1, OTHER)),
    Case("no system prompt is drafted", ("no-prompt-draft",), how="draft",
         sees="The model will be trained on this system prompt", pairs=OTHER, again=(0, OTHER)),
    # -- outputs
    Case("empty output: 0 bytes", ("empty-output",), 1, "is empty", pairs=NONE, again=(1, NONE)),
    Case("empty output: 0 rows", ("no-rows",), 1, "has no pair in it", pairs=NONE, again=(1, NONE)),
    Case("empty output: no file", ("no-output",), 1, "has no output file", pairs=NONE,
         again=(1, NONE)),
    Case("outputs come late", ("outputs-late:looks=3",)),
    Case("outputs not in the job, only at the older call", ("outputs-not-embedded",)),
    Case("outputs only at the undocumented call", ("outputs-only-at-job",)),
    Case("another output before the pairs", ("extra-output",)),
    Case("unknown columns", ("unknown-columns",), 1, "no pairs in a shape that is known",
         pairs=NONE, again=(1, NONE)),
    *(
        Case(f"pairs as {what}", (name,))
        for what, name in (
            ("JSON text", "messages-json"),
            ("JSON lines", "jsonl"),
            ("columns among others", "extra-columns"),
        )
    ),
    *(
        Case(f"pairs {what}", (name,), pairs=OTHER, again=(0, OTHER))
        for what, name in (
            ("as question and answer columns", "question-answer"),
            ("as prompt and completion columns", "prompt-completion"),
            ("without system message", "no-system"),
            ("in another order", "shuffled"),
            ("twice", "duplicates"),
            ("that decline", "refusals"),
            ("that speak of the document", "boilerplate"),
            ("with wrong numbers", "wrong-numbers"),
            ("with wrong duties", "wrong-modals"),
        )
    ),
    # -- lists and objects
    Case("optional fields missing", ("missing-fields",)),
    Case("unknown fields", ("extra-fields",)),
    Case("a newer job of the same name", ("namesake",)),
    Case("pages of lists overlap, answer to create lost",
         ("overlap", "namesake", f"drop-after:{CREATE},times=1")),
    Case("pages of lists too short, answers lost",
         ("short-pages", f"drop-after:{CREATE},times=1", f"drop-after:{UPLOAD},times=1")),
    Case("listed late, answers lost",
         ("listed-late:looks=2", f"drop-after:{CREATE},times=1", f"drop-after:{UPLOAD},times=1")),
    Case("fields missing, answers lost",
         ("missing-fields", f"drop-after:{CREATE},times=1", f"drop-after:{UPLOAD},times=1",
          f"drop-after:{ATTACH},times=1", f"drop-after:{START},times=1")),
    Case("errors in another shape", ("flat-errors", f"429:{CREATE},times=1,retry_after=0"),
         sees=ASKED_AGAIN),
    Case("errors as plain text", ("text-errors", f"429:{CREATE},times=1,retry_after=0"),
         sees=ASKED_AGAIN),
    # -- this side
    Case("journal torn in its last line", how="torn"),
)  # fmt: skip


# -- one course --------------------------------------------------------------------------------


@dataclass
class Seen:
    """What came of one process: exit code, lines on stderr and stdout."""

    exit: int
    problems: list[str]
    results: list[str]


@dataclass
class Stage:
    """A build, the service's state and its port, which stays the same from process to process."""

    build: Path
    state: Path
    port: int = 0

    @property
    def pairs(self) -> bytes | None:
        path = self.build / "align" / "pairs.parquet"
        return path.read_bytes() if path.exists() else None

    @contextmanager
    def served(self, *misbehave: str, looks: int = 2) -> Iterator[Any]:
        from tribonian.align.rehearsal import Rehearsal

        with Rehearsal(
            self.state, misbehave=list(misbehave), looks=looks, port=self.port, key=KEY
        ) as service:
            self.port = int(service.url.rpartition(":")[2])
            yield service


def typed(stage: Stage, url: str, case: Case, verb: str = "run") -> Seen:
    """What the command line does with a build, in this process and with short waits."""
    import typer

    from tribonian.align.runs.asked import Asked
    from tribonian.align.runs.course import Telling
    from tribonian.align.runs.workflow import run, submit
    from tribonian.align.service.account import Account, Key
    from tribonian.align.service.times import Times
    from tribonian.cli.align import _report
    from tribonian.cli.screen import say_problem
    from tribonian.errors import TribonianError

    times = Times(read=0.8, upload=0.8, patience=1.5, first_wait=0.03, poll_first=0.01,
                  poll_longest=0.05, settle=0.3, deadline=case.deadline)  # fmt: skip
    prompt = None if case.how == "draft" else "You answer questions of lantern makers."
    asked = Asked("Make pairs for people who make lanterns.", prompt, upload=case.upload)
    said = Telling(say=lambda run, sentence: say_problem(f"{run.run}: {sentence}"))
    kind = service_kind(case.how)
    out, problems = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(problems):
        try:
            with kind(Account(url, Key(KEY)), times=times, notice=say_problem) as service:
                work = submit if verb == "submit" else run
                outcome = work(stage.build, asked, service, telling=said)
            _report(stage.build, outcome, False, False)
        except typer.Exit as left:
            code = left.exit_code
        except TribonianError as error:
            say_problem(f"tribonian: {error}")
            code = 1
    return Seen(code, problems.getvalue().splitlines(), out.getvalue().splitlines())


def service_kind(how: str) -> Callable[..., Any]:
    """The client; one that misreads sizes stands for a service that misstates them."""
    from tribonian.align.service.client import Service
    from tribonian.schemas.service import DataJob, Output

    class Misstated(Service):
        def outputs(self, job: DataJob) -> list[Output]:
            found = super().outputs(job)
            return [each.model_copy(update={"bytes": (each.bytes or 0) + 7}) for each in found]

    return Misstated if how == "misstated" else Service


def course(stage: Stage, case: Case) -> tuple[Seen, tuple[int, int, int], bool]:
    """One run with the fault: what was seen, the effects, and whether a key went elsewhere."""
    if case.how == "lost":
        return lost(stage, case)
    if case.how == "torn":
        with stage.served() as service:
            typed(stage, service.url, case, "submit")
        with (stage.build / "align" / "journal.jsonl").open("ab") as journal:
            journal.write(b'{"run":"0123456789ab","step":"wa')
    with stage.served(*case.misbehave) as service:
        seen = typed(stage, service.url, case)
        astray = any(each.header("authorization") for each in service.elsewhere_requests)
        return seen, effects(service), astray


def lost(stage: Stage, case: Case) -> tuple[Seen, tuple[int, int, int], bool]:
    """The service is gone for longer than one call is repeated, and comes back."""
    found: list[Seen] = []
    with stage.served(looks=12) as service:
        url = service.url
        working = threading.Thread(target=lambda: found.append(typed(stage, url, case)))
        working.start()
        while not service.effects["starts"] and working.is_alive():
            threading.Event().wait(0.02)
    threading.Event().wait(2.2)
    with stage.served(looks=2) as service:
        working.join()
        return found[0], effects(service), False


def effects(service: Any) -> tuple[int, int, int]:
    counts = service.effects
    return counts["files"], counts["jobs"], counts["starts"]


# -- what is shown -----------------------------------------------------------------------------


def compared(pairs: bytes | None, untroubled: bytes | None) -> str:
    if pairs is None:
        return NONE
    return SAME if untroubled in (None, pairs) else OTHER


def sentence(seen: Seen, case: Case, stage: Stage) -> str:
    """The line that counts, shortened."""
    lines = [each for each in seen.problems if case.sees and case.sees in each]
    line = (lines[-1:] if seen.exit else lines[:1]) or seen.problems[-1:]
    return shortened(line[0] if line else "", stage)


def shortened(line: str, stage: Stage) -> str:
    """A line without what differs from machine to machine, and cut."""
    line = re.sub(r"^(tribonian|[0-9a-f]{12}): ", "", line)
    line = re.sub(r"^(failed|started)(, job [\w-]+)?\. ", "", line)
    line = line.replace(str(stage.build), "build").replace(f"127.0.0.1:{stage.port}", "SERVICE")
    line = re.sub(r"\b(dj|al|file|ft)-[\w-]+", r"\1-…", line).replace("127.0.0.1", "SERVICE")
    line = re.sub(r"principles-[0-9a-f]{12}", "principles-…", line).replace("|", "\\|")
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1].rstrip()}…"


@dataclass
class Row:
    """A fault with what came of it, and what is not as it must be."""

    case: Case
    seen: Seen
    said: str
    effects: tuple[int, int, int]
    pairs: str
    again: tuple[int, str]
    wrong: list[str]

    @property
    def unnoticed(self) -> bool:
        return (self.seen.exit, self.effects, self.pairs, self.said) == (0, (1, 1, 1), SAME, "")


def row(case: Case, folder: Path, untroubled: bytes | None) -> Row:
    """Run a case, and run it again without its fault."""
    from tests.align.small_build import small_build

    stage = Stage(small_build(folder), folder / "service")
    seen, counts, astray = course(stage, case)
    pairs = compared(stage.pairs, untroubled)
    said = sentence(seen, case, stage) if seen.exit or case.sees else ""
    stay = case.deadline < Case.deadline  # what never ends would end without its fault
    with stage.served(*(case.misbehave if stay else ())) as service:
        second = typed(stage, service.url, case)
        last = effects(service)
    again = (second.exit, compared(stage.pairs, untroubled))
    wrong = []
    for what, got, wanted in (
        ("exit", seen.exit, case.exit),
        ("effects", counts, case.effects),
        ("pairs", pairs, case.pairs),
        ("again", again, case.again),
        ("effects in the end", last, case.finally_),
    ):
        if got != wanted:
            wrong.append(f"{what} {got}, not {wanted}")
    told = "\n".join([*seen.problems, *seen.results, *second.problems, *second.results])
    if case.sees not in told:
        wrong.append(f"{case.sees!r} is not said")
    if not case.sees and seen.problems:
        wrong.append("something is said")
    if "Traceback" in told:
        wrong.append("a traceback")
    kept = b"".join(each.read_bytes() for each in stage.build.rglob("*") if each.is_file())
    if KEY in told or KEY.encode() in kept or astray:
        wrong.append("the key is shown")
    return Row(case, seen, said, counts, pairs, again, wrong)


def shown(each: Row) -> str:
    counts = ", ".join(map(str, each.effects))
    seen = f"exit {each.seen.exit}" + (f": {each.said}" if each.said else "")
    after = f"exit {each.again[0]}, {each.again[1]}"
    wrong = f" **{'; '.join(each.wrong)}; {' / '.join(each.seen.problems)}**" if each.wrong else ""
    return f"| {each.case.fault} | {seen} | {counts} | {each.pairs} | {after}{wrong} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="rows that have one of these words")
    parser.add_argument("--short", action="store_true", help="what nobody notices in one row")
    asked = parser.parse_args()
    cases = [
        each
        for each in CASES[1:]
        if not asked.words or any(word in each.fault for word in asked.words)
    ]
    bad = 0
    unnoticed: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        untroubled_folder = folder / "untroubled"
        untroubled_folder.mkdir()
        row(CASES[0], untroubled_folder, None)
        untroubled = (untroubled_folder / "build" / "align" / "pairs.parquet").read_bytes()
        print("| fault | what the user sees | files, jobs, starts | pairs.parquet | run again |")
        print("|---|---|---|---|---|")
        for n, case in enumerate(cases):
            own = folder / str(n)
            own.mkdir()
            each = row(case, own, untroubled)
            bad += bool(each.wrong)
            if asked.short and each.unnoticed and not each.wrong:
                unnoticed.append(case.fault)
            else:
                print(shown(each), flush=True)
    if unnoticed:
        print(f"| {'; '.join(unnoticed)} | exit 0 | 1, 1, 1 | {SAME} | exit 0, {SAME} |")
    print(f"\n{len(cases) - bad} of {len(cases)} as they must be")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
