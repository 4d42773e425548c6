"""Write the forms of the sample regulation: part 110 of lantern-safety.xml, in samples/formats.

    python benchmarks/make_samples.py

Needs Chromium, pandoc and python-docx. The files hold no date and no name of a machine, so that
the same programs write the same bytes; other versions of Chromium or pandoc will not.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent.parent / "samples"
sys.path.insert(0, str(HERE.parent / "benchmarks"))

from printed.forms import FORMS, Part  # noqa: E402
from printed.printing import Press  # noqa: E402

PART = "110"
AS_OF = "2025-11-03"  # as lantern-safety.xml says of itself
# name of the file -> form
SAMPLES = {
    "title-99_part-110_ecfr.html": "html/ecfr",
    "title-99_part-110_page.html": "html/plain",
    "title-99_part-110_one-column.pdf": "pdf/one-column",
    "title-99_part-110_two-columns.pdf": "pdf/two-columns",
    "title-99_part-110_typed-numbers.docx": "docx/typed",
    "title-99_part-110_automatic-numbers.docx": "docx/automatic",
    "title-99_part-110.md": "md/wrapped",
    "title-99_part-110.txt": "txt/wrapped",
}
DATE = b"20260129000000"


def main() -> None:
    """Make them all."""
    root = etree.parse(str(HERE / "lantern-safety.xml")).getroot()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"title-99_part-{PART}_{AS_OF}.xml"
        part = next(each for each in root.iter("DIV5") if each.get("N") == PART)
        part.tail = None
        source.write_bytes(etree.tostring(part, encoding="utf-8", xml_declaration=True))
        press = Press(Path(folder) / "cache")
        for name, form in SAMPLES.items():
            made = FORMS[form](Part.read(source), press)
            (HERE / "formats" / name).write_bytes(timeless(made.read_bytes()))


def timeless(data: bytes) -> bytes:
    """A file without the time at which it was made."""
    if data.startswith(b"%PDF"):
        return re.sub(rb"(?<=Date \(D:)\d{14}", DATE, data)
    if not data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-29T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    main()
