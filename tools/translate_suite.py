"""Write the cases of `tests/suite/translate`: what each translation of an example gives today, for people to review.

The files are the reference for what the mappings mean. After a change, write them again and read the difference: it is
right only if the facts say so.
"""

from __future__ import annotations

import sys
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from orderbridge import api, jsontext, yamltext

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
_SHOWN: Final = ("pointer", "outcome", "how", "why", "hub", "targets", "cause", "sources", "required", "need")
_ROWS: Final = ("source_leaves", "target_leaves")


def main() -> None:
    """Write every case again."""
    for source, target in permutations(PARTNERS, 2):
        folder = SUITE / f"{source}-{target}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, case in _cases(source, target):
            (folder / f"{name}.json").write_bytes(written(case))
            sys.stdout.write(f"{folder.name}/{name}\n")


def _cases(source: str, target: str) -> list[tuple[str, dict[str, Any]]]:
    orders = {name: f"{source}/examples/createOrder.request.{name}.json" for name in EXAMPLES[source]}
    supply = f"{target}/supplies/{source}.yaml"
    cases = [(name, _case(source, target, order, None)) for name, order in orders.items()]
    if (OPENAPI / supply).is_file():
        cases.append(("supplied", _case(source, target, orders["main"], supply)))
    return cases


def _case(source: str, target: str, example: str, supply: str | None) -> dict[str, Any]:
    """Run one case and keep what matters of it."""
    made = run(source, target, example, supply)
    case: dict[str, Any] = {"source": source, "target": target, "order": example}
    if supply is not None:
        case["supply"] = supply
    return {**case, "expected": outcome(made)}


def run(source: str, target: str, example: str, supply: str | None) -> Any:
    """Translate the example that a case names."""
    order, _ = jsontext.read((OPENAPI / example).read_bytes())
    given = yamltext.read((OPENAPI / supply).read_bytes()).value if supply is not None else None
    return api.translate(order, source, target, supply=given)


def outcome(made: Any) -> dict[str, Any]:
    """Give the document and the account of it, without the lines of the mapping files, which move."""
    return {
        "complete": made.complete,
        "document": made.draft,
        "counts": made.report["counts"],
        "source_leaves": [_row(row) for row in made.report["source_leaves"]],
        "target_leaves": [_row(row) for row in made.report["target_leaves"]],
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _SHOWN if row.get(name) not in (None, [])}


def written(case: dict[str, Any]) -> bytes:
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
