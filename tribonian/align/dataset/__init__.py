"""The training file: pairs as they were decided, joined with the user's own data, and checked.

The verbs of ``tribonian dataset`` are functions here; each imports what it needs when called.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tribonian.align.dataset.building import DatasetBuilt
    from tribonian.align.dataset.checking import DatasetVerdict
    from tribonian.align.dataset.pretraining import PretrainWritten
    from tribonian.align.dataset.sending import SentFile

__all__ = ["build", "check", "pretrain", "upload"]

PathLike = str | os.PathLike[str]


def build(
    builds: Sequence[PathLike],
    output: PathLike = "train.parquet",
    *,
    user_files: Sequence[PathLike] = (),
    require_review: bool = False,
    validation: float = 0.0,
    seed: int = 0,
    system_prompt: str | None = None,
    max_length: int = 2500,
    tokenizer: str | None = None,
    keep_flagged: Sequence[str] = (),
    keep_amended: bool = False,
) -> DatasetBuilt:
    """Write one training file from reviewed pairs and data of your own.

    ``user_files`` are the command's ``--with``. Raises UsageError for what cannot be carried
    out, TribonianError where no row is left; nothing is written then.
    """
    from tribonian.align.dataset.building import build_dataset

    return build_dataset(
        [Path(each) for each in builds],
        Path(output),
        user_files=[Path(each) for each in user_files],
        require_review=require_review,
        validation=validation,
        seed=seed,
        system_prompt=system_prompt,
        max_length=max_length,
        tokenizer=tokenizer,
        keep_flagged=keep_flagged,
        keep_amended=keep_amended,
    )


def pretrain(
    builds: Sequence[PathLike],
    output: PathLike = "pretrain.jsonl",
    *,
    max_tokens: int = 2048,
    tokenizer: str | None = None,
) -> PretrainWritten:
    """Write the consolidated text itself as rows of ``{"text"}``, for additional pre-training."""
    from tribonian.align.dataset.pretraining import pretrain as write

    paths = [Path(each) for each in builds]
    return write(paths, Path(output), max_tokens=max_tokens, tokenizer=tokenizer)


def check(
    file: PathLike, *, max_length: int = 2500, tokenizer: str | None = None
) -> DatasetVerdict:
    """Say whether fine-tuning would take a file; UsageError where there is nothing to check."""
    from tribonian.align.dataset.checking import check_dataset

    return check_dataset(Path(file), max_length=max_length, tokenizer=tokenizer)


def upload(file: PathLike, *, purpose: str | None = None, max_length: int = 2500) -> SentFile:
    """Check a training file and send it to the account of the environment, once.

    Raises NotFitError for a file that must not be sent, a rehearsed one among them.
    """
    from tribonian.align.dataset.sending import purposes, send
    from tribonian.align.opening import account_service

    path = Path(file)
    wanted = purposes([path], purpose, max_length)[path]
    with account_service() as service:
        return send(path, service, purpose=wanted)
