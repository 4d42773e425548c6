"""The errors that a user is shown, each one sentence: what, where, what to do.

TribonianError
├── UsageError        the command or an option cannot be carried out as typed (exit 2)
├── DocumentError     one document cannot be read; the others go on
└── NotFitError       a file was checked and the service would not take it (exit 3)

Anything else that is raised is a defect of this program.
"""

from __future__ import annotations


class TribonianError(Exception):
    """A problem that the user can understand and mend; its text is shown as it is."""


class UsageError(TribonianError):
    """The command, or one of its options, cannot be carried out as it was typed."""


class DocumentError(TribonianError):
    """A document that cannot be read; the text is the one-sentence reason."""


class NotFitError(TribonianError):
    """Something was checked and found not fit for the service."""
