"""Principles sent to the service, and the pairs that come back: sent, traced, reviewed, written."""
