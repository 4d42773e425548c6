"""Programs that make PDF, Word, Markdown and text of a web page; results are kept."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path


class Press:
    """Prints web pages, and keeps what it printed in a folder for the next time."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        cache.mkdir(parents=True, exist_ok=True)

    def pdf(self, html: str, *, tagged: bool = True) -> Path:
        """A page printed by headless Chromium."""
        flags = ["--no-pdf-header-footer"] + ([] if tagged else ["--disable-pdf-tagging"])

        def make(source: Path, target: Path) -> None:
            program = _program("chromium", "chromium-browser", "google-chrome")
            run([program, "--headless", "--no-sandbox", "--disable-gpu", "--quiet",
                 f"--user-data-dir={target.parent / 'profile'}", *flags,
                 f"--print-to-pdf={target}", source.as_uri()])  # fmt: skip

        return self._made(html, ".html", ".pdf", " ".join(flags), make)

    def pandoc(self, html: str, suffix: str, *options: str) -> Path:
        """A page converted by pandoc."""

        def make(source: Path, target: Path) -> None:
            run([_program("pandoc"), "-f", "html", *options, str(source), "-o", str(target)])

        return self._made(html, ".html", suffix, "pandoc " + " ".join(options), make)

    def office(self, html: str) -> Path:
        """A page saved as Word by LibreOffice."""

        def make(source: Path, target: Path) -> None:
            run([_program("soffice", "libreoffice"), "--headless",
                 f"-env:UserInstallation={(target.parent / 'profile').as_uri()}",
                 "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML",
                 "--outdir", str(target.parent), str(source)])  # fmt: skip

        return self._made(html, ".html", ".docx", "soffice", make)

    def keep(self, content: bytes, suffix: str) -> Path:
        """What was made elsewhere, as a file."""
        kept = self.cache / f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
        if not kept.exists():
            kept.write_bytes(content)
        return kept

    def _made(
        self, text: str, before: str, after: str, how: str, make: Callable[[Path, Path], None]
    ) -> Path:
        key = hashlib.sha256(f"{how}\n{text}".encode()).hexdigest()[:24]
        kept = self.cache / f"{key}{after}"
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                source = Path(folder) / f"page{before}"
                source.write_text(text, encoding="utf-8")
                target = source.with_suffix(after)
                make(source, target)
                target.replace(kept)
        return kept


def run(command: list[str]) -> None:
    """Run a program to its end; what it wrote is shown only if it fails."""
    done = subprocess.run(command, capture_output=True, timeout=900)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-400:]}")


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit(f"{names[0]} is needed to print the forms and is not installed.")
