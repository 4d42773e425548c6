"""What an archive may come to when it is unpacked, counted on what really comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from tribonian.errors import DocumentError

MB = 1024 * 1024
MEMBER_LIMIT = 1024 * MB  # bytes of one member
TOTAL_LIMIT = 4096 * MB  # bytes of one archive, with all archives in it
MEMBERS_LIMIT = 50_000
NESTING_LIMIT = 3  # archives in one another
# Law in XML shrinks to a twentieth, many versions of it in one stream to a hundredth; zeros to
# a thousandth (deflate) and less (bzip2, xz).
RATIO_LIMIT = 200
HARMLESS = 10 * MB  # bytes that may come out of anything


class SpentError(DocumentError):
    """The whole archive is past a limit, and what is left of it is not read."""


@dataclass(slots=True)
class Expansion:
    """What came out of one archive so far: bytes and members, those of inner archives too."""

    bytes: int = 0
    members: int = 0

    def add(self, size: int) -> None:
        """Count bytes that came out."""
        self.bytes += size
        if self.bytes > TOTAL_LIMIT:
            raise SpentError(
                f"It unpacks to more than {TOTAL_LIMIT // MB:,} MB, and what stands behind that "
                "was not read; unpack it and name a folder."
            )

    def add_member(self) -> None:
        """Count a member of any kind."""
        self.members += 1
        if self.members > MEMBERS_LIMIT:
            raise SpentError(
                f"It has more than {MEMBERS_LIMIT:,} members, and those behind were not read; "
                "unpack it and name a folder."
            )


def check_ratio(out: int, packed: int) -> None:
    """Raise DocumentError where so few bytes came to so many that no text can be in them."""
    if out > HARMLESS and out > RATIO_LIMIT * max(packed, 1):
        raise DocumentError(
            f"It unpacks to more than {RATIO_LIMIT} times its size, as a zip bomb does, and was "
            "given up."
        )


def check_member(out: int) -> None:
    """Raise DocumentError for a member that is too large."""
    if out > MEMBER_LIMIT:
        raise DocumentError(
            f"It is larger than {MEMBER_LIMIT // MB:,} MB, the most that is read out of an "
            "archive; unpack it and name it by itself."
        )
