"""Documents in archives: read where they are, and no archive is a danger."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import hashlib
import io
import json
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Limits
from tribonian.ingest.sources import expansion, loading
from tribonian.ingest.sources.archives import expanded, list_members
from tribonian.ingest.sources.folders import find_sources
from tribonian.ingest.sources.loading import Sources, read_member
from tribonian.ingest.sources.member_names import Names, inner_name, shown
from tribonian.ingest.sources.source import Source
from tribonian.schemas.finding import Finding

SECTION = b'<DIV8 N="1.1" TYPE="SECTION"><HEAD>&#xA7; 1.1 Law.</HEAD><P>(a) One.</P></DIV8>'
Files = dict[str, bytes]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Files, mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        archive.addfile(info)
        law = tarfile.TarInfo("law.xml")
        law.size = len(SECTION)
        archive.addfile(law, io.BytesIO(SECTION))
    return out.getvalue()


FORMS = {
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bzip2.zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "lzma.zip": lambda files: zipped(files, zipfile.ZIP_LZMA),
    "a.tar": tarred,
    "gnu.tar": lambda files: tarred(files, form=tarfile.GNU_FORMAT),
    "old.tar": lambda files: tarred(files, form=tarfile.USTAR_FORMAT),
    "a.tar.gz": lambda files: tarred(files, "w:gz"),
    "a.tgz": lambda files: tarred(files, "w:gz"),
    "a.tar.bz2": lambda files: tarred(files, "w:bz2"),
    "a.tar.xz": lambda files: tarred(files, "w:xz"),
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Let go of the archive that `read_member` keeps open in a worker."""
    yield
    if loading._reader is not None:
        loading._reader.close()
        loading._reader = None


def rows(data: bytes, tmp_path: Path, name: str = "a.zip", password: str | None = None) -> Listed:
    path = tmp_path / name
    path.write_bytes(data)
    return Listed(list_members(Source(name, path), password), password)


class Listed:
    """The rows of an archive, each checked for what all must be."""

    def __init__(self, found: list[Source], password: str | None = None) -> None:
        self.found = found
        self.password = password
        for source in found:
            assert (source.reason is None) == (source.status == "ok")
            assert source.reason is None or source.reason.endswith(".")
            assert "\n" not in source.name
            source.name.encode()
        names = [source.name for source in found]
        assert names == sorted(names)
        assert len(set(names)) == len(names)

    @property
    def ok(self) -> list[str]:
        return [source.name for source in self.found if source.status == "ok"]

    def told(self, status: str) -> dict[str, str]:
        return {each.name: each.reason or "" for each in self.found if each.status == status}

    def read(self) -> dict[str, bytes | str]:
        """What each document holds, or why it cannot be read."""
        out: dict[str, bytes | str] = {}
        for source in sorted(self.found, key=lambda source: source.place):
            if source.status == "ok":
                found = read_member(source, self.password)
                out[source.name] = str(found) if isinstance(found, DocumentError) else found
        return out


# -- what is read --------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_members_are_documents_called_by_their_archive_and_their_name(
    form: str, tmp_path: Path
) -> None:
    # interface.md: a member of an archive is archive.zip/inner/name
    files = {"regs/b.xml": SECTION, "a.txt": b"Law.", "regs/a.md": b"# Law"}
    found = rows(FORMS[form](files), tmp_path, form)

    assert found.read() == {f"{form}/{name}": data for name, data in files.items()}
    assert found.ok == [f"{form}/a.txt", f"{form}/regs/a.md", f"{form}/regs/b.xml"]
    assert found.found[0].members == ("a.txt",)
    assert [source.size for source in found.found] == [4, 5, len(SECTION)]


@pytest.mark.parametrize("form", FORMS)
def test_an_archive_is_known_by_its_first_bytes_whatever_it_is_called(
    form: str, tmp_path: Path
) -> None:
    path = tmp_path / "regs" / "download"
    path.parent.mkdir()
    path.write_bytes(FORMS[form]({"law.xml": SECTION}))

    found = expanded(find_sources([str(path.parent)]), Limits())

    assert [source.name for source in found] == ["regs/download/law.xml"]
    assert [source.file_name for source in found] == ["regs/download/law.xml"]


def test_what_is_called_an_archive_and_is_none_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(SECTION)
    assert expanded([Source("a.zip", path)], Limits()) == [Source("a.zip", path)]


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("law.docx", ["word/document.xml"]),
        ("law.epub", ["chapter.xhtml"]),
        ("law", ["[Content_Types].xml", "word/document.xml"]),
        ("law.zip", ["mimetype", "content.xml"]),
        ("program", ["META-INF/MANIFEST.MF", "notes.txt"]),
    ],
)
def test_a_document_that_is_a_zip_stays_a_document(
    name: str, members: list[str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(dict.fromkeys(members, b"<x/>")))
    assert expanded([Source(name, path)], Limits()) == [Source(name, path)]


def test_a_word_file_in_an_archive_is_one_document(tmp_path: Path) -> None:
    word = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    sheet = zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    found = rows(zipped({"a.docx": word, "b": word, "c.xlsx": sheet}), tmp_path)

    assert found.ok == ["a.zip/a.docx", "a.zip/b"]
    assert found.told("skipped") == {"a.zip/c.xlsx": "No reader takes files .xlsx."}
    assert set(found.read().values()) == {word}


def test_members_that_no_reader_takes_are_named_as_in_a_folder(tmp_path: Path) -> None:
    files = {
        "law.xml": SECTION, "law": SECTION, "notes.ini": b"mine", "README": b"Read me.",
        "image.png": b"\x89PNG\r\n\x1a\n\0\0", "rule.2026": b"%PDF-1.7\n", "nothing": b"",
        "page.aspx": b"<html><body><p>Law</p></body></html>", "seal.svg": b"<svg/>",
    }  # fmt: skip
    folder = tmp_path / "regs"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)

    found = rows(tarred(files, "w:gz"), tmp_path, "a.tar.gz")

    in_folder = find_sources([str(folder)])
    assert [(each.name, each.status, each.reason) for each in in_folder] == [
        (f"regs/{each.members[0]}", each.status, each.reason) for each in found.found
    ]
    assert found.ok == [f"a.tar.gz/{name}" for name in ("law", "law.xml", "page.aspx", "rule.2026")]


def test_hidden_members_are_named_once_a_folder_and_passed_over(tmp_path: Path) -> None:
    names = (".git/config.xml", ".git/b.xml", "a/.hidden.xml", "a.xml~", "~$a.docx", "a.swp",
             "__MACOSX/._law.xml", "__MACOSX/._b.xml", "Thumbs.db", "a/desktop.ini")  # fmt: skip
    found = rows(zipped(dict.fromkeys(("law.xml", *names), SECTION)), tmp_path)

    assert found.ok == ["a.zip/law.xml"]
    assert found.told("skipped") == dict.fromkeys(
        [f"a.zip/{name}" for name in (".git", "a/.hidden.xml", "a.xml~", "~$a.docx", "a.swp",
                                      "__MACOSX", "Thumbs.db", "a/desktop.ini")],
        "Hidden and editors' files are passed over.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "data", [zipped({}), tarred({}), tarred({}, "w:gz")], ids=["zip", "tar", "tgz"]
)
def test_an_empty_archive_has_failed(data: bytes, tmp_path: Path) -> None:
    name = "a.zip" if data.startswith(b"PK") else "a.tar.gz" if data[0] == 31 else "a.tar"
    found = rows(data, tmp_path, name)
    assert found.told("failed") == {name: "The archive holds no document to read."}


def test_an_archive_without_a_document_has_failed_and_names_what_is_in_it(tmp_path: Path) -> None:
    found = rows(zipped({"notes.ini": b"mine"}), tmp_path)
    assert found.told("failed") == {"a.zip": "The archive holds no document to read."}
    assert found.told("skipped") == {"a.zip/notes.ini": "No reader takes files .ini."}


def test_what_is_known_of_an_archive_is_known_of_its_members_and_told_once(tmp_path: Path) -> None:
    path = tmp_path / "cached"
    path.write_bytes(zipped({"a.xml": SECTION, "b.xml": SECTION}))
    finding = Finding("format-mismatch", "Said once.")
    found = list_members(
        Source("https://law/h.zip", path, file="h.zip", as_of="2024-06-01", findings=(finding,))
    )
    assert [(each.name, each.file, each.as_of, each.findings) for each in found] == [
        ("https://law/h.zip/a.xml", "h.zip/a.xml", "2024-06-01", (finding,)),
        ("https://law/h.zip/b.xml", "h.zip/b.xml", "2024-06-01", ()),
    ]


# -- archives in archives ------------------------------------------------------------------


@pytest.mark.parametrize("outer", FORMS)
@pytest.mark.parametrize("inner", ["a.zip", "a.tar.gz", "a.tar.bz2", "a.tar"])
def test_an_archive_in_an_archive_is_read(outer: str, inner: str, tmp_path: Path) -> None:
    files = {"x.xml": SECTION, "y.txt": b"Law."}
    data = FORMS[outer]({"a.txt": b"A.", inner: FORMS[inner](files), "z.txt": b"Z."})
    found = rows(data, tmp_path, outer)

    assert found.read() == {
        f"{outer}/a.txt": b"A.",
        f"{outer}/{inner}/x.xml": SECTION,
        f"{outer}/{inner}/y.txt": b"Law.",
        f"{outer}/z.txt": b"Z.",
    }


def test_archives_are_nested_three_deep_and_no_deeper(tmp_path: Path) -> None:
    two = zipped({"2.txt": b"Two.", "three.zip": zipped({"3.txt": b"Three."})})
    three = zipped({"1.txt": b"One.", "two.zip": two})
    four = zipped({"0.txt": b"None.", "one.zip": three})

    assert rows(three, tmp_path).read() == {
        "a.zip/1.txt": b"One.",
        "a.zip/two.zip/2.txt": b"Two.",
        "a.zip/two.zip/three.zip/3.txt": b"Three.",
    }
    assert rows(four, tmp_path).told("failed") == {
        "a.zip/one.zip/two.zip/three.zip": "Archives are nested deeper than 3; unpack the outer "
        "ones and name a folder."
    }


def test_a_damaged_archive_in_an_archive_costs_itself(tmp_path: Path) -> None:
    data = tarred({"a.txt": b"A.", "b.zip": zipped({"b.txt": b"B."})[:20], "c.txt": b"C."}, "w:gz")
    found = rows(data, tmp_path, "a.tgz")
    assert found.read() == {"a.tgz/a.txt": b"A.", "a.tgz/c.txt": b"C."}
    assert list(found.told("failed")) == ["a.tgz/b.zip"]


# -- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name", "leaves"),
    [
        ("a.xml", "a.xml", False),
        ("./a//b/./c.xml", "a/b/c.xml", False),
        ("a\\b.xml", "a/b.xml", False),  # .NET before 4.6.1 wrote these
        ("a/../b.xml", "b.xml", False),
        ("/etc/law.xml", "etc/law.xml", True),
        ("../law.xml", "../law.xml", True),
        ("a/../../law.xml", "a/../../law.xml", True),
        ("..\\..\\law.xml", "../../law.xml", True),
        ("C:\\law.xml", "C:/law.xml", True),
        ("\\\\host\\share\\law.xml", "host/share/law.xml", True),
        ("a\x1b[2Jb.xml", "a\ufffd[2Jb.xml", False),
        ("a\nb.xml", "a\ufffdb.xml", False),
        ("a\u202elmx.exe", "a\ufffdlmx.exe", False),
        ("a\udcffb.xml", "a\ufffdb.xml", False),
        ("", "", False),
        ("§ 5 Größe.xml", "§ 5 Größe.xml", False),
    ],
)
def test_a_name_is_shown_safely_and_one_that_leaves_the_archive_is_known(
    written: str, name: str, leaves: bool
) -> None:
    shown_name, reason = inner_name(written)
    assert shown_name == name
    assert reason == ("Its name leads out of the archive." if leaves else None)


@given(st.text(max_size=40))
def test_whatever_a_name_is_it_can_be_shown(written: str) -> None:
    name, reason = inner_name(written)
    name.encode()
    assert not name.startswith("/")
    assert reason is not None or ".." not in name.split("/")
    assert shown(name) == name


def test_a_name_that_is_too_long_keeps_its_suffix() -> None:
    name, _ = inner_name("a" * 5000 + ".xml")
    assert len(name) == 1000
    assert name.endswith("….xml")


def test_members_whose_names_leave_the_archive_are_skipped(tmp_path: Path) -> None:
    names = ("/law.xml", "../../law.xml", "..\\law.xml", "C:\\law.xml")
    for data, called in (
        (zipped(dict.fromkeys((*names, "good.xml"), SECTION)), "a.zip"),
        (tarred(dict.fromkeys((*names, "good.xml"), SECTION)), "a.tar"),
    ):
        found = rows(data, tmp_path, called)
        assert found.ok == [f"{called}/good.xml"]
        assert found.told("skipped") == {
            f"{called}/{name}": "Its name leads out of the archive."
            for name in ("law.xml", "../../law.xml", "../law.xml", "C:/law.xml")
        }


def test_one_name_given_twice_is_two_documents(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for data in (b"Old.", b"New."):
            info = tarfile.TarInfo("law.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert rows(out.getvalue(), tmp_path, "a.tar").read() == {
        "a.tar/law.txt": b"Old.",
        "a.tar/law (2).txt": b"New.",
    }
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "w") as archive:
        archive.writestr("law.txt", b"Old.")
        archive.writestr("law.txt", b"New.")
    assert rows(out.getvalue(), tmp_path).read() == {
        "a.zip/law.txt": b"Old.",
        "a.zip/law (2).txt": b"New.",
    }


@given(st.lists(st.sampled_from(["a.txt", "a (2).txt", "a (3).txt", "b"]), max_size=12))
def test_names_that_are_given_once_are_all_different(given_names: list[str]) -> None:
    names = Names()
    out = [names.once(name) for name in given_names]
    assert len(set(out)) == len(out)


def renamed(data: bytes, before: bytes, after: bytes) -> bytes:
    assert len(before) == len(after)
    assert before in data
    return data.replace(before, after)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Größe.txt".encode(), "Größe.txt"),  # macOS sets no flag
        ("Größe.txt".encode("cp437"), "Größe.txt"),  # the standard's own code page
        (b"\xe1\x94.txt", "ßö.txt"),
    ],
)
def test_a_name_in_a_zip_is_decoded_as_it_was_written(
    written: bytes, name: str, tmp_path: Path
) -> None:
    before = b"n" * len(written)
    data = renamed(zipped({before.decode(): b"Law."}), before, written)
    assert rows(data, tmp_path).ok == ([f"a.zip/{name}"] if name.endswith(".txt") else [])
    assert rows(data, tmp_path).read() == {f"a.zip/{name}": b"Law."}


def test_a_name_in_the_extra_field_of_a_zip_is_taken(tmp_path: Path) -> None:
    # APPNOTE.TXT 4.6.9, which Info-ZIP writes
    info = zipfile.ZipInfo("x.txt")
    name = "§.txt".encode()
    data = b"\x01" + struct.pack("<L", zlib.crc32(b"x.txt")) + name
    info.extra = struct.pack("<HH", 0x7075, len(data)) + data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"Law.")
    assert rows(out.getvalue(), tmp_path).ok == ["a.zip/§.txt"]


def test_a_name_in_a_tar_that_is_no_utf_8_is_shown_with_a_mark(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as a:
        info = tarfile.TarInfo("Größe.txt")
        info.size = 4
        a.addfile(info, io.BytesIO(b"Law."))
    assert rows(out.getvalue(), tmp_path, "a.tar").read() == {"a.tar/Gr\ufffd\ufffde.txt": b"Law."}


def test_a_name_that_claims_to_be_utf_8_and_is_not_costs_no_other_member(tmp_path: Path) -> None:
    data = renamed(zipped({"§§.txt": b"Law.", "good.txt": b"Good."}), "§§".encode(), b"\xff" * 4)
    found = rows(data, tmp_path)
    assert found.read()["a.zip/good.txt"] == b"Good."
    assert found.told("failed")


# -- members that are no files -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, "It is a link and no file."),
        (tarfile.LNKTYPE, "It is a link and no file."),
        (tarfile.FIFOTYPE, "It is no regular file."),
        (tarfile.CHRTYPE, "It is no regular file."),
        (tarfile.BLKTYPE, "It is no regular file."),
    ],
)
def test_links_and_devices_in_a_tar_are_named_and_passed_over(
    kind: bytes, reason: str, tmp_path: Path
) -> None:
    found = rows(special("secret.xml", kind, "/etc/passwd"), tmp_path, "a.tar")
    assert found.read() == {"a.tar/law.xml": SECTION}
    assert found.told("skipped") == {"a.tar/secret.xml": reason}


def test_a_link_in_a_zip_is_named_and_passed_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("secret.xml")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("law.xml", SECTION)
    found = rows(out.getvalue(), tmp_path)
    assert found.ok == ["a.zip/law.xml"]
    assert found.told("skipped") == {"a.zip/secret.xml": "It is a link and no file."}


def test_a_sparse_file_in_a_tar_is_not_blown_up(tmp_path: Path) -> None:
    # a gigabyte of nothing costs no byte in the archive (GNU tar --sparse)
    info = tarfile.TarInfo("zeros.txt")
    info.size = 0
    info.pax_headers = {
        "GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "zeros.txt",
        "GNU.sparse.size": str(1 << 30), "GNU.sparse.map": f"{1 << 30},0",
    }  # fmt: skip
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    found = rows(out.getvalue(), tmp_path, "a.tar")
    assert found.told("failed") == {
        "a.tar/zeros.txt": "It is packed as a sparse file, which is not read out of an archive; "
        "pack it otherwise."
    }


# -- encryption, compression ---------------------------------------------------------------


def encrypted(name: str, data: bytes, password: bytes) -> bytes:
    """A zip with one member in the encryption of PKWARE's APPNOTE.TXT 6.1."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int) -> None:
        keys[0] = zlib.crc32(bytes([byte]), keys[0] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = zlib.crc32(bytes([keys[1] >> 24]), keys[2] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    for byte in password:
        step(byte)
    out = bytearray()
    for byte in bytes(11) + bytes([zlib.crc32(data) >> 24]) + data:
        mask = keys[2] | 2
        out.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 0xFF))
        step(byte)
    plain = zipped({name: bytes(len(out))}, zipfile.ZIP_STORED)
    plain = plain.replace(bytes(len(out)), bytes(out), 1)
    crc = struct.pack("<L", zlib.crc32(bytes(len(out))))
    sizes = struct.pack("<LL", len(out), len(out))
    plain = plain.replace(crc + sizes, struct.pack("<LLL", zlib.crc32(data), len(out), len(data)))
    local = bytearray(plain)
    local[6] |= 1
    local[local.index(b"PK\x01\x02") + 8] |= 1
    return bytes(local)


def test_an_encrypted_member_is_opened_with_the_password_and_told_without(tmp_path: Path) -> None:
    data = encrypted("law.xml", SECTION, b"Tribonian")

    assert rows(data, tmp_path).told("failed") == {
        "a.zip/law.xml": "It is encrypted; give the password with --password."
    }
    assert rows(data, tmp_path, password="Tribonian").read() == {"a.zip/law.xml": SECTION}
    assert rows(data, tmp_path, password="Justinian").told("failed") == {
        "a.zip/law.xml": "The password given with --password does not open it."
    }


@pytest.mark.parametrize(
    ("method", "flags"), [(9, 0), (93, 0), (99, 1), (8, 0x20)]
)  # Deflate64, Zstandard, AES, a patch
def test_what_is_compressed_in_an_unknown_way_has_failed_and_the_rest_is_read(
    method: int, flags: int, tmp_path: Path
) -> None:
    data = bytearray(zipped({"law.xml": SECTION, "good.txt": b"Good."}))
    entry = data.index(b"PK\x01\x02")
    data[8], data[entry + 10] = method, method
    data[6] |= flags
    data[entry + 8] |= flags
    found = rows(bytes(data), tmp_path)
    assert found.read() == {"a.zip/good.txt": b"Good."}
    assert found.told("failed") == {
        "a.zip/law.xml": "It is compressed or encrypted in a way that is not known here; unpack "
        "the archive and name a folder."
    }


# -- damage --------------------------------------------------------------------------------

DAMAGED = "It is damaged in its archive; get the archive again from where it came from."
CUT_OFF = "It is cut off, because its archive is; get the archive again from where it came from."


def test_a_member_with_a_wrong_check_sum_has_failed_and_the_rest_is_read(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"Good law.", "b.txt": b"Evil law."}, zipfile.ZIP_STORED)
    found = rows(data.replace(b"Evil", b"Even", 1), tmp_path)
    assert found.read() == {"a.zip/a.txt": b"Good law."}
    assert found.told("failed") == {"a.zip/b.txt": DAMAGED}


@pytest.mark.parametrize("streamed", [False, True])
def test_of_a_zip_that_is_cut_off_the_members_before_the_cut_are_read(
    streamed: bool, tmp_path: Path
) -> None:
    out = io.BytesIO()
    files = {f"{n}.txt": (f"Law {n}. " * 50).encode() for n in range(5)}
    stream = Unseekable(out) if streamed else out  # then sizes stand behind the members
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    data = out.getvalue()
    third = data.index(b"3.txt")

    found = rows(data[: third + 10], tmp_path)

    assert found.read() == {f"a.zip/{n}.txt": files[f"{n}.txt"] for n in range(3)}
    assert found.told("failed") == {
        "a.zip": "It is damaged or cut off, its list of members is lost, and only those that could "
        "be found were read; get it again from where it came from.",
        "a.zip/3.txt": CUT_OFF,
    }


LIST_LOST = (
    "It is damaged or cut off, its list of members is lost, and only those that could be "
    "found were read; get it again from where it came from."
)


def test_a_zip_cut_off_behind_an_empty_stored_zip_is_not_empty(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"Law.", "e.zip": zipped({}), "z.txt": b"Lost."}, zipfile.ZIP_STORED)
    found = rows(data[: data.index(b"PK\x05\x06") + 22], tmp_path)

    assert found.read() == {"a.zip/a.txt": b"Law."}
    assert found.told("failed")["a.zip"] == LIST_LOST


@pytest.mark.parametrize("more", [0, 20])
def test_a_zip_cut_off_behind_a_stored_zip_is_not_taken_for_that_one(
    more: int, tmp_path: Path
) -> None:
    # the standard library finds the list of the inner one at the end, and knows no other
    inner = zipped({"note.txt": b"Inner law."})
    files = {"a.txt": b"Law.", "inner.zip": inner, "z.txt": b"Lost."}
    data = zipped(files, zipfile.ZIP_STORED)
    found = rows(data[: data.index(inner) + len(inner) + more], tmp_path)

    assert found.read() == {"a.zip/a.txt": b"Law.", "a.zip/inner.zip/note.txt": b"Inner law."}
    assert found.told("failed") == {"a.zip": LIST_LOST}


def test_a_zip_cut_off_in_the_comment_of_a_stored_zip_is_read_as_far_as_it_goes(
    tmp_path: Path,
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", b"Inner law.")
        archive.comment = b"of the inner one"
    data = zipped({"a.txt": b"Law.", "inner.zip": out.getvalue()}, zipfile.ZIP_STORED)
    found = rows(data[: data.index(b"of the inner") + 3], tmp_path)

    assert found.read() == {"a.zip/a.txt": b"Law."}
    assert found.told("failed") == {"a.zip": LIST_LOST, "a.zip/inner.zip": CUT_OFF}


def test_two_zips_in_one_file_are_both_read_and_told(tmp_path: Path) -> None:
    one, other = zipped({"a.txt": b"One law."}), zipped({"b.txt": b"Other law."})
    found = rows(one + other, tmp_path)

    assert found.read() == {"a.zip/a.txt": b"One law.", "a.zip/b.txt": b"Other law."}
    assert found.told("failed") == {"a.zip": LIST_LOST}


def split(data: bytes) -> tuple[bytes, bytes]:
    """A zip in two parts, its directory and its last member in the second (APPNOTE.TXT 8)."""
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    at = data.rindex(b"PK\x03\x04")
    lines, tail = bytearray(data[start:end]), bytearray(data[end:])
    last = lines.rindex(b"PK\x01\x02")
    lines[last + 34 : last + 36], lines[last + 42 : last + 46] = b"\1\0", bytes(4)
    lines[42:46] = struct.pack("<L", 4)
    tail[4:8] = b"\1\0\1\0"
    tail[16:20] = struct.pack("<L", start - at)
    return b"PK\x07\x08" + data[:at], data[at:start] + bytes(lines + tail)


def test_a_split_zip_is_told_whether_it_is_a_part_or_all_of_them(tmp_path: Path) -> None:
    sentence = (
        "It is a split archive or a part of one, and only those members that could be found were "
        "read; make one file of the parts first, as with zip -s 0 PART.zip --out WHOLE.zip."
    )
    a, b = split(zipped({"a.txt": b"Law of a.", "b.txt": b"Law of b."}))
    for name, data, texts in [
        ("a.z01", a, [b"Law of a."]),
        ("a.zip", b, [b"Law of b."]),
        ("joined.zip", a + b, [b"Law of a.", b"Law of b."]),
    ]:
        found = rows(data, tmp_path, name)
        assert list(found.read().values()) == texts
        assert found.told("failed") == {name: sentence}


def test_a_list_that_is_shorter_than_it_claims_is_damaged(tmp_path: Path) -> None:
    # a comment of a member that claims to go on to the end of the list: the rest would be gone
    data = bytearray(zipped({"a.txt": b"A.", "b.txt": b"B.", "c.txt": b"C."}))
    data[data.index(b"PK\x01\x02") + 33] = 0x80
    found = rows(bytes(data), tmp_path)
    assert list(found.read().values()) == [b"A.", b"B.", b"C."]
    assert found.told("failed") == {"a.zip": LIST_LOST}


def test_a_member_that_has_bytes_is_a_file_whatever_kind_it_claims_to_be(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, mode, data in [
            ("a.txt", 0o070644, b"Law."),
            ("b.txt", stat.S_IFIFO | 0o644, b"Law that came out of a pipe."),
            ("c.txt", stat.S_IFIFO | 0o644, b""),
        ]:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, data)
    found = rows(out.getvalue(), tmp_path)
    assert found.ok == ["a.zip/a.txt", "a.zip/b.txt"]
    assert found.told("skipped") == {"a.zip/c.txt": "It is no regular file."}


@pytest.mark.parametrize("behind", [b"PK\6\6" + b"\xff" * 60, b"PK\1\2" + b"\xff" * 60])
def test_a_directory_that_claims_to_go_on_for_ever_has_an_end(
    behind: bytes, tmp_path: Path
) -> None:
    data = zipped({"a.txt": b"Law."})
    found = rows(data[: data.index(b"PK\x01\x02")] + behind, tmp_path)
    assert found.read() == {"a.zip/a.txt": b"Law."}
    assert found.told("failed") == {"a.zip": LIST_LOST}


@pytest.mark.parametrize("before", [b"#!/bin/sh\nexit 0\n", b"MZ" + bytes(600)])
def test_a_zip_with_something_else_before_it_is_read(before: bytes, tmp_path: Path) -> None:
    # as one that unpacks itself; its own list leads to the members all the same
    path = tmp_path / "a.zip"
    path.write_bytes(before + zipped({"a.txt": b"Law.", "b.txt": b"More law."}))
    found = Listed(expanded(find_sources([str(path)]), Limits()))

    assert found.read() == {"a.zip/a.txt": b"Law.", "a.zip/b.txt": b"More law."}
    assert found.told("failed") == {}


def test_a_member_that_was_taken_off_the_list_is_not_read(tmp_path: Path) -> None:
    # programs that write at the end leave the old member at the beginning (APPNOTE.TXT 4.3.1)
    data = zipped({"old.txt": b"Old law.", "new.txt": b"New law."})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    second = data[data.index(b"PK\x01\x02", start + 4) : end]
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 1, 1)
    tail[12:20] = struct.pack("<LL", len(second), start)
    found = rows(data[:start] + second + bytes(tail), tmp_path)

    assert found.read() == {"a.zip/new.txt": b"New law."}
    assert found.told("failed") == {}


class Unseekable(io.RawIOBase):
    """A file that is written as a stream."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._out.write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_of_a_tar_that_is_cut_off_the_members_before_the_cut_are_read(
    mode: str, tmp_path: Path
) -> None:
    name = {"w": "a.tar"}.get(mode, f"a.tar.{mode[2:]}")
    whole = tarred({"a.txt": b"Good.", "b.txt": b"Cut " * 500, "c.txt": b"Lost."})
    cut = whole[: whole.index(b"Cut ") + 100]
    if mode == "w:gz":
        packed = zlib.compressobj(wbits=31)
        cut = packed.compress(cut) + packed.flush(zlib.Z_SYNC_FLUSH)
    elif mode != "w":
        module = {"w:bz2": bz2, "w:xz": lzma}[mode]
        cut = module.compress(cut)
    found = rows(cut, tmp_path, name)

    assert found.read() == {f"{name}/a.txt": b"Good."} or found.read() == {
        f"{name}/a.txt": b"Good.",
        f"{name}/b.txt": CUT_OFF,
    }
    assert found.told("failed")[name] == (
        "It is damaged or cut off, and what stands behind that was not read; get it again from "
        "where it came from."
    )


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_two_tars_in_one_file_are_both_read(mode: str, tmp_path: Path) -> None:
    # cat a.tar b.tar: behind the mark of the end of the first
    name = {"w": "a.tar"}.get(mode, f"a.tar.{mode[2:]}")
    found = rows(tarred({"a.txt": b"A."}, mode) + tarred({"b.txt": b"B."}, mode), tmp_path, name)
    assert found.read() == {f"{name}/a.txt": b"A.", f"{name}/b.txt": b"B."}
    assert found.told("failed") == {}


@pytest.mark.parametrize(("behind", "failed"), [(bytes(700), []), (b"x" * 700, ["a.tar"])])
def test_what_stands_behind_the_end_of_a_tar_is_told_unless_it_is_nothing(
    behind: bytes, failed: list[str], tmp_path: Path
) -> None:
    found = rows(tarred({"a.txt": b"A."}) + behind, tmp_path, "a.tar")
    assert found.read() == {"a.tar/a.txt": b"A."}
    assert list(found.told("failed")) == failed


def test_a_damaged_head_in_a_tar_is_no_end_of_it(tmp_path: Path) -> None:
    # the standard library takes it for one, and the members behind it would be lost in silence
    data = tarred({"a.txt": b"Good.", "b.txt": b"Lost.", "c.txt": b"Lost."})
    found = rows(data.replace(b"b.txt", b"b\x00txt"), tmp_path, "a.tar")
    assert found.read() == {"a.tar/a.txt": b"Good."}
    assert list(found.told("failed")) == ["a.tar"]


def test_a_tar_whose_first_head_is_damaged_has_failed_and_is_not_passed_over(
    tmp_path: Path,
) -> None:
    inner = tarred({"a.txt": b"Law."}).replace(b"a.txt", b"b.txt", 1)
    (tmp_path / "regs").mkdir()
    (tmp_path / "regs" / "a.tar").write_bytes(tarred({"in.tar": inner, "c.txt": b"C."}))
    (tmp_path / "regs" / "b.tar").write_bytes(inner)
    found = expanded(find_sources([str(tmp_path / "regs")]), Limits())
    assert [(each.name, each.status) for each in found] == [
        ("regs/a.tar/c.txt", "ok"),
        ("regs/a.tar/in.tar", "failed"),
        ("regs/b.tar", "failed"),
    ]


def test_a_wrong_check_sum_of_a_packed_tar_is_told(tmp_path: Path) -> None:
    data = bytearray(tarred({"a.txt": b"Law."}, "w:gz"))
    data[-8] ^= 1
    found = rows(bytes(data), tmp_path, "a.tar.gz")
    assert found.read() == {"a.tar.gz/a.txt": b"Law."}
    assert found.told("failed") == {
        "a.tar.gz": "Its check sum is wrong, so that members are damaged and it cannot be told "
        "which; get it again from where it came from."
    }


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 4000), value=st.integers(0, 255), cut=st.booleans())
def test_whatever_is_damaged_is_rows_and_no_traceback(
    form: str, place: int, value: int, cut: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(FORMS[form]({"a.xml": SECTION * 9, "b.zip": zipped({"b.txt": b"Law."})}))
    place %= len(data)
    data[place] = value
    folder = tmp_path_factory.mktemp("damaged")
    found = rows(bytes(data[:place] if cut else data), folder, form)
    for said in found.read().values():
        assert isinstance(said, bytes) or said.endswith(".")


# -- a fetched folder that was packed ------------------------------------------------------


def fetched(data: bytes, as_of: str, above: str = "", **changed: object) -> Files:
    """The files of a fetched folder with one document, packed."""
    row = {
        "asked": "1 CFR 1.1", "url": "https://www.ecfr.gov/x", "as_of": as_of, "file": "cfr/a.xml",
        "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "etag": None,
    }  # fmt: skip
    lock = json.dumps({"sources": [row | changed]}).encode()
    return {f"{above}cfr/a.xml": data, f"{above}sources.lock.json": lock}


@pytest.mark.parametrize("above", ["", "law/"])
@pytest.mark.parametrize("form", ["a.zip", "a.tar", "a.tar.gz"])
def test_a_fetched_folder_that_was_packed_gives_the_dates_of_the_folder(
    form: str, above: str, tmp_path: Path
) -> None:
    files = {**fetched(SECTION, "2026-01-05", above), f"{above}own.txt": b"Own law."}
    found = rows(FORMS[form](files), tmp_path, form)

    assert [(each.name, each.as_of) for each in found.found] == [
        (f"{form}/{above}cfr/a.xml", "2026-01-05"),
        (f"{form}/{above}own.txt", None),
    ]
    assert found.read()[f"{form}/{above}cfr/a.xml"] == SECTION


def test_an_archive_that_was_fetched_gives_its_date_to_its_members(tmp_path: Path) -> None:
    inner = zipped({"a.txt": b"A.", "b.txt": b"B."})
    found = rows(zipped(fetched(inner, "2026-01-05")), tmp_path)
    assert [(each.name, each.as_of) for each in found.found] == [
        ("a.zip/cfr/a.xml/a.txt", "2026-01-05"),
        ("a.zip/cfr/a.xml/b.txt", "2026-01-05"),
    ]


def test_a_member_that_is_not_what_was_fetched_has_no_date_and_is_told(tmp_path: Path) -> None:
    found = rows(zipped(fetched(SECTION, "2026-01-05", sha256="0" * 64)), tmp_path).found
    assert [each.as_of for each in found] == [None]
    assert [finding.code for finding in found[0].findings] == ["changed-since-fetch"]


def test_what_the_lock_file_names_and_is_not_in_the_archive_has_failed(tmp_path: Path) -> None:
    files = fetched(SECTION, "2026-01-05", file="cfr/b.xml")
    assert rows(zipped(files), tmp_path).told("failed") == {
        "a.zip/cfr/b.xml": "The lock file names it, but it is not there; fetch it again."
    }


def test_a_damaged_lock_file_costs_no_document(tmp_path: Path) -> None:
    found = rows(zipped({"a.txt": b"Law.", "sources.lock.json": b"{"}), tmp_path)
    assert found.ok == ["a.zip/a.txt"]
    assert found.told("failed") == {
        "a.zip/sources.lock.json": "sources.lock.json is damaged: it is not what fetch writes; "
        "remove it and fetch again."
    }


# -- limits --------------------------------------------------------------------------------

BOMB = "It unpacks to more than 200 times its size, as a zip bomb does, and was given up."


@pytest.mark.parametrize("form", ["a.zip", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
def test_a_bomb_is_given_up(form: str, tmp_path: Path) -> None:
    data = FORMS[form]({"a.txt": b"Law.", "zeros.txt": bytes(30_000_000)})
    found = rows(data, tmp_path, form)
    told = {**found.told("failed"), **found.read()}
    assert told[f"{form}/a.txt"] == b"Law."
    assert BOMB in told.values()


def test_a_bomb_in_an_archive_in_an_archive_is_given_up(tmp_path: Path) -> None:
    bomb = zipped({"zeros.txt": bytes(30_000_000)})
    found = rows(zipped({"a.txt": b"Law.", "b.zip": zipped({"c.zip": bomb})}), tmp_path)
    assert found.read() == {"a.zip/a.txt": b"Law.", "a.zip/b.zip/c.zip/zeros.txt": BOMB}


def test_what_shrinks_much_and_is_small_is_no_bomb(tmp_path: Path) -> None:
    data = zipped({"a.txt": b" " * 9_000_000})
    assert len(rows(data, tmp_path).read()["a.zip/a.txt"]) == 9_000_000


def test_members_that_share_their_bytes_are_not_read(tmp_path: Path) -> None:
    # Fifield's bomb: the directory has many lines for one kernel
    data = zipped({"a.txt": b"Law. " * 100, "good.txt": b"Good."})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    lines = data[start:end]
    first = lines[: lines.index(b"PK\x01\x02", 4)]
    whole = first * 3 + lines
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 5, 5)
    tail[12:16] = struct.pack("<L", len(whole))
    found = rows(data[:start] + whole + bytes(tail), tmp_path)

    assert set(found.told("failed").values()) == {
        "Its bytes are those of another member too, as in a zip bomb; it was not read."
    }
    assert len(found.told("failed")) == 3
    assert found.read()["a.zip/good.txt"] == b"Good."


def test_a_header_that_claims_too_much_is_not_believed(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"Law."})
    lying = data.replace(struct.pack("<LL", 6, 4), struct.pack("<LL", 6, 3_000_000_000))
    assert lying != data
    assert rows(lying, tmp_path).read() == {"a.zip/a.txt": b"Law."}


def test_a_header_that_claims_too_little_is_a_damaged_member(tmp_path: Path) -> None:
    text = bytes(5_000_000)
    data = zipped({"a.txt": text})
    size = struct.pack("<L", len(text))
    found = rows(data.replace(size, struct.pack("<L", 10)), tmp_path)
    assert {**found.told("failed"), **found.read()} == {"a.zip/a.txt": DAMAGED}


@pytest.mark.parametrize("form", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_is_read_up_to_its_limit_of_bytes(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "TOTAL_LIMIT", 3 << 20)
    texts = {f"{n}.txt": bytes(range(256)) * 4096 for n in range(5)}
    found = rows(FORMS[form](texts), tmp_path, form)
    said = found.read()
    limit = (
        "It unpacks to more than 3 MB, and what stands behind that was not read; unpack it and "
        "name a folder."
    )
    assert said[f"{form}/0.txt"] == texts["0.txt"]
    assert limit in {**found.told("failed"), **said}.values()
    assert sum(isinstance(each, bytes) for each in said.values()) in (2, 3)


@pytest.mark.parametrize("form", ["a.zip", "a.tar"])
def test_a_member_is_read_up_to_its_limit_of_bytes(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "MEMBER_LIMIT", 1 << 20)
    found = rows(FORMS[form]({"a.txt": b"x" * 2_000_000, "b.txt": b"Law."}), tmp_path, form)
    said = {**found.told("failed"), **found.read()}
    assert said[f"{form}/b.txt"] == b"Law."
    assert said[f"{form}/a.txt"] == (
        "It is larger than 1 MB, the most that is read out of an archive; unpack it and name it "
        "by itself."
    )


@pytest.mark.parametrize("form", ["a.zip", "a.tar.gz"])
def test_an_archive_is_read_up_to_its_limit_of_members(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "MEMBERS_LIMIT", 4)
    inner = zipped({f"{n}.txt": b"Law." for n in range(9)})
    found = rows(FORMS[form]({"a.txt": b"A.", "b.zip": inner, "c.txt": b"C."}), tmp_path, form)
    assert found.ok == [f"{form}/a.txt", f"{form}/b.zip/0.txt", f"{form}/b.zip/1.txt"]
    assert found.told("failed")[form] == (
        "It has more than 4 members, and those behind were not read; unpack it and name a folder."
    )
    assert list(found.told("failed")) == [form, f"{form}/b.zip"]


def test_a_tar_whose_heads_lead_back_has_an_end(tmp_path: Path) -> None:
    # CVE-2025-8194: a size below zero sent the reader round in a circle
    info = tarfile.TarInfo("a.txt")
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\xff" * 10 + struct.pack(">h", -1024)
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    found = rows(tarred({"b.txt": b"Law."})[:1024] + bytes(head) * 4, tmp_path, "a.tar")
    assert found.read() == {"a.tar/b.txt": b"Law."}
    assert list(found.told("failed")) == ["a.tar", "a.tar/a.txt"]


# -- loading -------------------------------------------------------------------------------


def test_members_are_loaded_one_after_another_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    files = {f"{n:03}.txt": f"Law {n}.".encode() for n in range(300)}
    path.write_bytes(tarred(dict(reversed(files.items())), "w:gz"))
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_bytes(b"Law.")
    large.write_bytes(b"Law. " * 100)
    found = expanded(
        [Source("small.txt", small), Source("a.tar.gz", path), Source("large.txt", large)], Limits()
    )
    with Sources(
        found, Limits(), size_of=lambda source: source.size or source.path.stat().st_size
    ) as sources:
        assert len(sources) == 302
        names = [source.name for source in sources.sources]
        # as they stand in the archive, then the files, the largest first
        assert names[:2] == ["a.tar.gz/299.txt", "a.tar.gz/298.txt"]
        assert names[-2:] == ["large.txt", "small.txt"]
        loaded = list(sources)
    assert {each.source.members[0]: each.data for each in loaded[:300]} == files
    assert [each.data for each in loaded[300:]] == [None, None]


def test_the_members_of_a_zip_are_loaded_the_largest_first(tmp_path: Path) -> None:
    inner = zipped({"x.txt": b"X" * 30, "y.txt": b"Y" * 60})
    data = zipped({"a.txt": b"A", "b.zip": inner, "c.txt": b"C" * 80, "d.txt": b"D" * 99})
    found = rows(data, tmp_path)
    with Sources(found.found, Limits()) as sources:
        loaded = list(sources)
    assert [(each.source.members[-1], each.data) for each in loaded] == [
        ("d.txt", b"D" * 99),
        ("x.txt", b"X" * 30),
        ("y.txt", b"Y" * 60),
        ("c.txt", b"C" * 80),
        ("a.txt", b"A"),
    ]


def test_an_archive_is_opened_once_for_all_of_its_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    inner = zipped({f"{n}.txt": b"Law." for n in range(20)})
    files = {**{f"{n}.txt": b"Law." for n in range(50)}, "z.zip": inner}
    found = rows(tarred(files, "w:gz"), tmp_path, "a.tar.gz")
    real = loading.open_file

    def counted(path: Path, folder: Path | None = None) -> io.BufferedReader:
        opened.append(path)
        return real(path, folder)

    monkeypatch.setattr(loading, "open_file", counted)
    assert len(found.read()) == 70
    assert len(opened) == 1


def test_members_in_any_order_are_read_all_the_same(tmp_path: Path) -> None:
    inner = tarred({"x.txt": b"X.", "y.txt": b"Y."}, "w:gz")
    found = rows(tarred({"a.txt": b"A.", "b.tgz": inner, "c.txt": b"C."}), tmp_path, "a.tar").found
    forwards = [read_member(source) for source in found]
    backwards = [read_member(source) for source in reversed(found)]
    assert forwards == backwards[::-1] == [b"A.", b"X.", b"Y.", b"C."]


def test_an_archive_that_has_changed_since_it_was_listed_is_told(tmp_path: Path) -> None:
    found = rows(tarred({"a.txt": b"A.", "b.txt": b"B."}), tmp_path, "a.tar")
    (tmp_path / "a.tar").write_bytes(tarred({"a.txt": b"A."}))
    assert found.read()["a.tar/b.txt"] == "The archive has changed while it was read."


def test_an_archive_that_hangs_its_reader_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rows(tarred({f"{n}.txt": b"Law." for n in range(6)}), tmp_path, "a.tar").found

    def hang(*_: object) -> bytes:
        while True:
            pass

    monkeypatch.setattr(loading._Reader, "read", hang)
    with Sources(found, Limits(0.2)) as sources:
        reasons = [loaded.reason for loaded in sources]
    assert (
        reasons
        == ["It took longer than 0.2 seconds (--time-limit) and was given up."] * 3
        + ["Too many members of its archive could not be read, and it was given up."] * 3
    )


def test_an_archive_that_fills_the_memory_costs_itself(tmp_path: Path) -> None:
    # a list of a hundred megabytes of names; the process that reads it has less
    info = zipfile.ZipInfo("x" * 60_000 + ".txt")
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(zipped({"a.txt": b"Law."}))
    with zipfile.ZipFile(bad, "w") as archive, contextlib.suppress(UserWarning):
        for n in range(1500):
            info = zipfile.ZipInfo(f"{n}" + "x" * 60_000 + ".txt")
            archive.writestr(info, b"")
    found = expanded([Source("bad.zip", bad), Source("good.zip", good)], Limits(60, 32))
    assert [(each.name, each.reason) for each in found] == [
        ("bad.zip", "It needed more than 32 MB of memory (--memory-limit) and was given up."),
        ("good.zip/a.txt", None),
    ]


def test_a_document_of_the_size_of_the_limit_on_memory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(tarred({"a.txt": b"x" * (80 << 20), "b.txt": b"Law."}))
    found = expanded([Source("a.tar", path)], Limits(60, 32))
    with Sources(found, Limits(60, 32)) as sources:
        assert [(each.data, each.reason) for each in sources] == [
            (None, "It needed more than 32 MB of memory (--memory-limit) and was given up."),
            (b"Law.", None),
        ]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("law.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "a 7z archive"),
        ("law.rar", b"Rar!\x1a\x07\x01\x00" + bytes(40), "a RAR archive"),
        ("law.tar.zst", b"\x28\xb5\x2f\xfd" + bytes(40), "packed with zstd"),
        ("law.tar.Z", b"\x1f\x9d\x90" + bytes(40), "packed with compress"),
        ("law.xml.gz", gzip.compress(SECTION, mtime=0), "packed with gzip, and no tar"),
        ("law.xml.bz2", bz2.compress(SECTION), "packed with bzip2, and no tar"),
        ("law.xml.xz", lzma.compress(SECTION), "packed with xz, and no tar"),
        ("law.cpio", b"070701" + b"0" * 100, "a cpio archive"),
        ("law.cab", b"MSCF" + bytes(40), "a cabinet file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_packed_file_that_is_not_read_says_what_it_is(
    name: str, data: bytes, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (found,) = expanded([Source(name, path)], Limits())
    assert found == Source(
        name, path, "failed", f"It is {kind}; unpack it and name the file or folder that was in it."
    )


def test_a_text_that_begins_as_a_packed_file_does_is_no_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in (b"BZhang shall keep records.", b"070701 is a number.", b"MSCF is a name."):
        path.write_bytes(text)
        assert expanded([Source("a.txt", path)], Limits()) == [Source("a.txt", path)]
