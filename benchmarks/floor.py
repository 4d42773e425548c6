"""The floor under any build: parse the file, count the tokens of its text once, dump it.

python benchmarks/floor.py FILE.xml OUT.json
"""

import sys
from pathlib import Path

import orjson
import toktok
from lxml import etree


def main(source: str, output: str) -> None:
    root = etree.parse(source).getroot()
    texts = ["".join(unit.itertext()) for unit in root.iter("DIV8", "DIV9")]
    counts = toktok.batch_count(texts, "o200k_base", threads=1)
    rows = [{"text": text, "tokens": n} for text, n in zip(texts, counts, strict=True)]
    Path(output).write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main(*sys.argv[1:])
