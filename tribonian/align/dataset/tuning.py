"""A fine-tuning job on files that were sent: its request, and its start, once."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tribonian.align.dataset.sending import SentFile
from tribonian.align.runs.watching import settled
from tribonian.align.service.account import Account
from tribonian.align.service.client import Service
from tribonian.align.service.failures import UncertainError
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.service import FineTune

LONGEST_NAME = 40  # characters of an experiment's name
OVER = frozenset(("failed", "cancelled", "deleted"))
ACCELERATORS = ("GAUDI2", "GAUDI3", "A100", "A10", "H100", "MI300X")
_PROJECT = (5, 100)  # characters of a project's name


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is asked of a fine-tuning job; the numbers are those of the contract's example.

    ``project`` is a number, or a name that is looked up and made where it is not there.
    ``name`` is the experiment's; by it a job that was started before is known again.
    """

    model: str
    project: str
    epochs: int = 1
    learning_rate: float = 1e-5
    batch_size: int = 8
    max_length: int = 2500
    accelerator: str = "H100"
    accelerators: int = 8
    nodes: int = 1
    name: str | None = None

    def check(self) -> None:
        """Raise UsageError for what the service would refuse."""
        if not self.model.strip():
            raise UsageError("--tune needs --model, the name of the model to train.")
        if not self.project.strip():
            raise UsageError("--tune needs --project, the number or the name of a project.")
        shortest, longest = _PROJECT
        if not self.project.isdigit() and not shortest <= len(self.project) <= longest:
            raise UsageError(f"--project must have {shortest} to {longest} characters.")
        if self.accelerator not in ACCELERATORS:
            listed = ", ".join(ACCELERATORS)
            raise UsageError(f"--accelerator {self.accelerator} is unknown; use {listed}.")
        if not 1 <= self.batch_size <= 1024:
            raise UsageError("--batch-size must be from 1 to 1024.")
        if self.epochs < 1 or self.accelerators < 1 or self.nodes < 1 or self.max_length < 1:
            raise UsageError("--epochs, --accelerators and --max-length must be 1 or more.")
        if not self.learning_rate > 0:
            raise UsageError("--learning-rate must be more than 0.")
        if self.name is not None and not 0 < len(self.name) <= LONGEST_NAME:
            raise UsageError(f"--name must have 1 to {LONGEST_NAME} characters.")


def tune_request(
    tuning: Tuning,
    project_id: int | str | None,
    training: Sequence[SentFile],
    validation: Sequence[SentFile] = (),
) -> dict[str, Any]:
    """The body of the service's call; files sent with purpose pre-train are pre-trained on."""
    config: dict[str, Any] = {
        "training_files": [file.id for file in training],
        "model": tuning.model,
        "n_epochs": tuning.epochs,
        "learning_rate": tuning.learning_rate,
        "batch_size": tuning.batch_size,
        "max_length": tuning.max_length,
        "experiment_name": experiment(tuning, training, validation),
        "pre_train": any(file.purpose == "pre-train" for file in training),
        "fine_tune_type": "STANDARD",
    }
    if validation:
        config["validation_files"] = [file.id for file in validation]
    return {
        "project_id": project_id,
        "training_config": config,
        "infrastructure_config": {
            "accel_type": tuning.accelerator,
            "n_accel": tuning.accelerators,
            "n_node": tuning.nodes,
        },
    }


def experiment(
    tuning: Tuning, training: Sequence[SentFile], validation: Sequence[SentFile] = ()
) -> str:
    """The experiment's name: the one given, else one that tells all that was asked for.

    The same files with the same model and numbers are the same experiment; any other is another.
    """
    if tuning.name is not None:
        return tuning.name
    asked = asdict(tuning) | {
        "training": [file.sha256 for file in training],
        "validation": [file.sha256 for file in validation],
    }
    return (
        f"tribonian-{hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]}"
    )


def command(account: Account, request: dict[str, Any]) -> str:
    """The call as a line for bash; the key stays in its variable, and out of the process list."""
    body = {name: value for name, value in request.items() if value is not None}
    team = f"-H {shlex.quote(f'x-team-id: {account.team}')}" if account.team else ""
    return " \\\n  ".join(
        filter(
            None,
            (
                f"curl -X POST {shlex.quote(account.base_url + '/v1/flow/fine-tune')}",
                '-H @<(echo "Authorization: $SEEKR_API_KEY")',
                team,
                "-H 'Content-Type: application/json'",
                f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}",
            ),
        )
    )


def start_tuning(
    tuning: Tuning,
    service: Service,
    training: Sequence[SentFile],
    validation: Sequence[SentFile] = (),
    say: Callable[[str], None] = lambda _: None,
) -> tuple[FineTune, bool]:
    """Start the job unless it is there already, by its name; and whether it was.

    UsageError where ``--name`` is that of another experiment. Raises ServiceError, and
    TribonianError where nobody can tell whether it was started: it is never started twice.
    """
    tuning.check()
    name = experiment(tuning, training, validation)

    def there() -> FineTune | None:
        return next((job for job in service.fine_tunes() if _is_ours(job, name)), None)

    found = there()
    if found is not None:
        _same(found, tune_request(tuning, None, training, validation), name)
        return found, True
    request = tune_request(tuning, _project(tuning.project, service), training, validation)
    try:
        return service.fine_tune(request), False
    except UncertainError as error:
        say(f"{str(error).rstrip('.')}: looking whether it is there.")
        found = settled(there, service.times.settle, service.stop)
        if found is None:
            raise TribonianError(
                "Whether the fine-tuning was started is not known, and none is listed; look at "
                "your account, and run the same command again if it is not there."
            ) from None
        return found, False


def _same(job: FineTune, request: dict[str, Any], name: str) -> None:
    """Raise UsageError where a job of that name is another than the one asked for."""
    said = job.model_dump()
    said |= said.get("training_config") or {}
    for field, asked in request["training_config"].items():
        there = said.get(field)
        if there is None or there == asked or (field == "model" and str(there).isdigit()):
            continue  # the service does not say, or says a model by its number
        raise UsageError(
            f"There is a fine-tuning called {name} already ({job.id}), with another {field} "
            f"({there}); give this one another --name."
        )


def _is_ours(job: FineTune, name: str) -> bool:
    config = (job.model_extra or {}).get("training_config")
    inner = config.get("experiment_name") if isinstance(config, dict) else None
    return name in (job.experiment_name, inner) and job.status not in OVER


def _project(project: str, service: Service) -> int:
    if project.isdigit():
        return int(project)
    for known in service.projects():
        if known.name == project:
            return known.id
    about = f"Models aligned with regulations, by tribonian: {project}"
    return service.create_project(project, about[:1000]).id
