"""Token counts by the tokenizer that the model will use, offline.

`toktok-rs` embeds ``cl100k_base`` and ``o200k_base`` and counts them exactly as tiktoken
does, seven to fifteen times as fast. Any other encoding that tiktoken knows is loaded by
tiktoken, and ``file:PATH`` names a vocabulary on disk: in tiktoken's own format (Llama 3's
``tokenizer.model``) or a Hugging Face ``tokenizer.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tribonian.errors import UsageError

EMBEDDED = ("o200k_base", "cl100k_base")
DEFAULT = "o200k_base"
WORTH_A_THREAD = 300_000  # characters; fewer are counted before a thread has started

# The split pattern of Llama 3's tokenizer.model, which the file itself does not hold
# (meta-llama/llama3, llama/tokenizer.py).
_LLAMA_3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

CountAll = Callable[[Sequence[str]], list[int]]


class Tokenizer:
    """Counts tokens; ``name`` is what the user typed, ``threads`` 0 means all cores.

    Raises UsageError for a name that cannot be loaded, with what to do about it.
    """

    def __init__(self, name: str = DEFAULT, threads: int = 1) -> None:
        self.name = name
        self._count_all = _loader(name, threads)

    def count(self, text: str) -> int:
        """The number of tokens of one text."""
        return self.count_all([text])[0]

    def count_all(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, in order."""
        if not texts:
            return []
        try:
            return self._count_all(texts)
        except UnicodeEncodeError:  # a lone surrogate, from a damaged document
            return self._count_all([t.encode("utf-8", "replace").decode() for t in texts])


def _loader(name: str, threads: int) -> CountAll:
    if name in EMBEDDED:
        import toktok

        def count_all(texts: Sequence[str]) -> list[int]:
            alone = threads == 1 or sum(map(len, texts)) < WORTH_A_THREAD
            counts: list[int] = toktok.batch_count(texts, name, threads=1 if alone else threads)
            return counts

        return count_all
    if name.startswith("file:"):
        return _from_file(Path(name.removeprefix("file:")))
    return _from_tiktoken(name)


def _from_tiktoken(name: str) -> CountAll:
    import tiktoken

    try:
        encoding = tiktoken.get_encoding(name)
    except ValueError:
        known = ", ".join(sorted({*EMBEDDED, *tiktoken.list_encoding_names()}))
        raise UsageError(
            f"--tokenizer {name} is unknown; use one of {known}, or file:PATH."
        ) from None
    except Exception as error:  # the vocabulary has to be downloaded, and could not be
        raise UsageError(
            f"The vocabulary of {name} could not be downloaded ({type(error).__name__}); use "
            f"{' or '.join(EMBEDDED)}, which work offline, or file:PATH."
        ) from None
    return lambda texts: [len(encoding.encode_ordinary(text)) for text in texts]


def _from_file(path: Path) -> CountAll:
    if not path.is_file():
        raise UsageError(f"--tokenizer file:{path} does not exist.")
    if path.suffix == ".json":
        try:
            from tokenizers import Tokenizer as HuggingFace  # type: ignore[import-not-found]
        except ImportError:
            raise UsageError(
                "A Hugging Face tokenizer file needs: pip install 'tribonian[tokenizers]'."
            ) from None
        try:
            model = HuggingFace.from_file(str(path))
        except Exception:
            raise UsageError(f"{path} is not a Hugging Face tokenizer file.") from None
        return lambda texts: [
            len(e.ids) for e in model.encode_batch(list(texts), add_special_tokens=False)
        ]
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    try:
        ranks = load_tiktoken_bpe(str(path))
        encoding = tiktoken.Encoding(
            path.stem, pat_str=_LLAMA_3_PATTERN, mergeable_ranks=ranks, special_tokens={}
        )
    except Exception:
        raise UsageError(
            f"{path} is not a vocabulary in tiktoken's format (base64 token, space, rank)."
        ) from None
    return lambda texts: [len(encoding.encode_ordinary(text)) for text in texts]
