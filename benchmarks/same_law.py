"""Same law, same tree: print parts of the CFR in many forms, read them, compare with the XML.

    python benchmarks/same_law.py [CORPUS] [--parts 21-11,16-312] [--layouts pdf/one-column,docx]
                                  [--keep DIR] [--worst N] [--cache DIR]

CORPUS is a folder of parts of the eCFR (``title-21_part-11_2026-01-29.xml``). The forms are
made from the elements of the XML, with Chromium, pandoc and LibreOffice; the truth for
sections, designators and words is our reading of that XML. Every figure is a share: sections
and paths are F1, text is the similarity of the sequence of words of each section, weighted by
length. Needs the dev dependencies and the three programs; what was made is kept in --cache.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import tempfile
import time
import warnings
from pathlib import Path

from printed.forms import FORMS, HARD, Part
from printed.printing import Press
from printed.scores import Law, Score, compare, differences, law_of

from tribonian.ingest.reading import read_tree

PARTS = ("21-11", "21-101", "21-111", "21-211", "21-701", "21-740", "21-820", "10-20", "16-312",
         "1-51", "31-1010", "2-200", "14-91")  # fmt: skip
CORPUS = Path(__file__).resolve().parents[2] / "shared/corpus/ecfr_parts"
LIMIT = 120  # seconds for one document
COLUMNS = ("sections", "paths", "text", "tables", "heads", "units", "kinds", "order", "foreign",
           "missing", "seconds")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--parts", default=",".join(PARTS), help="as 21-11,16-312")
    parser.add_argument("--layouts", default="", help=f"beginnings of: {', '.join(FORMS)}")
    parser.add_argument("--keep", type=Path, help="put what was printed into this folder")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N differences")
    parser.add_argument("--only-print", action="store_true", help="make the forms, read nothing")
    parser.add_argument("--cache", type=Path,
                        default=Path(tempfile.gettempdir()) / "same_law" / "cache")  # fmt: skip
    options = parser.parse_args()
    wanted = tuple(filter(None, options.layouts.split(",")))
    forms = [name for name in FORMS if name.startswith(wanted) or not wanted]
    if not forms:
        parser.error(f"no layout begins with {options.layouts}")
    press = Press(options.cache)
    signal.signal(signal.SIGALRM, _too_long)
    parts = [_part(options.corpus, each, parser) for each in options.parts.split(",")]
    if options.only_print:
        for part in parts:
            for form in forms:
                _print(part, form, press, options.keep)
        return
    truths = {part.stem: law_of(read_tree(part.source, part.source.name)[1]) for part in parts}
    totals: dict[str, list[Score | None]] = {}
    for form in forms:
        print(f"\n{form:27}" + "".join(f"{name:>10}" for name in COLUMNS))
        for part in parts:
            path = _print(part, form, press, options.keep)
            row = _read(path, truths[part.stem], options.worst)
            totals.setdefault(form, []).append(row[0] if row else None)
            if row is None:
                continue
            score, seconds = row
            print(f"  {part.stem:25}{_figures(score)}{seconds:10.1f}", flush=True)
            for line in score.differences:
                print(f"      {line}")
    print(f"\n{'mean of the parts':27}" + "".join(f"{name:>10}" for name in COLUMNS[:-1]))
    for form, scores in totals.items():
        read = [score for score in scores if score is not None]
        mark = "*" if form in HARD else " "
        if read:
            some = "" if len(read) == len(scores) else f"   {len(read)} of {len(scores)} read"
            print(f"{mark} {form:25}{_figures(mean(read))}{some}")
    print("* made to be hard, without a target")


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"it took more than {LIMIT} s")


def _part(corpus: Path, name: str, parser: argparse.ArgumentParser) -> Part:
    title, _, number = name.partition("-")
    found = sorted(corpus.glob(f"title-{title}_part-{number}[_.]*xml"))
    if not found:
        parser.error(f"{corpus} has no part {name}")
    return Part.read(found[-1])


def _print(part: Part, form: str, press: Press, keep: Path | None) -> Path:
    made = FORMS[form](part, press)
    folder = keep if keep is not None else press.cache / "named"
    path = folder / form / f"{part.stem}{made.suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, path)
    return path


def _read(path: Path, truth: Law, worst: int) -> tuple[Score, float] | None:
    start = time.perf_counter()
    signal.alarm(LIMIT)
    try:
        _, root, _ = read_tree(path, path.name)
    except Exception as error:  # a defect of one reader must not hide the figures of the others
        print(f"  {path.stem:25} not read: {type(error).__name__}: {error}", flush=True)
        return None
    finally:
        signal.alarm(0)
    seconds = time.perf_counter() - start
    found = law_of(root)
    score = compare(truth, found)
    if worst:
        score.differences.extend(differences(truth, found, worst))
    return score, seconds


def _figures(score: Score) -> str:
    shares = (score.sections, score.paths, score.text, score.tables, score.heads,
              score.containers, score.kinds)  # fmt: skip
    text = "".join(f"{share:10.4f}" for share in shares)
    return f"{text}{'yes' if score.ordered else 'NO':>10}{score.foreign:10}{score.missing:10}"


def mean(scores: list[Score]) -> Score:
    """The mean of the shares, the sum of the words, ordered if all are."""

    def of(name: str) -> float:
        return sum(float(getattr(score, name)) for score in scores) / len(scores)

    return Score(
        sections=of("sections"),
        paths=of("paths"),
        text=of("text"),
        tables=of("tables"),
        heads=of("heads"),
        containers=of("containers"),
        kinds=of("kinds"),
        ordered=all(score.ordered for score in scores),
        foreign=sum(score.foreign for score in scores),
        missing=sum(score.missing for score in scores),
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
