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
_SHOWN: Final = ("pointer", "outcome", "how", "why", "hub", "targets", "cause", "sources", "required", "need")


def main() -> None:
    """Write every case again."""
    for source, target in permutations(PARTNERS, 2):
        folder = SUITE / f"{source}-{target}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, case in _cases(source, target):
            text = jsontext.write(case, indent=2) + b"\n"
            (folder / f"{name}.json").write_bytes(text)
            sys.stdout.write(f"{folder.name}/{name}\n")


def _cases(source: str, target: str) -> list[tuple[str, dict[str, Any]]]:
    example = f"{source}/examples/createOrder.request.main.json"
    supply = f"{target}/supplies/{source}.yaml"
    cases = [("main", _case(source, target, example, None))]
    if (OPENAPI / supply).is_file():
        cases.append(("supplied", _case(source, target, example, supply)))
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
    return {name: row[name] for name in _SHOWN if name in row}


if __name__ == "__main__":
    main()
