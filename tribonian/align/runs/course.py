"""What the steps of one run share: the run, its journal, the service, and whom to tell."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tribonian.align.places import Places
from tribonian.align.runs.asked import Run
from tribonian.align.runs.journal import Line, Record, age
from tribonian.align.runs.planning import Prepared
from tribonian.align.runs.standing import Standing
from tribonian.align.runs.watching import Patience
from tribonian.align.service.client import Service
from tribonian.align.service.failures import StoppedError, UncertainError
from tribonian.errors import TribonianError

_UPLOADS = 4  # at once, however many runs there are


class EndedError(TribonianError):
    """The service ended a run otherwise than well; ``status`` is its word for it."""

    def __init__(self, sentence: str, status: str) -> None:
        super().__init__(sentence)
        self.status = status


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell: ``progress`` is called often, ``say`` with a sentence for a person.

    Both may be called from several threads, never at once.
    """

    progress: Callable[[Standing], None] = _nothing
    say: Callable[[Run, str], None] = _nothing


@dataclass(slots=True)
class Shared:
    """What the runs of one process share."""

    places: Places
    service: Service
    telling: Telling
    patience: Patience
    telling_lock: threading.Lock = field(default_factory=threading.Lock)
    # two runs that send the same content must not both upload it
    names: defaultdict[str, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock)
    )
    creating: threading.Lock = field(default_factory=threading.Lock)
    uploads: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_UPLOADS)
    )


@dataclass(slots=True)
class Course:
    """One run on its way; ``prepared`` is None where it was sent before and is only collected."""

    run: Run
    record: Record
    shared: Shared
    prepared: Prepared | None = None

    @property
    def service(self) -> Service:
        """The service, shared with the other runs."""
        return self.shared.service

    @property
    def places(self) -> Places:
        """The files of the build."""
        return self.shared.places

    @property
    def job(self) -> str | None:
        """The id of the job, once it is known; of the alignment in the legacy workflow."""
        line = self.record.done("create")
        return None if line is None else str(line["job"])

    def say(self, sentence: str) -> None:
        """Tell a person something once."""
        with self.shared.telling_lock:
            self.shared.telling.say(self.run, sentence)

    def tell(self, seen: Standing) -> None:
        """Tell how far it is."""
        with self.shared.telling_lock:
            self.shared.telling.progress(seen)

    def begin(self, step: str, **facts: object) -> None:
        """Journal that a step begins, and tell of it."""
        self.record.write(step, "begin", **facts)
        self.tell(Standing(self.run.run, step))

    @contextmanager
    def step(self, step: str, **facts: object) -> Iterator[None]:
        """Journal the beginning of a step, and its failure; its success the body journals.

        After an uncertain end, or none, the step counts as begun: what became of it must be
        looked up before it is done again.
        """
        self.begin(step, **facts)
        try:
            yield
        except StoppedError:
            raise
        except TribonianError as error:
            part = {"part": facts["part"]} if "part" in facts else {}
            uncertain = {"uncertain": True} if isinstance(error, UncertainError) else {}
            self.record.write(step, "failed", reason=str(error), **part, **uncertain)
            raise

    def unsettled(self, begun: Line | None) -> float:
        """For how long the effect of a request may still come to light; 0 where none was sent."""
        if begun is None:
            return 0.0
        return max(0.0, self.service.times.settle - age(begun))
