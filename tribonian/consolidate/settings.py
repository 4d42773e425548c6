"""What shapes a build: the options of the command that change its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePath

from tribonian.consolidate.chunk import Budget
from tribonian.consolidate.selection import Selection, parse_keep
from tribonian.consolidate.tokens import DEFAULT
from tribonian.errors import UsageError
from tribonian.schemas.principle import MAX_DEPTH, MAX_FILE_SIZE


@dataclass(frozen=True, slots=True)
class Settings:
    """What shapes the output; the same settings and sources give the same bytes."""

    max_tokens: int = 1024
    min_tokens: int = 32
    max_depth: int = MAX_DEPTH
    max_file_size: int = MAX_FILE_SIZE
    tokenizer: str = DEFAULT
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    title: str | None = None
    date: str | None = None  # the point in time asked for, YYYY-MM-DD

    def __post_init__(self) -> None:
        title = " ".join((self.title or "").split())
        object.__setattr__(self, "title", title or None)

    def check(self) -> None:
        """Raise UsageError for a value that makes no sense."""
        if self.max_tokens < 64:
            raise UsageError("--max-tokens must be 64 or more.")
        if not 0 <= self.min_tokens <= self.max_tokens:
            raise UsageError("--min-tokens must be between 0 and --max-tokens.")
        if not 2 <= self.max_depth <= 50:
            raise UsageError("--max-depth must be between 2 and 50.")
        if self.max_file_size < 100_000:
            raise UsageError("--max-file-size must be 100000 bytes or more.")
        for option, text in self._texts():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise UsageError(f"{option} holds bytes that are not UTF-8.") from None
            if option in ("--only", "--skip") and not text.strip():
                raise UsageError(f"{option} names nothing; write a citation or words of a heading.")
        parse_keep(self.keep)

    def _texts(self) -> Iterator[tuple[str, str]]:
        """What the user wrote, each with its option."""
        yield "--title", self.title or ""
        yield "--tokenizer", self.tokenizer
        yield from (("--only", pattern) for pattern in self.only)
        yield from (("--skip", pattern) for pattern in self.skip)

    @property
    def selection(self) -> Selection:
        """What goes in and what stays out."""
        return Selection(self.only, self.skip, parse_keep(self.keep))

    @property
    def budget(self) -> Budget:
        """How large a principle may be."""
        return Budget(self.max_tokens, self.min_tokens)

    def row(self) -> dict[str, object]:
        """The settings as the manifest names them: sorted, without what changes nothing."""
        row = asdict(self)
        if self.tokenizer.startswith("file:"):  # its place on this machine is nobody's matter
            row["tokenizer"] = f"file:{PurePath(self.tokenizer).name}"
        row["keep"] = sorted(parse_keep(self.keep))
        row["only"], row["skip"] = sorted(set(self.only)), sorted(set(self.skip))
        return row
