"""Mappings as straight-line Python: source that is written, never read from anybody, and compiled once."""
