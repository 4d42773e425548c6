"""Would the service take it? An upload file, or all upload files of a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson

from tribonian.consolidate.folder import MANIFEST
from tribonian.consolidate.tokens import DEFAULT, Tokenizer
from tribonian.errors import UsageError
from tribonian.schemas.finding import Finding
from tribonian.schemas.principle import MAX_DEPTH, MAX_FILE_SIZE, check_upload


@dataclass(frozen=True, slots=True)
class Verdict:
    """``fit`` is whether no finding is an error; ``principles`` counts the nodes."""

    fit: bool
    principles: int
    findings: list[Finding]


def check(path: Path, max_tokens: int | None = None, tokenizer: str | None = None) -> Verdict:
    """Check a principles file, or a build folder by its own settings.

    ``max_tokens`` and ``tokenizer`` default to those of the build; a file alone is
    measured only if ``max_tokens`` is given. Raises UsageError if nothing is there.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist; name a principles file or a build folder.")
    files = [path]
    max_depth, max_file_size = MAX_DEPTH, MAX_FILE_SIZE
    if path.is_dir():
        files = sorted(path.glob("principles*.json"), key=lambda file: (len(file.name), file.name))
        if not files:
            raise UsageError(f"{path} holds no principles.json; name a build folder.")
        settings = _settings(path / MANIFEST)
        max_tokens = max_tokens or _number(settings, "max_tokens")
        max_depth = _number(settings, "max_depth") or max_depth
        max_file_size = _number(settings, "max_file_size") or max_file_size
        named = settings.get("tokenizer")
        if tokenizer is None and isinstance(named, str):
            tokenizer = named
            if named.startswith("file:"):  # the manifest does not say where it is
                max_tokens = None
    count_all = Tokenizer(tokenizer or DEFAULT).count_all if max_tokens else None
    principles = 0
    findings: list[Finding] = []
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
        number, found = check_upload(
            data,
            file.name,
            count_all=count_all,
            max_tokens=max_tokens,
            max_depth=max_depth,
            max_file_size=max_file_size,
        )
        principles += number
        findings += found
    fit = not any(finding.severity == "error" for finding in findings)
    return Verdict(fit, principles, findings)


def _settings(manifest: Path) -> dict[str, object]:
    try:
        settings = orjson.loads(manifest.read_bytes()).get("settings")
    except (OSError, ValueError, AttributeError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _number(settings: dict[str, object], name: str) -> int | None:
    value = settings.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
