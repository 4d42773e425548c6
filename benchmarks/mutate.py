"""Build thousands of damaged copies of good files, and print what became of them.

    python benchmarks/mutate.py [FILE|FOLDER ...] [--copies N] [--seed N] [--jobs N]

Without files, those of samples/ are taken. Every copy must end as a tree or as one sentence:
a crash of the process, a time-out, "please report this" and a word lost are defects, and are
listed with the seed that makes the copy again.
"""

from __future__ import annotations

import argparse
import copy
import io
import os
import random
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.formats import has_suffix
from tribonian.ingest.isolation import Limits, Lost, in_workers
from tribonian.ingest.reading import open_document
from tribonian.ingest.sources.source import unreadable
from tribonian.ingest.worker import starved
from tribonian.schemas.tree import grow

HERE = Path(__file__).resolve().parent
LARGEST = 300_000  # bytes; the copies of larger files take too long
DEFECTS = ("please report this", "crashed", "exit status", "was killed", "--time-limit",
           "--memory-limit", "words differ")  # fmt: skip


def truncated(data: bytes, dice: random.Random) -> bytes:
    """Its beginning."""
    return data[: dice.randrange(len(data))]


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bits are others."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 100))):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def overwritten(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are any others."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 4, 32))):
        out[dice.randrange(len(out))] = dice.randrange(256)
    return bytes(out)


def swapped(data: bytes, dice: random.Random) -> bytes:
    """Two blocks have changed places."""
    size = dice.choice((8, 64, 512))
    a, b = sorted(dice.randrange(max(len(data) - size, 1)) for _ in range(2))
    if a + size > b:
        return data[a:] + data[:a]
    return (
        data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]
    )


def doubled(data: bytes, dice: random.Random) -> bytes:
    """A piece stands there again and again."""
    a, b = sorted(dice.randrange(len(data)) for _ in range(2))
    b = min(b, a + 20_000)
    return data[:b] + data[a:b] * dice.choice((1, 2, 50)) + data[b:]


def zeroed(data: bytes, dice: random.Random) -> bytes:
    """A stretch of zero bytes, as a disk leaves it."""
    a = dice.randrange(len(data))
    size = dice.choice((1, 16, 512, 4096))
    return data[:a] + bytes(min(size, len(data) - a)) + data[a + size :]


def removed(data: bytes, dice: random.Random) -> bytes:
    """A piece is missing."""
    a = dice.randrange(len(data))
    return data[:a] + data[a + dice.choice((1, 16, 512, 8192)) :]


def rearranged(data: bytes, dice: random.Random) -> bytes:
    """Elements of XML or a web page stand elsewhere, twice, nowhere, or have other names.

    Damaged bytes rarely leave XML well formed, so this is what a reader of XML meets.
    """
    xml = not data.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<div"))
    try:
        parser = etree.XMLParser(resolve_entities=False) if xml else etree.HTMLParser()
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return flipped(data, dice)
    if root is None:
        return flipped(data, dice)
    for _ in range(dice.choice((1, 1, 3, 10))):
        elements = [each for each in root.iterdescendants() if isinstance(each.tag, str)]
        if len(elements) < 2:
            break
        one, other = dice.sample(elements, 2)
        dice.choice(REARRANGEMENTS)(one, other)
    return etree.tostring(root) if xml else etree.tostring(root, method="html")


def _moved(one: etree._Element, other: etree._Element) -> None:
    if one not in other.iterancestors():
        other.append(one)


def _copied(one: etree._Element, other: etree._Element) -> None:
    if len(etree.tostring(one)) < 20_000:
        other.addnext(copy.deepcopy(one))


def _taken_away(one: etree._Element, _: etree._Element) -> None:
    above = one.getparent()
    if above is not None:
        above.remove(one)


def _unwrapped(one: etree._Element, _: etree._Element) -> None:
    above = one.getparent()
    if above is not None:
        above[above.index(one) : above.index(one) + 1] = list(one)


def _renamed(one: etree._Element, other: etree._Element) -> None:
    one.tag = other.tag


def _without_text(one: etree._Element, _: etree._Element) -> None:
    one.text = None


def _with_others_text(one: etree._Element, other: etree._Element) -> None:
    one.tail, one.text = other.text, other.tail


def _with_others_attributes(one: etree._Element, other: etree._Element) -> None:
    one.attrib.clear()
    one.attrib.update(dict(other.attrib))


REARRANGEMENTS: tuple[Callable[[etree._Element, etree._Element], None], ...] = (
    _moved, _copied, _taken_away, _unwrapped, _renamed, _without_text, _with_others_text,
    _with_others_attributes,
)  # fmt: skip

MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncated, flipped, overwritten, swapped, doubled, zeroed, removed, rearranged,
)  # fmt: skip


def mutant(path: Path, number: int, seed: int) -> tuple[str, bytes]:
    """The copy with a number: which mutation, and its bytes; always the same."""
    dice = random.Random(f"{seed} {path.name} {number}")
    mutate = MUTATIONS[number % len(MUTATIONS)]
    data = path.read_bytes()
    if data.startswith(b"PK") and number % 4:  # the checksums of a zip would find any damage
        return f"{mutate.__name__} inside", within(data, mutate, dice)
    return mutate.__name__, mutate(data, dice)


def within(
    data: bytes, mutate: Callable[[bytes, random.Random], bytes], dice: random.Random
) -> bytes:
    """A zip archive of which one member is damaged, the checksums being right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        members = {name: old.read(name) for name in old.namelist()}
        parts = sorted(name for name in members if name.endswith((".xml", ".rels")))
        chosen = dice.choice([name for name in parts if "document" in name] * 3 + parts)
        for name, content in members.items():
            damaged = name == chosen and content
            new.writestr(zipfile.ZipInfo(name), mutate(content, dice) if damaged else content)
    return out.getvalue()


def read(job: tuple[Path, int], seed: int, folder: Path) -> tuple[str, str, float]:
    """(format, what became of it, seconds) of one copy."""
    path, number = job
    _, data = mutant(path, number, seed)
    # beside its original's name, which may decide what it is
    place = folder / f"{os.getpid()}{path.suffix}"
    place.write_bytes(data)
    start = time.perf_counter()
    form = "?"
    try:
        opened = open_document(place, path.name)
        form = opened.document.format
        root = grow(opened.events)
        document, _ = opened.finish()
        became = "tree"
        if document.words != root.total_words():
            became = f"words differ: {document.words} read, {root.total_words()} in the tree"
    except (DocumentError, OSError) as error:
        if starved():
            raise MemoryError from error
        became = unreadable(error) if isinstance(error, OSError) else str(error)
        if "\n" in became or not became.endswith(".") or len(became) > 400:
            became = f"no sentence: {became[:200]!r}; please report this"
    return form, became, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", nargs="*", type=Path, default=[HERE.parent / "samples"])
    parser.add_argument("--copies", type=int, default=100, help="of each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--time-limit", type=float, default=30.0)
    parser.add_argument("--memory-limit", type=int, default=1024)
    options = parser.parse_args()
    files = sorted(
        path
        for given in options.source
        for path in (given.rglob("*") if given.is_dir() else (given,))
        if path.is_file() and has_suffix(path.name) and 0 < path.stat().st_size <= LARGEST
    )
    if not files:
        sys.exit("no files of at most 300 kB to damage")
    jobs = [(path, number) for path in files for number in range(options.copies)]
    table: dict[str, Counter[str]] = {}
    slowest: dict[str, tuple[float, str]] = {}
    defects: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        work = partial(read, seed=options.seed, folder=Path(name))
        limits = Limits(options.time_limit, options.memory_limit)
        for at, result in in_workers(work, jobs, options.jobs, limits):
            path, number = jobs[at]
            kind = path.suffix.removeprefix(".")
            row = table.setdefault(kind, Counter())
            row["copies"] += 1
            if isinstance(result, Lost):
                became = result.reason
            else:
                _, became, seconds = result
                slowest[kind] = max(
                    slowest.get(kind, (0.0, "")), (seconds, f"{path.name} {number}")
                )
            if any(each in became for each in DEFECTS):
                row["defects"] += 1
                mutation, _ = mutant(path, number, options.seed)
                defects.append(f"{path.name} copy {number} ({mutation}): {became}")
            else:
                row["tree" if became == "tree" else "sentence"] += 1
        shutil.rmtree(name, ignore_errors=True)
        Path(name).mkdir()
    print("| suffix | copies | trees | sentences | defects | slowest (s) |")
    print("|---|--:|--:|--:|--:|--:|")
    for kind, row in sorted(table.items()):
        counts = " | ".join(str(row[name]) for name in ("copies", "tree", "sentence", "defects"))
        seconds, which = slowest.get(kind, (0.0, ""))
        print(f"| {kind} | {counts} | {seconds:.2f} ({which}) |")
    seen: Counter[str] = Counter()
    for defect in defects:
        what = defect.partition("): ")[2].partition(":")[0] + defect.rpartition("(")[2][:60]
        seen[what] += 1
        if seen[what] <= 5:
            print(defect)
    print(f"{len(jobs):,} copies of {len(files)} files, {len(defects):,} defects")
    sys.exit(bool(defects))


if __name__ == "__main__":
    main()
