"""Which process this is, without asking the system: a server has to know for every call."""

from __future__ import annotations

import os
from typing import Final

_HERE: Final = [os.getpid()]


def here() -> int:
    """Give the id of this process, also after it was forked off another."""
    return _HERE[0]


def _forked() -> None:
    _HERE[0] = os.getpid()


if hasattr(os, "register_at_fork"):  # not everywhere is there anything to be forked
    os.register_at_fork(after_in_child=_forked)
