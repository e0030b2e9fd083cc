"""Codecs: pairs of total functions between a partner's way of writing a value and the hub's."""
