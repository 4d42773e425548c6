"""The course of a run: what is sent, the journal, waiting, collecting."""
