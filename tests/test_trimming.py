"""Members that nobody declares are left out where all are declared, at any depth, also of what contains itself."""

from __future__ import annotations

from typing import Any, Final

import pytest

from orderbridge.behaviour.trimming import Shape
from orderbridge.contract.members import Spot

NODE: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "free": {"type": "object", "properties": {"node": {"$ref": "#/components/schemas/Node"}}},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    },
}
DOCUMENT: Final = {"components": {"schemas": {"Node": NODE}}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "a", "odd": 1}, {"name": "a"}),
        ({"free": {"odd": 1, "node": {"odd": 1}}}, {"free": {"odd": 1, "node": {}}}),
        ({"children": [{"name": "b", "odd": 1}, "text"]}, {"children": [{"name": "b"}, "text"]}),
        ({"name": {"odd": 1}, "children": {"odd": 1}}, {"name": {"odd": 1}, "children": {"odd": 1}}),
        (["odd", {"odd": 1}], ["odd", {"odd": 1}]),
        (None, None),
    ],
)
def test_only_declared_members_stay_where_all_are_declared(value: Any, expected: Any) -> None:
    assert Shape(Spot(DOCUMENT, (NODE,))).trimmed(value) == expected


def test_a_schema_that_contains_itself_is_looked_at_once_however_deep_a_document_is() -> None:
    value: dict[str, Any] = {"odd": 1}
    for _ in range(100):
        value = {"children": [value], "odd": 1}
    shape = Shape(Spot(DOCUMENT, (NODE,)))
    trimmed = shape.trimmed(value)
    assert len(shape._known) <= 4  # noqa: SLF001 - what it remembers is what is asked about
    for _ in range(100):
        assert trimmed.keys() == {"children"}
        (trimmed,) = trimmed["children"]
    assert trimmed == {}
