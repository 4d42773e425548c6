"""Time and memory of reading PDF, Word and web pages, beside the engine's own and other tools.

    python benchmarks/formats.py FILE... [--runs N] [--peers PYTHON]

For each PDF the floor is pypdfium2's own get_text_range over all pages, each closed when it is
read. It is measured in turn with our reading to a section tree in one process, RUNS times after
one run of each that does not count: the ratios of processor and of wall time are medians over
the pairs, the peaks are those of the process after the floor and after our reading.

In the table every tool has a process of its own; seconds are those of the work without the
start of Python and its imports, peak is of the whole process. --peers names the Python of another
environment; those of markitdown, pymupdf4llm, kreuzberg and docling that it can import are
measured there. "headings" counts Markdown headings that begin with a section sign (§), "lines"
all lines that do; for us they are the sections of the tree.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# Each prints one line of JSON: seconds of the work, sections as headings, lines that begin with §.
_TIMED = """
import json, re, sys, time, warnings
warnings.simplefilter("ignore")
path = sys.argv[1]
{imports}
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
heads = len(re.findall(r"^#+ *\\W*§", text, re.M)) if text is not None else sections
lines = len(re.findall(r"^[#* ]*§", text, re.M)) if text is not None else sections
print("\\n" + json.dumps([seconds, heads, lines]))
"""
_OURS = (
    """
import importlib
from pathlib import Path
from tribonian.ingest.formats import FORMATS
from tribonian.ingest.reading import read_tree
for each in FORMATS:
    if path.endswith(each.suffixes):
        name = each.reader.partition(":")[0]
        importlib.import_module("tribonian.ingest.readers." + name)
""",
    """
document, _, _ = read_tree(Path(path), Path(path).name)
text, sections = None, document.sections
""",
)
_FLOOR = (
    """
import pypdfium2
def pages_of(path):
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        text = page.get_textpage()
        yield text.get_text_range()
        text.close()
        page.close()
    pdf.close()
""",
    """
text = "\\n".join(pages_of(path)).replace("\\r", "")
""",
)
# Both in one process, in turn: per run processor and wall seconds of the floor and of our reading.
_PAIRED = """
import json, resource, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
path, runs = sys.argv[1], int(sys.argv[2])
{floor}
from tribonian.ingest.reading import read_tree
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def timed(work):
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall
def floor():
    for _ in pages_of(path):
        pass
def ours():
    read_tree(Path(path), Path(path).name)
floor()
peaks = [peak()]
ours()
peaks.append(peak())
rows = [[*timed(floor), *timed(ours)] for _ in range(runs)]
print("\\n" + json.dumps([peaks, rows]))
"""
_PEERS = {
    "markitdown": (
        "from markitdown import MarkItDown",
        "text = MarkItDown().convert(path).text_content",
    ),
    "pymupdf4llm": ("import pymupdf4llm", "text = pymupdf4llm.to_markdown(path)"),
    "kreuzberg": (
        """
from kreuzberg import ExtractionConfig, extract_file_sync
config = ExtractionConfig(output_format="markdown")
""",
        "text = extract_file_sync(path, config=config).content",
    ),
    # its backends alone: the whole converter wants torch and models from the network
    "docling": (
        """
from pathlib import Path
from docling.datamodel.base_models import InputFormat
from docling.datamodel.document import InputDocument
from docling.backend.html_backend import HTMLDocumentBackend
from docling.backend.msword_backend import MsWordDocumentBackend
kind, backend = InputFormat.DOCX, MsWordDocumentBackend
if path.endswith("html"):
    kind, backend = InputFormat.HTML, HTMLDocumentBackend
""",
        """
opened = InputDocument(path_or_stream=Path(path), format=kind, backend=backend)
text = opened._backend.convert().export_to_markdown()
""",
    ),
}
_PER_MIB = 1024 if sys.platform != "darwin" else 1024 * 1024  # of what the system counts in
_KINDS = {"docling": (".html", ".docx")}


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of its work and of all of it, MiB at its peak, sections found."""

    seconds: float
    wall: float
    peak: float
    heads: int
    lines: int


def run(python: str, program: tuple[str, str], path: Path) -> Run | str:
    """Measure one tool on one file, or say why it failed."""
    code = _TIMED.format(imports=program[0], work=program[1])
    start = time.perf_counter()
    with subprocess.Popen([python, "-c", code, str(path)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:  # fmt: skip
        out, error = process.stdout, process.stderr
        assert out is not None and error is not None
        text, said = out.read().decode(), error.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        last = said.strip().splitlines()
        return last[-1][:100] if last else f"ended with {process.returncode}"
    seconds, heads, lines = json.loads(text.strip().splitlines()[-1])
    return Run(seconds, wall, usage.ru_maxrss / _PER_MIB, heads, lines)


def paired(path: Path, runs: int) -> str:
    """Our reading of a PDF beside the floor in one process, as one line."""
    code = _PAIRED.replace("{floor}", _FLOOR[0])
    done = subprocess.run([sys.executable, "-c", code, str(path), str(runs)], capture_output=True)
    if done.returncode:
        return f"failed: {done.stderr.decode(errors='replace').strip().splitlines()[-1][:100]}"
    peaks, rows = json.loads(done.stdout.decode().strip().splitlines()[-1])
    floor, ours = (statistics.median(row[at] for row in rows) for at in (0, 2))
    cpu, wall = (statistics.median(row[at + 2] / row[at] for row in rows) for at in (0, 1))
    before, after = (peak / _PER_MIB for peak in peaks)
    return (
        f"floor {1000 * floor:.0f} ms, tribonian {1000 * ours:.0f} ms of processor time; "
        f"ratio {cpu:.2f} (wall {wall:.2f}); peak {before:.0f} and {after:.0f} MiB"
    )


def tools(path: Path, peers: list[str]) -> dict[str, tuple[str, tuple[str, str]]]:
    """What can read a file: name -> (Python, program)."""
    found = {"tribonian": (sys.executable, _OURS)}
    if path.suffix == ".pdf":
        found = {"pypdfium2 (floor)": (sys.executable, _FLOOR), **found}
    for python in peers:
        for name, program in _PEERS.items():
            if path.suffix not in _KINDS.get(name, (path.suffix,)):
                continue
            test = subprocess.run([python, "-c", f"import {name}"], capture_output=True)
            if not test.returncode:
                found[name] = (python, program)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", action="append", default=[], metavar="PYTHON")
    options = parser.parse_args()
    for path in options.files:
        measure(path, options.runs, options.peers)


def measure(path: Path, runs: int, peers: list[str]) -> None:
    """Print one table for one file."""
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.2f} MB, median of {runs} runs")
    if path.suffix == ".pdf":
        print(f"in one process: {paired(path, runs)}")
    print(f"{'':20}{'seconds':>10}{'ratio':>8}{'whole s':>10}{'peak MiB':>10}{'headings':>10}"
          f"{'lines':>8}")  # fmt: skip
    found = tools(path, peers)
    rows: dict[str, list[Run]] = {name: [] for name in found}
    failed: dict[str, str] = {}
    for _ in range(runs):  # in turn, so that a busy machine is busy for all
        for name, (python, program) in found.items():
            if name not in failed:
                done = run(python, program, path)
                if isinstance(done, str):
                    failed[name] = done
                else:
                    rows[name].append(done)
    first = next(iter(rows.values()))
    for name, done_runs in rows.items():
        if name in failed:
            print(f"{name:20}failed: {failed[name]}")
            continue
        ratio = statistics.median(
            b.seconds / a.seconds for a, b in zip(first, done_runs, strict=True)
        )
        print(f"{name:20}{_median(done_runs, 'seconds'):10.2f}{ratio:8.2f}"
              f"{_median(done_runs, 'wall'):10.2f}{_median(done_runs, 'peak'):10.0f}"
              f"{done_runs[-1].heads:10}{done_runs[-1].lines:8}", flush=True)  # fmt: skip


def _median(runs: list[Run], name: str) -> float:
    return statistics.median(float(getattr(each, name)) for each in runs)


if __name__ == "__main__":
    main()
