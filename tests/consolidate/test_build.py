"""The whole course of a build, and its two promises: nothing is lost; same in, same out."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hand_written import (
    appendix,
    built,
    chapter,
    keeps_its_word,
    part,
    placed,
    row,
    section,
    subject_group,
    subpart,
    table,
    title,
    written_files,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import tribonian
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import UsageError
from tribonian.schemas.upload import ExcludedRow, FindingRow, Manifest, ProvenanceRow, UploadNode
from tribonian.schemas.words import words

COUNT_ALL = Tokenizer().count_all
LAW = part(701, "LABELS", section("701.1", "Front.", "<P>(a) Front law.</P>"))
OTHER = part(702, "PANELS", section("702.1", "Back.", "<P>(a) Back law.</P>"))

# -- the first promise: nothing is lost -------------------------------------------------------

IMAGE = "<img src='/graphics/er17au22.015.gif'/>"
# Every place where an element of the eCFR can stand; each block has its own words.
PLACES = {
    "paragraph": "<P>(a) alpha <I>beta</I> gamma</P>",
    "subscript": "<P>CO<E T='52'>2</E> m<SU>2</SU> 1<FR>1/2</FR></P>",
    "note": "<NOTE><HED>Note:</HED><P>alpha</P><P>beta</P></NOTE>",
    "footnote": "<P>alpha<SU>1</SU><FTREF/></P><FTNT><P><SU>1</SU> beta</P></FTNT>",
    "table": table(row("alpha", tag="TH"), row("beta") + row("gamma")),
    "table note": f"<DIV><TABLE>{row('a')}<TFOOT>{row('beta gamma')}</TFOOT></TABLE></DIV>",
    "caption": table(row("a", tag="TH"), row("b"), "<CAPTION><P>alpha</P><P>beta</P></CAPTION>"),
    "extract": "<EXTRACT><HD1>alpha</HD1><P>beta</P><FP>gamma</FP></EXTRACT>",
    "example": "<EXAMPLE><HED>Example 1.</HED><PSPACE>alpha</PSPACE></EXAMPLE>",
    "form line": "<FP-DASH>alpha beta</FP-DASH>",
    "formula": "<MATH><img src='/graphics/x.gif'/></MATH><P>alpha</P>",
    "picture": f"{IMAGE}<P>alpha {IMAGE} beta</P>",
    "accent": "<P>e\n<AC T='1'/> alpha</P>",
    "stars": "<P>alpha</P><STARS/><P>beta</P>",
    "heading in a paragraph": "<P>alpha <HD1>beta</HD1> gamma</P>",
    "unknown element": "<NEWTAG>alpha <P>beta</P></NEWTAG><P>gamma <NEWTOO>delta</NEWTOO></P>",
    "cdata": "<P>alpha <![CDATA[<beta>]]> gamma</P>",
    "cell with blocks": table(row("a", tag="TH"), row("<P>alpha</P><P>beta</P>")),
    "table in a cell": table("", row(f"alpha {table('', row('beta'))} gamma")),
    "picture in an authority": f"<AUTH><HED>Authority:</HED><PSPACE>alpha {IMAGE}</PSPACE></AUTH>",
    "picture in a source": f"<SOURCE><HED>Source:</HED><PSPACE>alpha {IMAGE}</PSPACE></SOURCE>",
    "picture in a note's heading": f"<NOTE><HED>alpha {IMAGE}</HED><P>beta</P></NOTE>",
    "picture in a footnote": f"<P>a<SU>1</SU><FTREF/></P><FTNT><P><SU>1</SU> b {IMAGE}</P></FTNT>",
    "picture in a cell": table(row("a", tag="TH"), row(f"alpha {IMAGE}")),
    "footnote in a cell": table("", row("a<FTNT><P><SU>1</SU> alpha beta</P></FTNT>")),
    "heading in a cell": table("", row("a<P>b <HD1>alpha beta</HD1></P>")),
    "text beside captions": table("", row("a"), "<CAPTION>alpha<P>b</P>beta</CAPTION>"),
    "paragraph in a table": "<DIV><TABLE><P>alpha</P><TR><TD>b</TD></TR></TABLE></DIV>",
    "text in a row": "<DIV><TABLE><TR>alpha<TD>b</TD>beta</TR></TABLE></DIV>",
    "text in an extract": "<EXTRACT>alpha<P>b</P>beta</EXTRACT>",
    "text before a note's heading": "<NOTE>alpha<HED>Note:</HED>beta<P>c</P></NOTE>",
    "text in a section": "alpha<P>b</P>beta",
    "text after an authority": "<AUTH><HED>Authority:</HED>alpha<PSPACE>b</PSPACE>beta</AUTH>",
}  # fmt: skip
LONG_WORD = re.compile(r"[A-Za-z]{4,}")


def long_words(xml: str) -> Counter[str]:
    """The longer words of the text of a document, read without the reader."""
    return Counter(LONG_WORD.findall(" ".join(ElementTree.fromstring(xml).itertext())))


@pytest.mark.parametrize("place", PLACES)
def test_every_word_of_a_document_is_in_the_principles_or_on_record(place: str) -> None:
    law = part(701, "LABELS", section("701.1", "Front.", PLACES[place]))
    folder = built(law)
    keeps_its_word(folder)
    found: Counter[str] = Counter()
    for text in (*(n.label for n in folder.nodes), *(n.content for n in folder.nodes),
                 *(each["text"] for each in folder.excluded)):  # fmt: skip
        found.update(LONG_WORD.findall(text))
    assert not long_words(law) - found


@pytest.mark.parametrize(
    "law",
    [
        title(21, "Food", "alpha", LAW),
        title(21, "Food", LAW, "omega"),
        part(701, "LABELS", "alpha", section("701.1", "Front.", "<P>Law.</P>"), "omega"),
        f"<ECFR>alpha{LAW}omega</ECFR>",
    ],
    ids=["title", "behind a part", "part", "root"],
)
def test_text_that_stands_directly_in_a_container_is_not_lost(law: str) -> None:
    folder = built(law)
    keeps_its_word(folder)
    everything = json.dumps([n.content for n in folder.nodes] + folder.excluded)
    for word in ("alpha", "omega"):
        assert (word in law) == (word in everything)


@pytest.mark.parametrize("what", ["HEAD of a section", "HEAD of a part", "AMDDATE"])
def test_the_mark_of_a_picture_is_no_word_of_the_document(what: str) -> None:
    law = {
        "HEAD of a section": part(701, "X", section("701.1", f"Front {IMAGE}.", "<P>Law.</P>")),
        "HEAD of a part": part(701, f"X {IMAGE}", section("701.1", "Front.", "<P>Law.</P>")),
        "AMDDATE": title(21, "X", f"<AMDDATE>Jan. 1, 2024 {IMAGE}</AMDDATE>", LAW),
    }[what]
    keeps_its_word(built(law))


_text = st.one_of(
    st.lists(
        st.sampled_from(
            ("the", "label", "§ 701.3", "No. 5", "21 U.S.C. 321", "CO₂", "½", "x-ray", "(a)", "1.",
             "[Reserved]", "means—", "e.g.,", "“Lot”", "|", "*", "_", "#", "et seq.", "ﬁ", "é",
             "e\u0301", "Ⅷ", "10,000", "\u2003", "𓀀", "a" * 40)
        ),
        max_size=50,
    ).map(" ".join),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"),
        max_size=30,
    ),
).map(escape)  # fmt: skip
_inline = st.one_of(
    _text,
    _text.map(lambda text: f"<I>{text}</I>"),
    st.sampled_from(("<SU>2</SU>", "<E T='52'>2</E>", "<FR>1/2</FR>", "<br/>", "<E T='03'>Note</E>",
                     "<SU>1</SU><FTREF/>", "e<AC T='1'/>", IMAGE)),
)  # fmt: skip
_paragraph = st.builds(
    lambda number, inner: f"<P>{number}{''.join(inner)}</P>",
    st.sampled_from(("", "(a) ", "(b) ", "(1) ", "(2) ", "(i) ", "(A) ", "(a)(1) ", "1. ", "A. ",
                     "(c) <I>Head.</I> ", "(c) <I>Head</I>—(1) <I>In.</I> ", "<I>Term</I> means ",
                     "(g)-(h) [Reserved]")),
    st.lists(_inline, max_size=4),
)  # fmt: skip
_cell = st.builds(
    lambda tag, text, columns, rows: f"<{tag} colspan='{columns}' rowspan='{rows}'>{text}</{tag}>",
    st.sampled_from(("TD", "TD", "TH")),
    st.one_of(st.sampled_from(("", "lot", "5 mg", "a|b")), _text),
    st.integers(1, 3),
    st.integers(1, 3),
)
_rows = st.lists(
    st.lists(_cell, max_size=4).map(lambda cells: f"<TR>{''.join(cells)}</TR>"), max_size=6
).map("".join)
_captions = st.one_of(st.just(""), _text.map(lambda text: f"<CAPTION><P>{text}</P></CAPTION>"))
_line = st.builds(
    lambda tag, text: f"<{tag}>{text}</{tag}>",
    st.sampled_from(("HD1", "HD2", "HD3", "CITA", "SECAUTH", "FP", "XREF", "FP-DASH", "APPRO")),
    _text,
)
_box = st.builds(
    lambda tag, heading, inner: f"<{tag}>{heading}{''.join(inner)}</{tag}>",
    st.sampled_from(("NOTE", "EXTRACT", "EXAMPLE", "EDNOTE", "CROSSREF", "EFFDNOT", "AUTH",
                     "SOURCE", "FTNT")),
    st.sampled_from(("", "<HED>Note:</HED>")),
    st.lists(_paragraph, max_size=3),
)  # fmt: skip
_blocks = st.lists(
    st.one_of(
        _paragraph,
        _paragraph,
        st.builds(table, _rows, _rows, _captions),
        _line,
        _box,
        st.sampled_from(("<STARS/>", IMAGE, f"<MATH>{IMAGE}</MATH>")),
    ),
    max_size=6,
).map("".join)


@st.composite
def laws(draw: st.DrawFn) -> str:
    """A title with parts, subparts, groups, sections and an appendix, full of odd blocks."""
    number = itertools.count(1)

    def sections() -> str:
        heads = st.sampled_from(("Scope.", "[Reserved]", "", "<I>Odd</I><SU>1</SU><FTREF/>"))
        return "".join(
            section(f"701.{next(number)}", draw(heads), draw(_blocks))
            for _ in range(draw(st.integers(0, 2)))
        )

    parts = [
        part(
            701 + n,
            draw(st.sampled_from(("COSMETICS", "[RESERVED]", "FOOD"))),
            draw(_blocks),
            sections(),
            subpart("A", "Rules", draw(_blocks), sections(), subject_group("Group", sections())),
            subpart("A", "Rules", sections()),
            appendix(f"Appendix A to Part {701 + n}", "Forms", draw(_blocks)),
        )
        for n in range(draw(st.integers(1, 2)))
    ]
    return title(21, "Food", chapter("I", "FDA", draw(_blocks), *parts, section("1.1", "X.", "")))


# Not shrunk: that takes minutes for a document; add Phase.shrink when one has failed.
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    laws(),
    st.sampled_from((64, 100, 1024)),
    st.integers(2, 6),
    st.sampled_from(((), ("notes", "history", "reserved", "authority"))),
)
def test_any_document_builds_and_keeps_every_rule(
    law: str, max_tokens: int, max_depth: int, keep: tuple[str, ...]
) -> None:
    folder = built(law, max_tokens=max_tokens, max_depth=max_depth, keep=keep)
    keeps_its_word(folder)
    assert folder.fit, folder.checked
    nodes = folder.nodes
    assert [line["tokens"] for line in folder.provenance] == COUNT_ALL([n.content for n in nodes])
    ids = [line["id"] for line in folder.provenance]
    assert len(set(ids)) == len(ids)
    for node in nodes:
        labels = [child["label"] for child in node.children]
        assert len(set(labels)) == len(labels)
    assert {each.get("kept") for each in folder.excluded} <= {None, *ids}


def test_two_documents_of_any_kind_are_counted_each_by_itself() -> None:
    folder = built({"title-21_a.xml": LAW, "title-21_b.xml": OTHER, "title-21_c.xml": f"{LAW}\n"})
    by_name = {each["source"]: each["words"] for each in folder.manifest["documents"]}
    # PART 701 LABELS · § 701.1 Front · (a) Front law
    assert by_name["title-21_a.xml"] == {
        "read": 9, "principles": 9, "excluded": 0, "duplicates": 0,
    }  # fmt: skip
    assert by_name["title-21_b.xml"]["principles"] == 9
    assert by_name["title-21_c.xml"] == {
        "read": 9, "principles": 0, "excluded": 9, "duplicates": 9,
    }  # fmt: skip
    totals = folder.manifest["totals"]["words"]
    assert (totals["read"], totals["principles"], totals["excluded"], totals["duplicates"]) == (
        27, 18, 9, 9,
    )  # fmt: skip
    keeps_its_word(folder)


def test_the_ledger_holds_the_words_that_the_manifest_says_were_left_out() -> None:
    law = part(
        701,
        "LABELS",
        section(
            "701.1",
            "Front.",
            "<P>(a) Law.</P><P>(b) [Reserved]</P><CITA>[39 FR 10056, Mar. 15, 1974]</CITA>",
        ),
        section("701.2", "[Reserved]"),
    )
    folder = built(law)
    listed = sum(len(words(line)) for each in folder.excluded for line in each["text"].split("\n"))
    assert folder.manifest["totals"]["words"]["excluded"] == listed == 2 + 6 + 3


# -- the second promise: same in, same out ----------------------------------------------------


@pytest.fixture
def regulations(tmp_path: Path) -> Path:
    """A folder with three documents, one of them bad, and files that are none."""
    folder = tmp_path / "regs"
    (folder / "more").mkdir(parents=True)
    (folder / "title-21_part-701.xml").write_text(LAW, encoding="utf-8")
    (folder / "more" / "title-21_part-702.xml").write_text(OTHER, encoding="utf-8")
    (folder / "more" / "bad.xml").write_text("<ECFR><DIV1", encoding="utf-8")
    (folder / "notes.ini").write_text("mine", encoding="utf-8")
    return folder


def files_of(tmp_path: Path, *sources: Path | str, **options: object) -> dict[str, bytes]:
    output = tmp_path / "out"
    shutil.rmtree(output, ignore_errors=True)
    tribonian.build(list(sources), output, **{"jobs": 1, **options})  # type: ignore[arg-type]
    return written_files(output)


def test_two_runs_give_the_same_bytes(regulations: Path, tmp_path: Path) -> None:
    assert files_of(tmp_path, regulations) == files_of(tmp_path, regulations)


def test_the_order_of_arguments_changes_nothing(regulations: Path, tmp_path: Path) -> None:
    sources = [path for path in sorted(regulations.rglob("*")) if path.is_file()]
    first = files_of(tmp_path, *sources)
    for order in itertools.permutations(sources):
        assert files_of(tmp_path, *order) == first


def test_files_of_one_name_from_different_places_are_told_apart_in_any_order(
    tmp_path: Path,
) -> None:
    sources = []
    for place, law in (("p/a", LAW), ("q/a", OTHER), ("q/b", LAW)):
        path = tmp_path / place / "title-21.xml"
        path.parent.mkdir(parents=True)
        path.write_text(law, encoding="utf-8")
        sources.append(path)
    first = files_of(tmp_path, *sources)
    names = [each["source"] for each in json.loads(first["manifest.json"])["documents"]]
    assert len(set(names)) == 3
    for order in itertools.permutations(sources):
        assert files_of(tmp_path, *order) == first


def test_folders_of_one_name_from_different_places_are_told_apart_in_any_order(
    tmp_path: Path,
) -> None:
    folders = []
    for place, law in (("p", LAW), ("q", OTHER)):
        folder = tmp_path / place / "regs"
        folder.mkdir(parents=True)
        (folder / "title-21.xml").write_text(law, encoding="utf-8")
        folders.append(folder)
    assert files_of(tmp_path, *folders) == files_of(tmp_path, *reversed(folders))


def test_a_file_named_beside_its_folder_is_read_once_in_any_order(
    regulations: Path, tmp_path: Path
) -> None:
    inner = regulations / "title-21_part-701.xml"
    first = files_of(tmp_path, regulations, inner)
    assert files_of(tmp_path, inner, regulations) == first
    documents = json.loads(first["manifest.json"])["documents"]
    assert sum(each["source"].endswith("part-701.xml") for each in documents) == 1


def test_a_folder_named_twice_is_a_folder_named_once(regulations: Path, tmp_path: Path) -> None:
    assert files_of(tmp_path, regulations, regulations) == files_of(tmp_path, regulations)


def test_the_working_directory_changes_nothing(
    regulations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = files_of(tmp_path, regulations)
    monkeypatch.chdir(tmp_path)
    assert files_of(tmp_path, "regs") == first
    assert files_of(tmp_path, "./regs/") == first
    monkeypatch.chdir(regulations)
    assert files_of(tmp_path, ".") == first
    assert files_of(tmp_path, "../regs") == first
    monkeypatch.chdir(regulations / "more")
    assert files_of(tmp_path, "..") == first


def test_a_build_into_the_folder_that_is_read_is_the_same_when_it_is_run_again(
    regulations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(regulations)
    runs = []
    for _ in range(2):
        tribonian.build(["."], "build", jobs=1)
        runs.append(written_files(regulations / "build"))
    assert runs[0] == runs[1]
    sources = [each["source"] for each in json.loads(runs[1]["manifest.json"])["documents"]]
    assert not [source for source in sources if "/build/" in source]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_of_a_document_changes_no_text(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    law = f'<?xml version="1.0" encoding="{declared}"?>\n{LAW.replace("—", "--")}'
    path = tmp_path / "title-21.xml"
    path.write_bytes(law.encode(encoding))
    other = files_of(tmp_path, path)
    path.write_text(law.replace(declared, "utf-8"), encoding="utf-8")
    plain = files_of(tmp_path, path)
    for name in ("principles.json", "principles.md", "excluded.jsonl", "findings.jsonl"):
        assert other[name] == plain[name]


def test_neither_hash_seed_nor_time_zone_nor_locale_changes_a_byte(
    regulations: Path, tmp_path: Path
) -> None:
    conflict = OTHER.replace("Back law.", "Other law.")
    (regulations / "title-21_other.xml").write_text(conflict, encoding="utf-8")
    code = (
        "import sys, tribonian\n"
        "tribonian.build([sys.argv[1]], sys.argv[2], only=['21 CFR*', 'x', 'y'], skip=['a', 'b'],"
        " keep=['notes,history', 'reserved'], jobs=1)\n"
    )
    files = []
    for seed, zone, locale in (("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8")):
        output = tmp_path / f"out-{seed}"
        subprocess.run(
            [sys.executable, "-c", code, regulations, output],
            check=True,
            timeout=60,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        )
        files.append(written_files(output))
    assert files[0] == files[1]
    assert b'"conflict"' in files[0]["findings.jsonl"]


def test_several_processes_give_the_bytes_of_one(tmp_path: Path) -> None:
    # more than a megabyte, below which no process is started
    folder = tmp_path / "regs"
    folder.mkdir()
    for n in range(5):
        law = part(
            700 + n,
            "LABELS",
            *(
                section(f"{700 + n}.{k}", "Scope.", f"<P>(a) {f'Lot {k} of law. ' * 300}</P>")
                for k in range(60)
            ),
        )
        (folder / f"title-21_part-{700 + n}.xml").write_text(law, encoding="utf-8")
    (folder / "title-21_copy.xml").write_text(law + "\n", encoding="utf-8")
    (folder / "bad.xml").write_text("<ECFR><DIV1", encoding="utf-8")
    assert sum(path.stat().st_size for path in folder.iterdir()) > 1_200_000
    code = (
        "import sys, tribonian\n"
        "if __name__ == '__main__':\n"
        "    tribonian.build([sys.argv[1]], sys.argv[2], jobs=int(sys.argv[3]))\n"
    )
    script = tmp_path / "build_it.py"
    script.write_text(code)
    files = []
    for jobs in ("1", "2"):
        output = tmp_path / f"out-{jobs}"
        subprocess.run(
            [sys.executable, "-W", "error", script, folder, output, jobs], check=True, timeout=60
        )
        files.append(written_files(output))
    assert files[0] == files[1]
    rows = json.loads(files[0]["manifest.json"])["documents"]
    assert [each["status"] for each in rows].count("ok") == 6


# -- documents that fail ----------------------------------------------------------------------

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE ECFR [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><ECFR><DIV1 N='1'><HEAD>&j;</HEAD></DIV1></ECFR>"
)
BAD = {
    "empty": b"",
    "white space": b" \n\t\n",
    "null bytes": b"\x00" * 5000,
    "program": b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 40,
    "broken off": LAW.encode()[:-40],
    "broken off in a tag": b"<ECFR><DIV1 N='21'><HEAD",
    "another root": b"<?xml version='1.0'?><rss><channel/></rss>",
    "web page": b"<!doctype html><html><head><title>eCFR</title></head><body/></html>",
    "captcha": b"<html><body>unblock.federalregister.gov Request Access</body></html>",
    "lfs pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "external entity": b'<!DOCTYPE ECFR [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<ECFR><DIV1 N='1'><HEAD>&x;</HEAD></DIV1></ECFR>",
    "billion laughs": BILLION_LAUGHS.encode(),
    "nested 100,000 deep": b"<ECFR>" + b"<DIV1>" * 100_000 + b"</DIV1>" * 100_000 + b"</ECFR>",
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><ECFR><DIV1/></ECFR>',
    "wrong encoding": b'<?xml version="1.0" encoding="utf-8"?><ECFR><HEAD>\xa7</HEAD></ECFR>',
    "binary": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_document_is_one_sentence_and_the_others_go_on(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "regs"
    folder.mkdir()
    (folder / "bad.xml").write_bytes(BAD[kind])
    (folder / "title-21.xml").write_text(LAW, encoding="utf-8")
    build = tribonian.build([folder], tmp_path / "out", jobs=1)
    assert (build.count("ok"), build.count("failed"), build.count("skipped")) == (1, 1, 0)
    rows = {
        each["source"]: each
        for each in json.loads((tmp_path / "out" / "manifest.json").read_text())["documents"]
    }
    bad, good = rows["regs/bad.xml"], rows["regs/title-21.xml"]
    assert (bad["status"], good["status"]) == ("failed", "ok")
    assert good["reason"] is None
    assert bad["reason"].endswith(".") and "\n" not in bad["reason"]
    assert "please report" not in bad["reason"], bad["reason"]
    assert "Error" not in bad["reason"] and str(tmp_path) not in bad["reason"]
    assert bad["bytes"] == len(BAD[kind])
    assert bad["words"] == {"read": 0, "principles": 0, "excluded": 0, "duplicates": 0}
    alone = tribonian.build([folder / "title-21.xml"], tmp_path / "alone", jobs=1)
    assert alone.count("ok") == 1
    same = ("principles.json", "principles.md", "excluded.jsonl", "findings.jsonl")
    for name in same:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()


def test_a_secret_of_this_machine_is_not_read_into_a_build(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password")
    law = LAW.replace("Front law.", "&x;")
    document = f'<!DOCTYPE DIV5 [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{law}'
    (tmp_path / "title-21.xml").write_text(document, encoding="utf-8")
    build = tribonian.build([tmp_path / "title-21.xml"], tmp_path / "out", jobs=1)
    assert build.output is None
    assert not (tmp_path / "out").exists()


def test_when_no_document_can_be_read_an_existing_build_stays(tmp_path: Path) -> None:
    (tmp_path / "title-21.xml").write_text(LAW, encoding="utf-8")
    (tmp_path / "bad.xml").write_text("<ECFR><DIV1", encoding="utf-8")
    tribonian.build([tmp_path / "title-21.xml"], tmp_path / "out", jobs=1)
    before = written_files(tmp_path / "out")
    build = tribonian.build([tmp_path / "bad.xml"], tmp_path / "out", jobs=1)
    assert build.output is None
    assert build.count("failed") == 1
    assert written_files(tmp_path / "out") == before


def test_strict_writes_nothing_when_a_document_failed(tmp_path: Path) -> None:
    (tmp_path / "title-21.xml").write_text(LAW, encoding="utf-8")
    (tmp_path / "bad.xml").write_text("<ECFR><DIV1", encoding="utf-8")
    sources = [tmp_path / "title-21.xml", tmp_path / "bad.xml"]
    assert tribonian.build(sources, tmp_path / "out", strict=True, jobs=1).output is None
    assert not (tmp_path / "out").exists()
    build = tribonian.build(sources[:1], tmp_path / "out", strict=True, jobs=1)
    assert build.output == tmp_path / "out"


def test_a_name_that_is_no_utf_8_costs_no_other_document(tmp_path: Path) -> None:
    folder = tmp_path / "regs"
    folder.mkdir()
    (folder / "title-21.xml").write_text(LAW, encoding="utf-8")
    odd = bytes(folder) + b"/title-21_\xff.xml"
    try:
        Path(odd.decode("utf-8", "surrogateescape")).write_text(OTHER, encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    build = tribonian.build([folder], tmp_path / "out", jobs=1)
    assert build.count("ok") >= 1
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert len(manifest["documents"]) == 2


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_tokens": 63}, "--max-tokens"),
        ({"max_tokens": 0}, "--max-tokens"),
        ({"min_tokens": -1}, "--min-tokens"),
        ({"min_tokens": 2000}, "--min-tokens"),
        ({"max_depth": 1}, "--max-depth"),
        ({"max_depth": 51}, "--max-depth"),
        ({"max_file_size": 10}, "--max-file-size"),
        ({"keep": ("everything",)}, "--keep"),
        ({"tokenizer": "gpt-9"}, "--tokenizer"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_before_anything_is_read(
    tmp_path: Path, options: dict[str, object], sentence: str
) -> None:
    (tmp_path / "title-21.xml").write_text(LAW, encoding="utf-8")
    with pytest.raises(UsageError, match=sentence) as caught:
        tribonian.build([tmp_path / "title-21.xml"], tmp_path / "out", **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_no_source_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="source"):
        tribonian.build([], tmp_path / "out")


def test_progress_counts_every_document_once(regulations: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    tribonian.build(
        [regulations], tmp_path / "out", jobs=1, progress=lambda *step: seen.append(step)
    )
    assert {total for _, total, _ in seen} == {3}
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == 3
    assert {name for _, _, name in seen} == {
        "regs/title-21_part-701.xml", "regs/more/title-21_part-702.xml", "regs/more/bad.xml",
    }  # fmt: skip


# -- the files as models ----------------------------------------------------------------------


def test_every_file_is_what_its_published_model_says(regulations: Path, tmp_path: Path) -> None:
    law = section("701.1", "Front.", "<P>(a) It must.</P><P>(c) Skips.</P><P>(d) [Reserved]</P>")
    (regulations / "title-21_other.xml").write_text(law, encoding="utf-8")
    (regulations / "title-21_copy.xml").write_text(f"{law} ", encoding="utf-8")
    files = files_of(tmp_path, regulations, only=("21 CFR 701.1", "9.9"))
    Manifest.model_validate_json(files["manifest.json"], strict=True)
    UploadNode.model_validate_json(files["principles.json"])
    for name, model in (
        ("provenance.jsonl", ProvenanceRow),
        ("excluded.jsonl", ExcludedRow),
        ("findings.jsonl", FindingRow),
    ):
        lines = files[name].splitlines()
        assert lines, f"{name} is empty, which proves nothing"
        for line in lines:
            model.model_validate_json(line)


def test_the_manifest_counts_documents_by_status(regulations: Path, tmp_path: Path) -> None:
    manifest = json.loads(files_of(tmp_path, regulations)["manifest.json"])
    assert manifest["totals"]["documents"] == {"ok": 2, "failed": 1, "skipped": 1}
    rows = {each["source"]: each for each in manifest["documents"]}
    assert set(rows) == {
        "regs/title-21_part-701.xml", "regs/more/title-21_part-702.xml", "regs/more/bad.xml",
        "regs/notes.ini",
    }  # fmt: skip
    for each in rows.values():
        assert (each["reason"] is None) == (each["status"] == "ok")
    good = rows["regs/title-21_part-701.xml"]
    assert (good["format"], good["sections"], good["bytes"]) == (
        "ecfr-xml", 1, len(LAW.encode()),
    )  # fmt: skip
    assert manifest["settings"]["max_tokens"] == 1024
    assert manifest["tribonian"] == tribonian.__version__


def test_principles_have_the_shape_of_the_law() -> None:
    folder = built(title(21, "Food", LAW, OTHER))
    tree = json.loads(folder.files["principles.json"])
    assert [(node.depth, node.label) for node in placed(tree)] == [
        (0, "Title 21—Food"),
        (1, "PART 701—LABELS"),
        (2, "§ 701.1 Front"),
        (1, "PART 702—PANELS"),
        (2, "§ 702.1 Back"),
    ]
    assert folder.node("§ 701.1 Front").content == "(a) Front law."


def test_the_authority_of_a_lone_section_on_a_web_page_is_on_record() -> None:
    origin = {"level": "part", "identifier": "1", "authority": ["21 U.S.C. 321."], "source": []}
    page = (
        '<div class="section" id="1.1"><h4 data-hierarchy-metadata=\'{"citation":"21 CFR 1.1"}\'>'
        "§ 1.1 Lanterns.</h4><p>Each lantern must have a handle.</p></div>"
        '<script type="application/json" id="source-and-authority-data">'
        f"{json.dumps({'origins': [origin]})}</script>"
    )
    folder = built({"title-21_section.html": page})
    keeps_its_word(folder)
    said = json.dumps([node.content for node in folder.nodes] + folder.excluded)
    assert "21 U.S.C. 321." in said


def test_a_number_of_thousands_of_digits_stops_no_build() -> None:
    number = "9" * 5000
    unit = section(f"{number}.1", "Front.", "<P>(a) Front law.</P>")
    folder = built(
        {
            "title-21.xml": part(number, "LABELS", unit),
            "other.xml": title(number, "Food", LAW),
        }  # type: ignore[arg-type]
    )
    assert folder.manifest["totals"]["documents"]["ok"] == 2
