"""The documentation knows every code, command, option and reason, and nothing that is gone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tribonian.cli import app
from tribonian.consolidate.duplicates import BEST_FIRST
from tribonian.consolidate.selection import KEEPABLE, REASONS
from tribonian.ingest.formats import FORMATS
from tribonian.schemas.finding import CODES
from tribonian.schemas.upload import LockFile, Manifest, UploadNode

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
# Why a text stays out, beside the reasons of its kind (docs/build-folder.md).
OTHER_REASONS = ("duplicate", "near-duplicate", "version", "skipped", "empty")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def explained(text: str) -> dict[str, str]:
    """Each code that a list item or a table row begins with, and the rest of its line."""
    found = re.findall(r"^(?:[-*] |\| *|#+ )`([a-z][a-z-]*)`(.*)$", text, re.MULTILINE)
    return dict(found)


def all_commands(command: Any, name: str = "") -> dict[str, Any]:
    """Every command and group below a group, by its words."""
    found = {name: command} if name else {}
    for inner, each in getattr(command, "commands", {}).items():
        found |= all_commands(each, f"{name} {inner}".strip())
    return found


COMMANDS = all_commands(get_command(app))


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts + parameter.secondary_opts
        if option.startswith("-")
    ]


# -- findings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_finding_code_is_explained_with_its_severity(code: str) -> None:
    lines = explained(page("findings.md"))
    assert code in lines
    assert len(lines[code]) > 20, "a code without an explanation"
    text = page("findings.md")
    at = text.index(f"`{code}`")
    assert CODES[code][0] in text[max(0, text.rfind("\n## ", 0, at)) : at + 400]


def test_no_finding_is_explained_that_is_never_reported() -> None:
    assert set(explained(page("findings.md"))) - {"info", "warning", "error"} <= set(CODES)


def test_every_finding_code_that_the_source_names_is_known() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tribonian").rglob("*.py")
    )
    named = set(re.findall(r"""(?:Finding\(|report\()\s*["']([a-z-]+)["']""", source))
    assert named
    assert named <= set(CODES)


def test_every_finding_code_is_reported_somewhere() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tribonian").rglob("*.py")
        if path.name != "finding.py"
    )
    for code in CODES:
        quoted = f'"{code}"' in source
        assert quoted or code.startswith("empty-"), f"{code} is reported nowhere"


# -- commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"^#+ .*\b{name}\b", page("commands.md"), re.MULTILINE)
    assert f"tribonian {name} --help" in page("commands.md")


@pytest.mark.parametrize(("command", "option"), options(), ids=" ".join)
def test_every_option_is_in_the_help_text_of_its_command(command: str, option: str) -> None:
    text = page("commands.md")
    block = text[text.index(f"$ tribonian {command} --help") :].split("```")[0]
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", block)


def test_no_option_is_documented_that_is_gone() -> None:
    known = {option for _, option in options()} | {"--version", "--help"}
    blocks = re.findall(r"\$ tribonian .*?```", page("commands.md"), re.DOTALL)
    assert len(blocks) == len(COMMANDS) + 1
    for block in blocks:
        listed = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", block, re.MULTILINE)
        assert listed and set(listed) <= known


def test_every_exit_code_is_documented() -> None:
    for code in ("0", "1", "2", "3", "130"):
        assert re.search(rf"^\| {code} \|", page("commands.md"), re.MULTILINE)


# -- formats ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [each.name for each in FORMATS])
def test_every_format_has_its_row_and_a_section_of_its_own(name: str) -> None:
    text = page("formats.md")
    table, _, rest = text.partition("<!-- end -->")
    assert f"| `{name}` |" in table
    # below its heading: "`doc`, `rtf`, `odt`. LibreOffice makes …"
    sections = re.findall(r"^## [^\n]+\n\n((?:`[a-z-]+`(?:, )?)+)", rest, re.MULTILINE)
    assert sum(f"`{name}`" in names for names in sections) == 1


def test_no_format_is_documented_that_is_gone() -> None:
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", page("formats.md"), re.MULTILINE))
    assert rows == {each.name for each in FORMATS}


def test_every_format_has_its_place_among_the_copies_of_a_law() -> None:
    assert sorted(BEST_FIRST) == sorted(each.name for each in FORMATS)


def test_every_finding_and_reason_that_the_page_of_formats_names_is_known() -> None:
    text = page("formats.md") + page("outline.md")
    findings = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text.replace("`id`", "")))
    known = {*CODES, *REASONS, *OTHER_REASONS, *(each.name for each in FORMATS)}
    assert findings <= known | {"data-hierarchy-metadata", "paragraph-hierarchy",
                                "eli-subdivision", "title-article-norm",
                                "list-style-type"}  # fmt: skip


# -- files of a build -------------------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted({*REASONS, *OTHER_REASONS}))
def test_every_reason_for_leaving_out_is_explained(reason: str) -> None:
    assert reason in explained(page("build-folder.md"))


@pytest.mark.parametrize("word", sorted(set(KEEPABLE.values())))
def test_every_reason_that_keep_lifts_says_how(word: str) -> None:
    words = [typed for typed, reason in KEEPABLE.items() if reason == word]
    line = explained(page("build-folder.md"))[word]
    assert any(f"--keep {typed}" in line for typed in words)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("principles.schema.json", UploadNode),
        ("manifest.schema.json", Manifest),
        ("lock.schema.json", LockFile),
    ],
)
def test_the_published_schema_is_that_of_the_model(name: str, model: Any) -> None:
    published = json.loads(page(name))
    assert published.pop("$schema", "").startswith("https://json-schema.org/")
    published.pop("$id", None)
    assert published == model.model_json_schema()


@pytest.mark.parametrize(
    "name",
    ["principles.json", "principles.md", "provenance.jsonl", "excluded.jsonl", "findings.jsonl",
     "manifest.json", "report.html"],
)  # fmt: skip
def test_every_file_of_a_build_has_its_own_heading(name: str) -> None:
    assert re.search(rf"^#+ {re.escape(name)}$", page("build-folder.md"), re.MULTILINE)


@pytest.mark.parametrize(
    "path", sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")]), ids=lambda path: path.name
)
def test_every_link_within_the_documentation_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file) if file else path
        assert linked.exists(), target
        if anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            plain = (re.sub(r"[^\w\- ]", "", heading) for heading in headings)
            anchors = {heading.strip().lower().replace(" ", "-") for heading in plain}
            assert anchor in anchors, target
