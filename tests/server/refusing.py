"""Whether what nobody can read was refused as it should be, and a round of all such bodies on one operation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.server.malformed import bodies
from tests.server.targets import PROBLEM, Target, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.client import Response, Server

MOST_PROBLEM: Final = 2_000_000
LEAKS: Final = (b"Traceback", b".py", b"/work", b"Error(")
_REFUSED: Final = range(400, 500)
_ANSWERED: Final = {200, 404, 409}
"""What a good request is answered with; a reference may know nothing of what the example is about."""


def check_refusal(target: Target, response: Response | None) -> Iterator[str]:
    """Yield what is wrong with the refusal of a request that cannot be read."""
    if response is None:
        yield "no answer"
        return
    if response.status not in _REFUSED:
        yield f"the status {response.status}"
    if "x-request-id" not in response.headers:
        yield "no x-request-id"
    if len(response.body) >= MOST_PROBLEM:
        yield f"{len(response.body)} bytes"
    yield from (f"{leak!r} in the body" for leak in LEAKS if leak in response.body)
    if response.headers["content-type"] == target.refusal or response.headers["content-type"] != PROBLEM:
        yield from faults(target, response)


def check_body_refusal(target: Target, response: Response | None) -> Iterator[str]:
    """Yield what is wrong with the refusal of a body that cannot be read: a 400 in the shape of its path."""
    yield from check_refusal(target, response)
    found = None if response is None else (response.status, response.headers["content-type"])
    if found != (400, target.refusal):
        yield f"{found} instead of {(400, target.refusal)}"


@dataclass
class Round:
    """What came of sending bodies: answers by status, and what was wrong with them."""

    statuses: Counter[int | None] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


def send_bodies(server: Server, target: Target) -> Round:
    """Send every malformed body on one connection, and at the end a good request, which finds it as good as new."""
    assert target.body is not None
    done = Round()
    with server.connect() as connection:
        for name, data in bodies(target.body):
            connection.send(target.request(body=data))
            response = connection.read()
            done.statuses[None if response is None else response.status] += 1
            done.findings += [f"{target.id}: {name}: {fault}" for fault in check_body_refusal(target, response)]
            if response is None:
                return done
        connection.send(target.request())
        last = connection.read()
        if last is None or last.status not in _ANSWERED:
            done.findings.append(f"{target.id}: a good request afterwards: {last}")
    return done
