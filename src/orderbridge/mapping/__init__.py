"""Mappings: one file per partner, read in both directions between its documents and the hub's."""
