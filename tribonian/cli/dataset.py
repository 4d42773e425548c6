"""The commands that make training files: build, pretrain, check, upload."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tribonian.cli.options import Json, Quiet, text_of
from tribonian.cli.screen import NOT_FIT, SOME_FAILED, counted_shown, print_json, say, say_problem

app = typer.Typer(
    help="Write, check and send the file that fine-tuning takes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
MAX_LENGTH = 2500

Tokenizer = Annotated[
    str | None, typer.Option(metavar="NAME", help="Default: the build's, or o200k_base.")
]


@app.command("build")
def dataset_build_command(
    builds: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR", help="Aligned builds.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="A .parquet or .jsonl file.")
    ] = Path("train.parquet"),
    user_files: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="Data of your own to join; repeatable."),
    ] = None,
    require_review: Annotated[
        bool, typer.Option("--require-review", help="Take only pairs that somebody accepted.")
    ] = False,
    validation: Annotated[
        float, typer.Option(metavar="SHARE", help="Rows kept from training, by law: 0.1.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(metavar="N", help="Chooses which law is kept.")] = 0,
    system_prompt: Annotated[
        str | None,
        typer.Option(metavar="TEXT|@FILE", help="In place of every row's own; '' for none."),
    ] = None,
    max_length: Annotated[
        int, typer.Option(metavar="N", help="Tokens of a row; longer ones are set aside.")
    ] = MAX_LENGTH,
    tokenizer: Tokenizer = None,
    keep_flagged: Annotated[
        list[str] | None,
        typer.Option(metavar="FLAG", help="Take pairs with it unreviewed; all; repeatable."),
    ] = None,
    keep_amended: Annotated[
        bool, typer.Option("--keep-amended", help="Take pairs whose principle has changed.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write one training file from reviewed pairs and data of your own.

    Example: tribonian dataset build build -o train.parquet --with our-own.jsonl
    """
    from tribonian.align.dataset.building import build_dataset

    prompt = None if system_prompt is None else text_of("--system-prompt", system_prompt)
    with counted_shown(quiet, "Rows") as progress:
        built = build_dataset(
            builds or [], output, user_files=user_files or [], require_review=require_review,
            validation=validation, seed=seed, system_prompt=prompt, max_length=max_length,
            tokenizer=tokenizer, keep_flagged=keep_flagged or (), keep_amended=keep_amended,
            progress=progress,
        )  # fmt: skip
    for note in built.notes:
        if note.grave or not quiet:
            say_problem(str(note))
    if not quiet:
        for line in built.lines():
            say(line)
    if built.bad_rows:
        raise typer.Exit(SOME_FAILED)


@app.command("pretrain")
def pretrain_command(
    builds: Annotated[list[Path], typer.Argument(metavar="DIR", help="Folders of build.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="A .jsonl file.")
    ] = Path("pretrain.jsonl"),
    max_tokens: Annotated[int, typer.Option(metavar="N", help="No row has more tokens.")] = 2048,
    tokenizer: Tokenizer = None,
    quiet: Quiet = False,
) -> None:
    """Write the consolidated text itself as {"text"} rows, for additional pre-training.

    Example: tribonian dataset pretrain build -o pretrain.jsonl
    """
    from tribonian.align.dataset.pretraining import pretrain

    written = pretrain(builds, output, max_tokens=max_tokens, tokenizer=tokenizer)
    if not quiet:
        say(written.line())


@app.command("check")
def dataset_check_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Parquet or JSONL.")],
    max_length: Annotated[
        int, typer.Option(metavar="N", help="Tokens of a row that training takes.")
    ] = MAX_LENGTH,
    tokenizer: Tokenizer = None,
    json: Json = False,
) -> None:
    """Say whether fine-tuning would take a file; exit 3 if not.

    Example: tribonian dataset check train.parquet
    """
    from tribonian.align.dataset.checking import check_dataset

    verdicts = [check_dataset(file, max_length=max_length, tokenizer=tokenizer) for file in files]
    if json:
        rows = [verdict.row() for verdict in verdicts]
        print_json(rows[0] if len(rows) == 1 else rows)
    else:
        for verdict in verdicts:
            for line in verdict.lines():
                say(line)
    if not all(verdict.fit for verdict in verdicts):
        raise typer.Exit(NOT_FIT)


@app.command("upload")
def dataset_upload_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files to train on.")],
    validation: Annotated[
        list[Path] | None,
        typer.Option("--validation", metavar="FILE", help="Files to validate on; repeatable."),
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="fine-tune, pre-train, … (default: what the rows are)."),
    ] = None,
    tune: Annotated[bool, typer.Option("--tune", help="Start the fine-tuning job too.")] = False,
    model: Annotated[str, typer.Option(metavar="NAME", help="The model to train.")] = "",
    project: Annotated[
        str, typer.Option(metavar="N|NAME", help="Its number, or a name that is made if need be.")
    ] = "",
    name: Annotated[str | None, typer.Option(help="Of the experiment (default: derived).")] = None,
    epochs: Annotated[int, typer.Option(metavar="N")] = 1,
    learning_rate: Annotated[float, typer.Option(metavar="X")] = 1e-5,
    batch_size: Annotated[int, typer.Option(metavar="N")] = 8,
    max_length: Annotated[int, typer.Option(metavar="N", help="Tokens of a row.")] = MAX_LENGTH,
    accelerator: Annotated[str, typer.Option(metavar="NAME")] = "H100",
    accelerators: Annotated[int, typer.Option(metavar="N", help="How many of them.")] = 8,
    quiet: Quiet = False,
) -> None:
    """Send training files, and print their ids and the command that starts the training.

    Example: tribonian dataset upload train.parquet --validation train-validation.parquet
    """
    from tribonian.align.dataset.sending import purposes, send
    from tribonian.align.dataset.tuning import Tuning, command, start_tuning, tune_request
    from tribonian.align.opening import account_service

    tuning = Tuning(model, project, epochs, learning_rate, batch_size, max_length, accelerator,
                    accelerators, name=name)  # fmt: skip
    if tune:
        tuning.check()
    kinds = purposes([*files, *(validation or [])], purpose, max_length)
    with account_service(None if quiet else say_problem) as service:
        sent = {}
        for file, kind in kinds.items():
            sent[file] = one = send(file, service, purpose=kind, say=say_problem)
            there = ", which was there" if one.reused else ""
            say(f"{one.id}: {file}, {one.bytes:,} bytes, purpose {one.purpose}{there}")
        training = [sent[file] for file in files]
        held = [sent[file] for file in validation or []]
        if tune:
            job, before = start_tuning(tuning, service, training, held, say_problem)
            say(f"{job.id}: fine-tuning {'was started before, ' if before else ''}{job.status}")
        elif not quiet:
            wanted = replace(tuning, model=model or "MODEL")
            number = int(project) if project.isdigit() else "PROJECT"
            say("Start the training with --tune --model NAME --project NAME, or with:")
            say(command(service.account, tune_request(wanted, number, training, held)))
