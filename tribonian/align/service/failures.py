"""What can go wrong between here and the service, each as one sentence that says what to do.

ServiceError          the service, or the way to it, did not do what was asked; ``status``
├── NotThereError     there is no such thing there, or no such call (404, 405, 410)
├── RefusedError      it will not do that for this key or this team (401, 403)
├── UncertainError    it may have done it: look it up before it is asked for again
└── UnreachableError  it cannot do it now (no connection, 429, 5xx); try again later
    └── OtherSizeError  a file that came whole has not the size that it is listed with
StoppedError          nobody waits for the answer any more
"""

from __future__ import annotations

from tribonian.errors import TribonianError


class ServiceError(TribonianError):
    """The service did not do what was asked; ``status`` is its HTTP status, None without one.

    ``words`` are its own reason without ours around it, "" where it gave none.
    """

    def __init__(self, sentence: str, status: int | None = None, words: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.words = words


class NotThereError(ServiceError):
    """The service has no such file or job, or knows no such call: 404, 405, 410."""


class RefusedError(ServiceError):
    """The service does not do that for this key or this team: 401, 403."""


class UncertainError(ServiceError):
    """The request may have had its effect; look it up before it is repeated."""


class UnreachableError(ServiceError):
    """The service could not answer now, though it was asked again as long as one may."""


class OtherSizeError(UnreachableError):
    """A file came whole, again and again, with another size than it is listed with.

    Which of the two is wrong cannot be told here: who can tell whether the file is whole, by
    opening it, may take it without ``expected``.
    """


class StoppedError(TribonianError):
    """The answer is no longer waited for: the `stop` of the `Service` was set."""
