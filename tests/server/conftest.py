"""Servers that several tests share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

from tests.server.client import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Server

PROVE: Final = os.environ.get("ORDERBRIDGE_PROVE") == "1"


@pytest.fixture(scope="session")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the mocks of all partners; whoever has a credential is somebody."""
    yield from _served("mock", tmp_path_factory)


@pytest.fixture(scope="session", params=["mock", "reference"] if PROVE else ["mock"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve all partners, in the long run once as mocks and once as references."""
    if request.param == "mock":
        yield request.getfixturevalue("everyone")
    else:
        yield from _served(request.param, tmp_path_factory)


def _served(mode: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("--mode", mode, folder=tmp_path_factory.mktemp(mode)) as server:
        yield server
        assert [line for line in server.log() if line["level"] != "info"] == []
