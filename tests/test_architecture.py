"""Imports go one way, schemas ◀ ingest ◀ consolidate ◀ align ◀ cli; the heavy ones come late."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tribonian

PACKAGE = Path(tribonian.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
# A room may import from itself and from those before it; `errors` is everybody's.
ROOMS = ("schemas", "ingest", "consolidate", "align", "cli")


def name_of(path: Path) -> str:
    """``tribonian.ingest.readers.ecfr_xml``."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module of the package that a module imports, inside functions and types too."""
    here = name_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module, node.lineno
            for alias in node.names:  # `from tribonian import ingest` imports a module
                yield f"{module}.{alias.name}", node.lineno


def room_of(module: str) -> str | None:
    """The room of a module of the package; None for the package itself and `errors`."""
    parts = module.split(".")
    if parts[0] != "tribonian" or len(parts) == 1:
        return None
    return parts[1] if parts[1] in ROOMS else None


def test_the_package_has_the_rooms_of_the_design_and_no_others() -> None:
    found = {
        path.name.removesuffix(".py")
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert found == {*ROOMS, "__init__", "__main__", "errors"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_its_own_room_and_those_before_it(path: Path) -> None:
    room = room_of(name_of(path))
    allowed = ROOMS if room is None else ROOMS[: ROOMS.index(room) + 1]
    if path.name == "errors.py":
        allowed = ()
    for module, line in imports_of(path):
        other = room_of(module)
        assert other is None or other in allowed, f"line {line} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_that_is_imported_by_name_is_there(path: Path) -> None:
    known = {name_of(module) for module in MODULES}
    for module, line in imports_of(path):
        if module.startswith("tribonian.") and room_of(module) is not None:
            stem = module if module in known else module.rpartition(".")[0]
            assert stem in known, f"line {line} imports {module}"


def test_the_guard_sees_imports_of_every_form(tmp_path: Path, monkeypatch: object) -> None:
    module = PACKAGE / "schemas" / "words.py"
    text = (
        "import tribonian.cli\n"
        "from tribonian import ingest\n"
        "from ..consolidate import chunk\n"
        "def f():\n    from tribonian.consolidate.build import build\n"
    )
    tree = tmp_path / "tribonian" / "schemas" / "words.py"
    tree.parent.mkdir(parents=True)
    tree.write_text(text)
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "tribonian")  # type: ignore[attr-defined]
    assert {room_of(name) for name, _ in imports_of(tree)} - {None} == {
        "cli", "ingest", "consolidate",
    }  # fmt: skip
    assert module.exists()


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    heavy = {"lxml", "tiktoken", "toktok", "pydantic", "rich", "orjson", "tokenizers",
             "bs4", "selectolax", "markdown_it", "pypdf", "pypdfium2",
             "httpx", "httpcore", "h11", "platformdirs", "fsspec", "s3fs",
             "pyarrow", "starlette", "uvicorn", "jinja2", "rapidfuzz", "rensa"}  # fmt: skip
    assert not heavy & loaded_after("import tribonian.cli")


def test_a_build_needs_neither_pydantic_nor_tiktoken_nor_rich() -> None:
    loaded = loaded_after("import tribonian.consolidate.build, tribonian.consolidate.check")
    assert not {"pydantic", "tiktoken", "rich", "typer"} & loaded


def test_one_format_loads_the_libraries_of_no_other(tmp_path: Path) -> None:
    (tmp_path / "part.xml").write_text('<DIV8 N="1.1" TYPE="SECTION"><P>(a) One.</P></DIV8>')
    loaded = loaded_after(
        "from pathlib import Path; from tribonian.ingest.reading import read_tree; "
        f"read_tree(Path({str(tmp_path / 'part.xml')!r}), 'title-99.xml')"
    )
    assert "lxml" in loaded
    assert not {"bs4", "selectolax", "markdown_it", "pypdf", "pypdfium2"} & loaded


def test_the_verbs_are_there_as_functions_with_a_docstring() -> None:
    for verb in ("read", "build", "check", "designators"):
        assert verb in tribonian.__all__
        assert getattr(tribonian, verb).__doc__


# What may look at a clock or throw a die, for nothing that is written: how long a document or a
# server takes, how long to wait before asking again (a Retry-After may be a time of day).
WATCHES = {
    "isolation.py": {"time": {"monotonic"}},
    "waiting.py": {"time": {"monotonic", "time"}, "random": {"uniform"}},
    "watching.py": {"time": {"monotonic"}},
    "clock.py": {"time": {"monotonic"}},
    # when a step was taken, and how long ago that was
    "journal.py": {"time": {"time", "gmtime", "strftime", "strptime"}},
    "decisions.py": {"time": {"gmtime", "strftime"}},
    "desk.py": {"secrets": {"token_urlsafe"}},  # that a decision comes from our own page
}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_keeps_a_clock_or_a_die(path: Path) -> None:
    # same in, same out: no time, no random number, no id of arrival in any output
    used = {module.split(".")[0] for module, _ in imports_of(path)}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for module, names in WATCHES.get(path.name, {}).items():
        used -= {module}
        assert {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == module
        } == names
    assert not {"time", "random", "secrets", "uuid"} & used
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {"now", "utcnow", "today", "st_mtime", "st_ctime", "urandom"} & asked
