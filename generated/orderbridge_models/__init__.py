"""Typed models of the partners' messages, one module per contract.

Written by `orderbridge generate`, never edit. In each module `MESSAGES` gives the model of every message.
"""
