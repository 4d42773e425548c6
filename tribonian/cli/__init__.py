"""The command line: arguments in, verbs called, sentences and exit codes out."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from contextlib import suppress
from typing import Annotated, NoReturn

import typer

from tribonian import __version__
from tribonian.cli import align, dataset, law
from tribonian.cli.screen import DONE, NOT_FIT, SOME_FAILED, WRONG_USAGE, end_with
from tribonian.errors import NotFitError, TribonianError, UsageError

app = typer.Typer(
    help="Law as it comes, consolidated into principles for SeekrFlow's principle alignment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for name, command in (
    ("build", law.build_command),
    ("read", law.read_command),
    ("fetch", law.fetch_command),
    ("profiles", law.profiles_command),
    ("check", law.check_command),
    ("designators", law.designators_command),
    ("review", align.review_command),
):
    app.command(name)(command)
app.add_typer(align.app, name="align")
app.add_typer(dataset.app, name="dataset")

# What a person can mend, wherever it is met: no room, no right to write.
_MENDABLE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)
)


def main() -> None:
    """Run the command; every known problem is one sentence and an exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack § and ≤
            stream.reconfigure(errors="replace")
    try:
        app()
    except UsageError as error:
        end_with(str(error), WRONG_USAGE)
    except NotFitError as error:
        end_with(str(error), NOT_FIT)
    except TribonianError as error:
        end_with(str(error), SOME_FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(DONE)
    except OSError as error:
        if error.errno not in _MENDABLE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        end_with(f"{where}{error.strerror}; mend that, and run it again.", SOME_FAILED)
    except SystemExit as left:
        _leave(left.code if isinstance(left.code, int) else DONE)


def _leave(code: int) -> NoReturn:
    """End at once: taking a title's million objects apart one by one serves nobody."""
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _terminated(number: int, frame: object) -> None:
    """Leave as at an error, so that what was begun is taken away."""
    sys.exit(128 + number)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tribonian {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
