"""Regenerate what the documentation takes from the code, or check that it is up to date.

    python docs/generate.py            write what has changed
    python docs/generate.py --check    write nothing; exit 1 if anything is stale or missing

Taken from the code, between marks in the pages: the ``--help`` text of each command and the
examples, which are real output for `samples/`, and the tables of designator rules and of
formats. Whole files: the three JSON Schemas. Checked against the code: every finding code, every
format, every reason in ``excluded.jsonl`` and every eCFR element is explained on its page, and
every module is on the map in `CONTRIBUTING.md`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from tribonian.align.rehearsal import CONDUCT, REPLIES
from tribonian.cli import app
from tribonian.consolidate.selection import REASONS
from tribonian.ingest import designators
from tribonian.ingest.formats import FORMATS, Format
from tribonian.ingest.readers.ecfr_blocks import BLOCKS
from tribonian.ingest.readers.ecfr_inline import INLINE
from tribonian.ingest.readers.ecfr_names import KIND_OF
from tribonian.ingest.sources import show_profiles
from tribonian.schemas.finding import CODES
from tribonian.schemas.pair import FLAGS
from tribonian.schemas.training import LEFT_OUT, NOTES
from tribonian.schemas.upload import LockFile, Manifest, UploadNode

ROOT = Path(__file__).resolve().parent.parent
MARKED = (
    "README.md",
    "docs/alignment.md",
    "docs/build-folder.md",
    "docs/commands.md",
    "docs/dataset.md",
    "docs/designators.md",
    "docs/findings.md",
    "docs/formats.md",
    "docs/profiles.md",
)
# The terminal that help is set for, so that every machine writes the same lines.
TERMINAL = {"COLUMNS": "80", "LINES": "24", "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1"}
# Page -> what it must explain. REASONS are those of the kinds of text.
EXPLAINED: dict[str, tuple[str, ...]] = {
    "docs/findings.md": tuple(CODES),
    "docs/build-folder.md": (
        *REASONS,
        "duplicate",
        "near-duplicate",
        "version",
        "skipped",
        "empty",
    ),
    "docs/formats.md": tuple(each.name for each in FORMATS),
    "docs/reading-ecfr.md": (*KIND_OF, *BLOCKS, *INLINE),
}
_MARK = re.compile(r"(<!-- (help|example):([\w -]*) -->\n).*?(<!-- end -->)", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


# -- help ----------------------------------------------------------------------------------


def commands() -> list[str]:
    """The names of all commands in the order of the help; those of a group by both words."""

    def below(command: Any, name: str) -> Iterator[str]:
        if name:
            yield name
        for inner in getattr(command, "commands", {}):
            yield from below(command.commands[inner], f"{name} {inner}".strip())

    return list(below(get_command(app), ""))


def help_text(name: str) -> str:
    """What ``tribonian NAME --help`` prints on a terminal of 80 columns."""
    arguments = [*name.split(), "--help"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        app(arguments, prog_name="tribonian")
    return _fenced("text", f"$ {' '.join(['tribonian', *arguments])}\n{out.getvalue().rstrip()}")


# -- examples: each is made in a folder that holds samples/ and a build of it --------------

# What is typed, what is given to it, how many lines are shown.
SESSION: tuple[tuple[str, str, int], ...] = (
    ("build samples -o build", "", 99),
    ("check build", "", 99),
    ("read samples/lantern-safety.xml", "", 14),
    ("designators", "(h) Eight\n(i) Nine, or a numeral?\n(1) Inner\n(2) Inner\n(j) Ten\n", 99),
)
# From the build to a training file, without an account.
REHEARSAL: tuple[tuple[str, str, int], ...] = (
    (
        "align run build --instructions 'Questions that lantern makers ask.' --rehearse",
        "",
        99,
    ),
    ("dataset build build -o train.parquet --validation 0.1", "", 99),
    ("dataset check train.parquet", "", 3),
    ("dataset pretrain build -o pretrain.jsonl", "", 99),
)


SAMPLE = "samples/lantern-safety.xml"


def session(folder: Path) -> str:
    """Some commands with what they print."""
    return _session(folder, SESSION)


def rehearsal(folder: Path) -> str:
    """The same for alignment."""
    return _session(folder, REHEARSAL)


def _session(folder: Path, commands: Iterable[tuple[str, str, int]]) -> str:
    lines: list[str] = []
    for typed, given, shown in commands:
        piped = f"printf {given!r} | " if given else ""
        printed = _run(folder, typed, given)
        cut = f" | head -{shown}" if len(printed) > shown else ""
        lines += [f"$ {piped}tribonian {typed}{cut}", *printed[:shown], ""]
    return _fenced("console", "\n".join(lines).rstrip())


def principle(folder: Path) -> str:
    """One node of the upload file."""
    node = json.loads((folder / "build/principles.json").read_bytes())
    while node["children"]:
        node = node["children"][-1]
    return _json(node)


def provenance(folder: Path) -> str:
    """The first principle that is a later piece of its section, with two of its sources."""
    rows = _rows_of(folder / "build/provenance.jsonl")
    row = next(row for row in rows if row["sources"][0]["start"])
    return _json({**row, "sources": row["sources"][:2]})


def excluded(folder: Path) -> str:
    """What was left out first."""
    return _json(next(_rows_of(folder / "build/excluded.jsonl")))


def manifest(folder: Path) -> str:
    """The manifest with one document, without its settings, its heaviest parts and its files."""
    whole = json.loads((folder / "build/manifest.json").read_bytes())
    parts = {name: whole[name] for name in ("tribonian", "documents", "totals", "size")}
    parts["documents"] = [row for row in whole["documents"] if row["source"] == SAMPLE]
    parts["size"] = {**whole["size"], "heaviest": whole["size"]["heaviest"][:1]}
    return _json(parts)


def conflict(folder: Path) -> str:
    """A finding: a sample beside a copy of it in which one number differs."""
    sample = folder / SAMPLE
    (folder / "two").mkdir()
    shutil.copy(sample, folder / "two/first.xml")
    text = sample.read_text(encoding="utf-8").replace("within 5 business", "within 15 business")
    (folder / "two/second.xml").write_text(text, encoding="utf-8")
    _run(folder, "build two -o both", "")
    rows = _rows_of(folder / "both/findings.jsonl")
    return _json(next(row for row in rows if row["code"] == "conflict"))


# -- the tables of `designators` -------------------------------------------------------------

# Kind of number -> the first of its list, as printed.
FIRST = {"a": "(a)", "1": "(1)", "i": "(i)", "A": "(A)", "I": "(I)",
         "l": "a.", "N": "1.", "r": "i.", "U": "A.", "R": "I."}  # fmt: skip


def scheme(_: Path) -> str:
    """Which kind of list may open under which, and how unusual it would be."""
    lines = ["| under | opens at no cost | at a cost |", "|---|---|---|"]
    for parent, children in designators.SCHEME.items():
        under = "the section itself" if parent is None else _kind(parent)
        free = ", ".join(_kind(kind) for kind, cost in children.items() if not cost)
        paid = ", ".join(f"{_kind(kind)} {cost:g}" for kind, cost in children.items() if cost)
        lines.append(f"| {under} | {free} | {paid} |")
    return "\n".join(lines) + "\n"


def _kind(kind: str) -> str:
    first = FIRST[kind[0]]
    return f"(*{first[1:-1]}*)" if kind.endswith("*") else first


def rules(_: Path) -> str:
    """The ways in which a number can be placed."""
    lines = ["| rule | cost | for example |", "|---|---|---|"]
    lines += [f"| `{name}` | {cost:g} | {law} |" for name, (cost, law) in designators.RULES.items()]
    return "\n".join(lines) + "\n"


# -- the table of formats ------------------------------------------------------------------


def formats(_: Path) -> str:
    """Every format: its name, what it is, its suffixes, how a file is known to be one."""
    lines = ["| name | what it is | suffixes | known by |", "|---|---|---|---|"]
    for each in FORMATS:
        suffixes = ", ".join(f"`{suffix}`" for suffix in each.suffixes)
        lines.append(f"| `{each.name}` | {each.title} | {suffixes} | {known_by(each)} |")
    return "\n".join(lines) + "\n"


def known_by(each: Format) -> str:
    """What the signature of a format asks for, from the values that its test holds."""
    if each.known is None:
        return "its suffix; it has no signature"
    held = inspect.getclosurevars(each.known).nonlocals
    if "wanted" in held:
        names = [f"`<{name}>`" for name in sorted(held["wanted"])]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
        space = f", in a namespace with `{held['space']}`" if held["space"] else ""
        return f"outermost element {listed}{space}"
    if "signature" in held:
        signature: bytes = held["signature"]
        shown = signature.decode("ascii") if signature.isascii() else signature.hex(" ").upper()
        return f"`{shown}` at its start"
    if "found" in held:
        marks = held["found"].pattern.replace("\\", "").split("|")
        return f"a web page that holds {' or '.join(f'`{mark}`' for mark in marks)}"
    if "name" in held:
        return f"a zip archive with a member `{held['name']}`"
    said = inspect.getdoc(each.known)
    return (
        said[0].lower() + said[1:].partition(";")[0].rstrip(".")
        if said
        else "any other outermost element"
    )


# -- the table of profiles -----------------------------------------------------------------


def profiles(_: Path) -> str:
    """Every profile: what it is for, its regulations, its size."""
    return show_profiles.as_markdown()


# -- the tables of alignment -----------------------------------------------------------------


def flags(_: Path) -> str:
    """Every flag of a pair."""
    return _listed("flag", {name: f"{said}." for name, said in FLAGS.items()})


def misbehaviour(_: Path) -> str:
    """Every way in which the rehearsal can misbehave."""
    lines = ["| switch | what the rehearsal does |", "|---|---|"]
    lines += [f"| `{name}` | {said} |" for name, said in [*REPLIES.items(), *CONDUCT.items()]]
    return "\n".join(lines) + "\n"


def left_out(_: Path) -> str:
    """Every reason why a row is left out of a training file."""
    return _listed("reason", {name: f"{said}." for name, said in LEFT_OUT.items()})


def notes(_: Path) -> str:
    """Everything else that is said of a training file."""
    return _listed("code", {name: f"{grave}: {said}." for name, (grave, said) in NOTES.items()})


def _listed(head: str, rows: dict[str, str]) -> str:
    lines = [f"| {head} | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {said[0].upper()}{said[1:]} |" for name, said in rows.items()]
    return "\n".join(lines) + "\n"


EXAMPLES: dict[str, Callable[[Path], str]] = {
    "session": session,
    "rehearsal": rehearsal,
    "principle": principle,
    "provenance": provenance,
    "excluded": excluded,
    "manifest": manifest,
    "conflict": conflict,
    "scheme": scheme,
    "rules": rules,
    "formats": formats,
    "profiles": profiles,
    "flags": flags,
    "misbehaviour": misbehaviour,
    "left-out": left_out,
    "notes": notes,
}


def examples() -> dict[str, str]:
    """All examples, made anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "samples", folder / "samples")
        _run(folder, "build samples -o build", "")
        return {example: make(folder) for example, make in EXAMPLES.items()}


def _run(folder: Path, typed: str, given: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tribonian", *shlex.split(typed)],
        cwd=folder,
        input=given.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode not in (0, 3):  # 3: found not fit, which an example may show
        raise SystemExit(f"tribonian {typed}: {done.stdout.decode()}")
    return done.stdout.decode().splitlines()


def _rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        yield from map(json.loads, lines)


def _json(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    # a list of numbers on one line
    return _fenced("json", re.sub(r"\[\s+([\d,\s]+?)\s+\]", _on_one_line, text))


def _on_one_line(match: re.Match[str]) -> str:
    return f"[{' '.join(match[1].split())}]"


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


# -- pages ---------------------------------------------------------------------------------


def schema(model: type[UploadNode] | type[Manifest] | type[LockFile]) -> str:
    """The JSON Schema of a model, indented."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**head, **model.model_json_schema()}, indent=2, ensure_ascii=False) + "\n"


def generated() -> dict[str, str]:
    """Every file that is generated wholly or in part, as it should be now."""
    made = examples()

    def fill(match: re.Match[str]) -> str:
        name = match[3].strip()
        return match[1] + (help_text(name) if match[2] == "help" else made[name]) + match[4]

    pages = {name: _MARK.sub(fill, _read(name)) for name in MARKED}
    pages["docs/principles.schema.json"] = schema(UploadNode)
    pages["docs/manifest.schema.json"] = schema(Manifest)
    pages["docs/lock.schema.json"] = schema(LockFile)
    return pages


def missing() -> Iterator[str]:
    """One sentence for each thing in the code that its page does not explain."""
    marks = {match[3].strip() for match in _MARK.finditer(_read("docs/commands.md"))}
    for name in ("", *commands()):
        if name not in marks:
            yield f"docs/commands.md has no mark <!-- help:{name} -->."
    for page, names in EXPLAINED.items():
        explained = set(_CODE.findall(_FENCED.sub("", _MARK.sub("", _read(page)))))
        for name in dict.fromkeys(names):
            if name not in explained:
                yield f"{page} does not explain `{name}`."
    chart = _read("CONTRIBUTING.md")
    for module in sorted((ROOT / "tribonian").rglob("*.py")):
        if not module.name.startswith("__") and module.name not in chart:
            yield f"CONTRIBUTING.md has no {module.name} on its map."
    for code in sorted(set(_ROW.findall(_read("docs/findings.md"))) - set(CODES)):
        yield f"docs/findings.md explains `{code}`, which is no finding."


def _read(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the stale files, or with --check say which they are."""
    os.environ.update(TERMINAL)
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.stderr.write("usage: python docs/generate.py [--check]\n")
        return 2
    problems: list[str] = []
    for name, text in generated().items():
        if _read(name) == text:
            continue
        if check:
            problems.append(f"{name} is stale; run: python docs/generate.py")
        else:
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"wrote {name}\n")
    problems += missing()
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
