"""Token counts: the embedded vocabularies, a vocabulary from a file, and their refusals."""

from __future__ import annotations

import base64
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import UsageError


def byte_vocabulary(folder: Path) -> Path:
    """A vocabulary in tiktoken's format in which each byte is a token."""
    path = folder / "bytes.tiktoken"
    lines = (f"{base64.b64encode(bytes([n])).decode()} {n}" for n in range(256))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


@pytest.mark.parametrize(
    ("text", "cl100k", "o200k"),
    # OpenAI Cookbook, "How to count tokens with tiktoken", table of example strings
    [
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 9, 8),
        ("tiktoken is great!", 6, 6),
        ("", 0, 0),
    ],
)
def test_the_embedded_vocabularies_count_as_openai_publishes(
    text: str, cl100k: int, o200k: int
) -> None:
    assert Tokenizer("cl100k_base").count(text) == cl100k
    assert Tokenizer("o200k_base").count(text) == o200k


def test_the_embedded_vocabularies_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert Tokenizer("o200k_base").count("law") == 1


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=5))
def test_every_text_with_a_character_has_a_token_and_order_is_kept(texts: list[str]) -> None:
    tokenizer = Tokenizer()
    counts = tokenizer.count_all(texts)
    assert counts == [tokenizer.count(text) for text in texts]
    assert all((count > 0) == bool(text) for count, text in zip(counts, texts, strict=True))


def test_a_lone_surrogate_is_counted_and_spoils_nothing_beside_it() -> None:
    tokenizer = Tokenizer()
    assert tokenizer.count("\ud800") >= 1
    alone = tokenizer.count("the label must say")
    assert tokenizer.count_all(["the label must say", "a\udfff"])[0] == alone


def test_no_texts_have_no_counts() -> None:
    assert Tokenizer().count_all([]) == []


def test_a_vocabulary_file_counts_by_its_own_tokens(tmp_path: Path) -> None:
    tokenizer = Tokenizer(f"file:{byte_vocabulary(tmp_path)}")
    assert tokenizer.count_all(["law", "§ 1", ""]) == [3, 4, 0]  # § has two bytes in UTF-8


def test_a_vocabulary_file_counts_a_lone_surrogate(tmp_path: Path) -> None:
    assert Tokenizer(f"file:{byte_vocabulary(tmp_path)}").count("a\ud800") >= 2


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError, match=r"o200k_bass.*o200k_base.*file:PATH"):
        Tokenizer("o200k_bass")


def test_an_encoding_that_cannot_be_downloaded_is_refused_with_those_that_work_offline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tiktoken

    def offline(_: str) -> None:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(tiktoken, "get_encoding", offline)
    with pytest.raises(UsageError, match=r"p50k_base.*o200k_base or cl100k_base"):
        Tokenizer("p50k_base")


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.model does not exist"):
        Tokenizer(f"file:{tmp_path / 'nowhere.model'}")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Tokenizer(f"file:{tmp_path}")


@pytest.mark.parametrize("content", [b"", b"not a vocabulary", b"\xff\xfe\x00"])
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="not a vocabulary"):
        Tokenizer(f"file:{path}")


def test_a_hugging_face_file_names_the_extra_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)  # an import of it fails
    path = tmp_path / "tokenizer.json"
    path.write_text("{}", encoding="ascii")
    with pytest.raises(UsageError, match=r"pip install 'tribonian\[tokenizers\]'"):
        Tokenizer(f"file:{path}")
