"""The table of limits, and how it is set."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from orderbridge.errors import UsageError
from orderbridge.server.limits import Limits, read_limits, rows

if TYPE_CHECKING:
    from pathlib import Path


def test_the_documented_table_is_the_one_that_holds(root: Path) -> None:
    page = (root / "docs" / "server.md").read_text(encoding="utf-8")
    table = "".join(f"| `{row.name}` | {row.default} | {row.excess} | {row.meaning} |\n" for row in rows())
    assert table in page
    assert len(rows()) == len(fields(Limits))


def test_a_limit_is_set_by_its_name() -> None:
    found = read_limits(["body=2MiB", "headers = 1.5 KiB", "header_seconds=2.5s", "Body-Seconds=3", "in-flight=7"])
    assert found == Limits(body=2 * 1024**2, headers=1536, header_seconds=2.5, body_seconds=3, in_flight=7)
    assert read_limits([]) == Limits()
    assert read_limits(["body=1", "body=2"]).body == 2


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("body", "a limit is set as NAME=VALUE"),
        ("bodies=1", "there is no limit 'bodies'; did you mean 'body'?"),
        ("x=1", "there is no limit 'x'; there is body, headers"),
        ("body=", "body is a size"),
        ("body=0", "body is a size"),
        ("body=-1", "body is a size"),
        ("body=1e3", "body is a size"),
        ("body=1s", "body is a size"),
        ("body=1MB", "body is a size"),
        ("in-flight=1KiB", "in-flight is a whole number above 0"),
        ("in-flight=0.5", "in-flight is a whole number above 0"),
        ("idle-seconds=1MiB", "idle-seconds is a time above 0"),
        ("idle-seconds=0", "idle-seconds is a time above 0"),
        ("idle-seconds=3601", "idle-seconds is a time above 0"),
        ("idle-seconds=nan", "idle-seconds is a time above 0"),
    ],
)
def test_what_is_no_limit_is_refused(setting: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_limits([setting])
    assert str(refused.value).startswith(words)
