"""A flat run of styled blocks into a section tree: PDF, Word, web pages, Markdown, text."""

from tribonian.ingest.outline.document import outline

__all__ = ["outline"]
