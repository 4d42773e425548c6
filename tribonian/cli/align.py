"""The commands that align: run, submit, status, collect, cancel, and the page for review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tribonian.cli.options import Build, Json, Quiet, Rehearse, text_of
from tribonian.cli.screen import (
    INTERRUPTED,
    SOME_FAILED,
    end_with,
    harmless,
    on_terminal,
    print_json,
    say,
    say_problem,
)

if TYPE_CHECKING:
    from tribonian.align.runs.asked import Asked, Run
    from tribonian.align.runs.collecting import Gathered
    from tribonian.align.runs.course import Telling
    from tribonian.align.runs.standing import Standing
    from tribonian.align.runs.status import Row
    from tribonian.align.runs.workflow import Outcome

app = typer.Typer(
    help="Send a build to the service, and collect the pairs it makes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Instructions = Annotated[
    str, typer.Option(metavar="TEXT|@FILE", help="What the pairs are for; steers their making.")
]
SystemPrompt = Annotated[
    str | None,
    typer.Option(metavar="TEXT|@FILE", help="Stands in every pair (default: drafted there)."),
]
Name = Annotated[str | None, typer.Option(help="The job's name (default: title and run).")]
Upload = Annotated[
    str, typer.Option(metavar="FORM", help="json, md, or auto: md where json is refused.")
]
Workflow = Annotated[str, typer.Option(metavar="NAME", help="jobs, or legacy for the older call.")]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="PATTERN", help="Send what a citation or label names; repeatable."),
]
Profiles = Annotated[
    list[str] | None,
    typer.Option("--profile", metavar="NAME", help="A run for this profile; repeatable."),
]
OnlyUncovered = Annotated[
    bool, typer.Option("--only-uncovered", help="Send the principles that no pair covers.")
]
Deadline = Annotated[
    float, typer.Option(metavar="HOURS", help="How long to wait; the job goes on after it; 0: any.")
]


def _asked(
    instructions: str,
    system_prompt: str | None,
    name: str | None,
    upload: str,
    workflow: str,
    only: list[str] | None,
    profiles: list[str] | None,
    only_uncovered: bool,
) -> Asked:
    from tribonian.align.runs.asked import Asked

    return Asked(
        text_of("--instructions", instructions),
        None if system_prompt is None else text_of("--system-prompt", system_prompt),
        name,
        upload,
        workflow,
        tuple(only or ()),
        tuple(profiles or ()),
        only_uncovered,
    )


@app.command("run")
def run_command(
    build: Build,
    instructions: Instructions = "",
    system_prompt: SystemPrompt = None,
    name: Name = None,
    upload: Upload = "auto",
    workflow: Workflow = "jobs",
    only: Only = None,
    profile: Profiles = None,
    only_uncovered: OnlyUncovered = False,
    rehearse: Rehearse = False,
    deadline: Deadline = 24.0,
    quiet: Quiet = False,
) -> None:
    """Send a build, wait, and collect the pairs; again, it goes on where it stood.

    Example: tribonian align run build --instructions @instructions.txt --rehearse
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.workflow import run

    asked = _asked(instructions, system_prompt, name, upload, workflow, only, profile,
                   only_uncovered)  # fmt: skip
    with (
        _leaving(),
        opened_service(
            build, rehearse=rehearse, deadline=deadline, notice=_notice(quiet)
        ) as service,
        _telling(quiet) as telling,
    ):
        outcome = run(build, asked, service, rehearsal=rehearse, telling=telling)
    _report(build, outcome, quiet, rehearse)


@app.command("submit")
def submit_command(
    build: Build,
    instructions: Instructions = "",
    system_prompt: SystemPrompt = None,
    name: Name = None,
    upload: Upload = "auto",
    workflow: Workflow = "jobs",
    only: Only = None,
    profile: Profiles = None,
    only_uncovered: OnlyUncovered = False,
    rehearse: Rehearse = False,
    deadline: Deadline = 24.0,
    quiet: Quiet = False,
) -> None:
    """Send a build and start its jobs, without waiting for their pairs.

    Example: tribonian align submit build --instructions @instructions.txt
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.workflow import submit

    asked = _asked(instructions, system_prompt, name, upload, workflow, only, profile,
                   only_uncovered)  # fmt: skip
    with (
        _leaving(),
        opened_service(
            build, rehearse=rehearse, deadline=deadline, notice=_notice(quiet)
        ) as service,
        _telling(quiet) as telling,
    ):
        outcome = submit(build, asked, service, rehearsal=rehearse, telling=telling)
    _report(build, outcome, quiet, rehearse)


@app.command("status")
def status_command(build: Build, rehearse: Rehearse = False, json: Json = False) -> None:
    """Show how the runs of a build stand at the service now.

    Example: tribonian align status build
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.status import status
    from tribonian.align.runs.trail import require_runs

    require_runs(build, rehearsal=rehearse or None)
    with _leaving(), opened_service(build, rehearse=rehearse, notice=say_problem) as service:
        rows = status(build, service, rehearsal=rehearse)
    if json:
        print_json([_status_row(row) for row in rows])
        return
    for row in rows:
        seen = row.standing
        said = [row.state, f"job {row.job}" if row.job else "no job yet"]
        if seen is not None:
            said.append(f"the service says {_standing(seen)}")
        say(f"{row.run.run}: {', '.join(said)}{f'. {row.note}' if row.note else ''}")


def _status_row(row: Row) -> dict[str, object]:
    seen = row.standing
    return {
        "run": row.run.run,
        "name": row.run.name,
        "state": row.state,
        "job": row.job,
        "status": seen.status if seen else None,
        "step": seen.detail if seen else None,
        "percent": seen.percent if seen else None,
        "estimate": seen.estimate if seen else None,
        "rehearsal": row.run.rehearsal,
        "note": row.note,
    }


@app.command("collect")
def collect_command(
    build: Build, rehearse: Rehearse = False, deadline: Deadline = 24.0, quiet: Quiet = False
) -> None:
    """Wait for what was started, and collect its pairs.

    Example: tribonian align collect build
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.trail import require_runs
    from tribonian.align.runs.workflow import collect

    require_runs(build, rehearsal=rehearse or None)
    with (
        _leaving(),
        opened_service(
            build, rehearse=rehearse, deadline=deadline, notice=_notice(quiet)
        ) as service,
        _telling(quiet) as telling,
    ):
        outcome = collect(build, service, rehearsal=rehearse, telling=telling)
    _report(build, outcome, quiet, rehearse)


@app.command("cancel")
def cancel_command(build: Build, rehearse: Rehearse = False) -> None:
    """Cancel what runs at the service.

    Example: tribonian align cancel build
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.status import cancel
    from tribonian.align.runs.trail import require_runs

    require_runs(build, rehearsal=rehearse or None)
    with _leaving(), opened_service(build, rehearse=rehearse, notice=say_problem) as service:
        rows = cancel(build, service, rehearsal=rehearse)
    for row in rows:
        seen = f": {_standing(row.standing)}" if row.standing else ""
        say(f"{row.run.run}: job {row.job}{seen}{f'. {row.note}' if row.note else ''}")
    if not rows:
        say("Nothing runs.")
    if any(row.standing is None for row in rows):
        raise typer.Exit(SOME_FAILED)


def review_command(
    build: Build,
    reviewer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides (default: asked in the page).")
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", help="0 for any that is free.")] = 8017,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only say the address.")] = False,
) -> None:
    """Serve a local page to read, accept, edit or reject generated pairs.

    Example: tribonian review build --reviewer "A. Reader"
    """
    from tribonian.align.review.serving import serve

    serve(build, reviewer=reviewer, port=port, open_browser=not no_browser and on_terminal(),
          say=_now)  # fmt: skip


def _now(text: str) -> None:
    print(harmless(text), flush=True)


@contextmanager
def _leaving() -> Iterator[None]:
    """Ctrl-C is an exit code, and the sentence that says how to come back."""
    try:
        yield
    except KeyboardInterrupt as interrupted:
        sentence = str(interrupted) or "Nothing is half done; the same command goes on."
        end_with(f"Interrupted. {sentence}", INTERRUPTED)


def _notice(quiet: bool) -> Callable[[str], None] | None:
    return None if quiet else say_problem


@contextmanager
def _telling(quiet: bool) -> Iterator[Telling]:
    """Sentences on stderr, and on a terminal a line a run that shows how far it is."""
    from tribonian.align.runs.course import Telling

    def told(run: Run, sentence: str) -> None:
        if not quiet:
            say_problem(f"{run.run}: {sentence}")

    with nullcontext() if quiet or not on_terminal() else _status_line() as show:
        yield Telling(say=told) if show is None else Telling(show, told)


@contextmanager
def _status_line() -> Iterator[Callable[[Standing], None]]:
    from rich.console import Console

    console = Console(stderr=True)
    shown: dict[str, str] = {}
    with console.status("", spinner="line") as line:

        def show(seen: Standing) -> None:
            shown[seen.run] = f"{seen.run}: {_standing(seen)}"
            line.update(harmless("; ".join(shown.values())).replace("[", "\\["))

        yield show


def _standing(seen: Standing) -> str:
    """``running, step 2 of 3, 40 %, about 5 minutes``."""
    said = [seen.status or seen.step]
    if seen.detail:
        said.append(seen.detail)
    if seen.step == "pairs" and seen.done is not None:
        said.append(f"{seen.done:,} of {seen.whole:,}" if seen.whole else f"{seen.done:,}")
    elif seen.whole:
        said.append(f"{(seen.done or 0) / seen.whole:.0%} of {seen.whole:,} bytes")
    if seen.percent is not None:
        said.append(f"{seen.percent:.0f} %")
    if seen.estimate:
        said.append(seen.estimate)
    return ", ".join(said)


def _report(build: Path, outcome: Outcome, quiet: bool, rehearse: bool) -> None:
    """A line a run, the pairs, the coverage; exit 1 where something listed failed."""
    for ended in outcome.runs:
        job = f", job {ended.job}" if ended.job else ""
        line = f"{ended.run.run}: {ended.state}{job}"
        if ended.reason is not None:
            say_problem(f"{line}. {ended.reason}")
        elif not quiet:
            say(line)
    if outcome.gathered is not None:
        told = {ended.reason for ended in outcome.runs}
        for sentence in outcome.gathered.unread.values():
            if sentence not in told:
                say_problem(f"unread: {sentence}")
        if not quiet:
            _report_pairs(build, outcome.gathered)
    elif not quiet and all(ended.state == "finished" for ended in outcome.runs):
        say(f"Nothing was left to do; the pairs are in {build / 'align' / 'pairs.parquet'}")
    if outcome.others and not quiet:
        names = ", ".join(run.run for run in outcome.others)
        how = " --rehearse" if rehearse else ""
        say_problem(f"Not done yet: {names}; see tribonian align status {build}{how}")
    if not outcome.well:
        raise typer.Exit(SOME_FAILED)


def _report_pairs(build: Path, gathered: Gathered) -> None:
    from tribonian.align.pairs.coverage import summary

    if gathered.coverage is None:
        return
    say(f"{build / 'align' / 'pairs.parquet'}: {summary(gathered.coverage)}")
    flags = gathered.coverage.flags
    if flags:
        say(f"flags: {', '.join(f'{number:,} {flag}' for flag, number in flags.items())}")
    if gathered.rejects:
        rows = "1 row was" if gathered.rejects == 1 else f"{gathered.rejects:,} rows were"
        say_problem(f"{rows} no pair; see {build / 'align' / 'rejects.jsonl'}")
    if gathered.left_out:
        say_problem("The pairs of the rehearsal gave way to those of the service.")
