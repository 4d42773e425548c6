"""Servers on loopback that answer as the real ones do, their misbehaviour included."""
