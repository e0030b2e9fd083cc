"""Write the cases of `tests/suite/translate`: what each translation of an example gives today, for people to review.

The files are the reference for what the mappings mean. After a change, write them again and read the difference: it is
right only if the facts say so.
"""

from __future__ import annotations

import sys
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge import api, jsontext, yamltext

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
OPENAPI: Final = ROOT / "openapi"
SUITE: Final = ROOT / "tests" / "suite" / "translate"
PARTNERS: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "placeorder": ("main", "several-items", "pay-emi", "table-spelling", "further-parameters"),
    "unisouk": ("main", "building", "online", "shipping-same"),
    "fabric": ("main", "multi-shipment", "exact-money", "canada", "point-of-sale", "pickup"),
    "ccagent": ("main", "deepNesting", "splitShipping", "paySplit", "countryAsName", "inStorePickup", "subscription"),
    "configurator": ("main", "items", "fractional-count", "nested-metadata", "reseller", "status-in-cart"),
}
"""The orders of each partner that are translated to every other: each says something that the others do not."""
REFUSALS: Final[dict[str, str]] = {
    "placeorder": "404.unknown-product",
    "unisouk": "400.missing-members",
    "fabric": "409.order-number-taken",
    "ccagent": "400.several",
    "configurator": "404.unknown-configuration",
}
"""What each partner refuses an order with, which every other gets to read."""
ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "placeorder": ("unisouk", "fabric", "ccagent", "configurator"),
    "fabric": ("placeorder", "ccagent"),
    "ccagent": ("placeorder",),
    "unisouk": ("placeorder",),
    "configurator": ("placeorder",),
}
"""Who gets to read the success that each partner answers the main order with."""
_SHOWN: Final = ("pointer", "outcome", "how", "why", "hub", "targets", "cause", "sources", "required", "need")
_ROWS: Final = ("source_leaves", "target_leaves")

Case = dict[str, Any]


def main() -> None:
    """Write every case again."""
    for source, target in permutations(PARTNERS, 2):
        folder = SUITE / f"{source}-{target}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, case in cases(source, target):
            (folder / f"{name}.json").write_bytes(written({**case, "expected": outcome(run(case))}))
            sys.stdout.write(f"{folder.name}/{name}\n")


def cases(source: str, target: str) -> Iterator[tuple[str, Case]]:
    """Yield the cases of a pair: orders there, the main one with what it lacks, and what comes back for it."""
    for name in EXAMPLES[source]:
        yield name, _order(source, target, name)
    main_order = _order(source, target, "main")
    supply = f"{target}/supplies/{source}.yaml"
    if (OPENAPI / supply).is_file():
        yield "supplied", {**main_order, "supply": supply}
    if source in ANSWERS[target]:
        answer = f"{target}/examples/createOrder.200.main.json"
        yield "answer", {**main_order, "answer": answer, "message": "response", "status": "200"}
    refusal = f"{target}/examples/createOrder.{REFUSALS[target]}.json"
    yield "refusal", {**main_order, "answer": refusal, "message": "error", "status": REFUSALS[target][:3]}


def _order(source: str, target: str, name: str) -> Case:
    return {"source": source, "target": target, "order": f"{source}/examples/createOrder.request.{name}.json"}


def run(case: Case) -> Any:
    """Translate the order that a case names, or what its receiver answered, into the sender's terms."""
    supply = yamltext.read((OPENAPI / case["supply"]).read_bytes()).value if "supply" in case else None
    sent = api.translate(_read(case["order"]), case["source"], case["target"], supply=supply)
    if "answer" not in case:
        return sent
    way = {"message": case["message"], "status": case["status"], "ticket": sent.ticket}
    return api.translate(_read(case["answer"]), case["target"], case["source"], **way)


def _read(example: str) -> Any:
    value, _ = jsontext.read((OPENAPI / example).read_bytes())
    return value


def outcome(made: Any) -> dict[str, Any]:
    """Give the document and the account of it, without the lines of the mapping files, which move."""
    status = getattr(made, "status", None)
    return {
        "complete": made.complete,
        **({} if status is None else {"status": status}),
        "document": made.draft,
        "counts": made.report["counts"],
        "source_leaves": [_row(row) for row in made.report["source_leaves"]],
        "target_leaves": [_row(row) for row in made.report["target_leaves"]],
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _SHOWN if row.get(name) not in (None, [])}


def written(case: Case) -> bytes:
    """Write a case as people read it: the document over many lines, each row of the account on one."""
    expected = case["expected"]
    head = [_member(name, case[name]) for name in case if name != "expected"]
    body = [_member(name, expected[name]) for name in expected if name not in {"document", *_ROWS}]
    document = jsontext.write(expected["document"], indent=2).replace(b"\n", b"\n    ")
    tables = [b'"%s": [\n%s\n    ]' % (name.encode(), _table(expected[name])) for name in _ROWS]
    inner = b",\n    ".join([*body, b'"document": ' + document, *tables])
    return b"{\n  " + b",\n  ".join([*head, b'"expected": {\n    ' + inner + b"\n  }"]) + b"\n}\n"


def _member(name: str, value: Any) -> bytes:
    return b'"%s": %s' % (name.encode(), jsontext.write(value))


def _table(rows: list[dict[str, Any]]) -> bytes:
    return b",\n".join(b"      " + jsontext.write(row) for row in rows)


if __name__ == "__main__":
    main()
