"""What nobody means when a folder or an archive is named: hidden, editors' and systems' files."""

from __future__ import annotations

import re

HIDDEN = "Hidden and editors' files are passed over."

_HIDDEN = re.compile(
    r"^\.|~$|^~\$|^#.*#$|\.(?:swp|tmp|part|crdownload)$|^(?:Thumbs\.db|desktop\.ini|__MACOSX)$",
    re.IGNORECASE,
)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name, without what is above it, is nobody's document."""
    return _HIDDEN.search(name) is not None
