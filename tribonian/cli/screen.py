"""What a person sees: results on stdout, problems and progress on stderr, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

DONE, SOME_FAILED, WRONG_USAGE, NOT_FIT, INTERRUPTED = 0, 1, 2, 3, 130
# What would drive a terminal, or turn its text round: names and reasons come from files and
# servers, and may hold any of it.
_DRIVING = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {9, 10},
    "\ufffd",
)


def end_with(sentence: str, code: int) -> NoReturn:
    """Say why, and leave with an exit code."""
    say_problem(f"tribonian: {sentence}")
    sys.exit(code)


def say(text: str) -> None:
    """A result, for stdout."""
    print(harmless(text))


def say_problem(text: str) -> None:
    """A problem or a note, for stderr."""
    print(harmless(text), file=sys.stderr)


def harmless(text: str) -> str:
    """A text in which nothing drives a terminal."""
    return text.translate(_DRIVING)


def print_json(value: object) -> None:
    """A result for machines, on stdout."""
    import orjson

    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def on_terminal() -> bool:
    """Whether a person sees stderr as it is written."""
    return sys.stderr.isatty()


@contextmanager
def counted_shown(quiet: bool, what: str) -> Iterator[Callable[[int], None] | None]:
    """A function that shows how many there are by now, on a terminal, or None."""
    if quiet or not on_terminal():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status(what, spinner="line") as line:
        yield lambda done: line.update(f"{what}: {done:,}")


@contextmanager
def progress_shown(
    quiet: bool, verb: str = "Reading"
) -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that shows progress on a terminal, or None."""
    if quiet or not on_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), Elapsed(),
               TextColumn("{task.description}", markup=False))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=harmless(name[-50:]))

        yield show


def said_of(name: str, reason: str) -> str:
    """A reason with the name before it, unless it begins with it."""
    return reason if reason.lstrip('"').lower().startswith(name.lower()) else f"{name}: {reason}"
