"""What a server calls a file, and nothing in it that leads out of a folder."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.web.file_name import name_in, safe_name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, None),
        ("", None),
        ("inline", None),
        ("attachment; filename=title-21.xml", "title-21.xml"),
        ('attachment; filename="title 21.xml"', "title 21.xml"),
        ('ATTACHMENT; FileName = "a.xml"', "a.xml"),
        (r'attachment; filename="a \"quoted\" name.xml"', "a _quoted_ name.xml"),
        ('attachment; filename="a;b.xml"; size=3', "a;b.xml"),
        # RFC 6266, 5: the extended one is preferred, wherever it stands
        ("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates"),
        ("attachment; filename*=UTF-8'en'%C2%A3.xml; filename=x", "£.xml"),
        ("attachment; filename*=iso-8859-1''caf%E9.pdf", "café.pdf"),
        ("attachment; filename*=UTF-8''%ff%fe; filename=plain.xml", "plain.xml"),
        ("attachment; filename*=koi8-r''%c1; filename=plain.xml", "plain.xml"),
        ("attachment; filename*=nonsense; filename=plain.xml", "plain.xml"),
        # ways out of a folder
        ("attachment; filename=../../etc/passwd", "passwd"),
        (r'attachment; filename="..\\..\\boot.ini"', "boot.ini"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("attachment; filename=/etc/passwd", "passwd"),
        ("attachment; filename=C:\\\\temp\\\\a.xml", "a.xml"),
        ("attachment; filename=..", None),
        ("attachment; filename=.htaccess", "htaccess"),
        ("attachment; filename*=UTF-8''a%00b%0d%0a.xml", "ab.xml"),
        ("attachment; filename*=UTF-8''%E2%80%AElmx.a", "lmx.a"),  # reads backwards
        ("attachment; filename=CON.xml", "_CON.xml"),
        ("attachment; filename=a.xml:stream", "a.xml_stream"),
        ('attachment; filename="  "', None),
    ],
)
def test_the_name_in_a_header(header: str | None, name: str | None) -> None:
    assert name_in(header) == name


def test_a_long_name_keeps_its_suffix() -> None:
    name = safe_name("§" * 300 + ".xml")
    assert name is not None
    assert name.endswith("§.xml")
    assert len(name.encode()) <= 150


@given(st.text())
def test_any_name_is_one_part_of_a_path_or_none(text: str) -> None:
    for name in (safe_name(text), name_in(f"attachment; filename={text}"), name_in(text)):
        if name is not None:
            assert PurePosixPath(name).parts == (name,)
            assert PureWindowsPath(name).parts == (name,)
            assert name.isprintable() or any(c.isspace() for c in name)
            assert not name.startswith(".")
            assert len(name.encode()) <= 151
