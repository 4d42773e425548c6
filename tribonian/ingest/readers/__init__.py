"""One module a format; each turns a document into a stream of section-tree nodes."""
