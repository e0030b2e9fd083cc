"""Paths as documents write them: names that no framework takes, templates of which several fit one call."""

from __future__ import annotations

import re
from typing import Any, Final

PLACES: Final = (
    ("get", "/odd/{user id}/{$ref}/{a.b}/{f[x]}", "/odd/1/2/3/4"),
    ("get", "/twice/{id}/to/{id}", "/twice/1/to/2"),
    ("get", "/alike/{a-b}/{a_b}", "/alike/1/2"),
    ("get", "/jobs/{job}", "/jobs/1"),
    ("post", "/jobs/{job}:cancel", "/jobs/1:cancel"),
    ("delete", "/jobs/{job}", "/jobs/2"),
    ("delete", "/jobs/{job}:now", "/jobs/2:now"),
    ("get", "/same/{one}", "/same/1"),
    ("post", "/same/{other}", "/same/1"),
    ("get", "/users/{id}/orders", "/users/1/orders"),
    ("put", "/users/me/{thing}", "/users/me/orders"),
    ("get", "/users/me/{thing}", "/users/me/orders"),
    ("get", "/users/{id}", "/users/1"),
    ("get", "/users/me", "/users/me"),
)
"""Method, path of the document, path of a call. Numbers are wanted as parameters but for a `thing`."""


def placed() -> dict[str, Any]:
    """Give each operation an answer that only it has."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, _ in PLACES:
        names = dict.fromkeys(re.findall(r"{([^{}]+)}", path))
        kinds = {name: "string" if name == "thing" else "integer" for name in names}
        paths.setdefault(path, {})[method] = {
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": {"type": kind}} for name, kind in kinds.items()
            ],
            "responses": {"200": {"description": "", "content": {"application/json": {"example": f"{method} {path}"}}}},
        }
    return paths
