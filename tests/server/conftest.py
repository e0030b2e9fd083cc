"""Servers that several tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.client import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Server


@pytest.fixture(scope="session")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the mocks of all partners; whoever has a credential is somebody."""
    with serving(folder=tmp_path_factory.mktemp("everyone")) as server:
        yield server
        assert [line for line in server.log() if line["level"] != "info"] == []
