"""The figures of translation that may not fall: which edits come home, what survives without a ticket, what is mapped.

`tests/data/translation_figures.json` holds them; `python -m tools.translation_figures` writes it again.
"""

from __future__ import annotations

import sys
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from orderbridge import api, jsontext, laws
from orderbridge.contract.members import spot
from orderbridge.mapping.survey import Cover, survey
from tools.translate_suite import OPENAPI, PARTNERS

FIGURES: Final = Path(__file__).parent.parent / "tests" / "data" / "translation_figures.json"


def main() -> None:
    """Work the figures out, write them and show them."""
    found = figures()
    FIGURES.write_bytes(jsontext.write(found, indent=2) + b"\n")
    sys.stdout.write(text(found))


def figures() -> dict[str, Any]:
    """Work out every figure on the main examples."""
    sides = {name: api.partner(name).side for name in PARTNERS}
    found: dict[str, Any] = {"edits": {}, "survives": {}, "mapped": {}}
    for source, target in permutations(PARTNERS, 2):
        order = _main(source)
        done = [edit for edit, _ in laws.edits(sides[source], sides[target], order)]
        found["edits"][f"{source}-{target}"] = [sum(edit.returns for edit in done), len(done)]
        found["survives"][f"{source}-{target}"] = list(laws.survives(sides[source], sides[target], order))
    for name in PARTNERS:
        found["mapped"][name] = list(mapped(name))
    return found


def mapped(name: str) -> tuple[int, int]:
    """Count the leaves of a partner's order that its mapping gives a meaning, and all."""
    side = api.partner(name).side
    cover = Cover.of(survey(side.section("request")))
    rows = [steps for steps, at in spot(side.contract, side.schema_pointer("request")).leaves() if not at.is_secret]
    return sum(any(seen.hub is not None for seen in cover.of_leaf(steps)) for steps in rows), len(rows)


def text(found: dict[str, Any]) -> str:
    """Show figures as a table."""
    lines = [f"{'pair':26} edits that come home   leaves that survive"]
    for pair, (home, of) in found["edits"].items():
        kept, all_ = found["survives"][pair]
        lines.append(f"{pair:26} {home:4} of {of:<14} {kept:4} of {all_}")
    totals = [sum(each) for each in zip(*found["edits"].values(), strict=True)]
    lines.append(f"{'all':26} {totals[0]:4} of {totals[1]}")
    lines += [f"{name:26} {some} of {all_} contract leaves mapped" for name, (some, all_) in found["mapped"].items()]
    return "\n".join(lines) + "\n"


def _main(name: str) -> Any:
    value, _ = jsontext.read((OPENAPI / name / "examples" / "createOrder.request.main.json").read_bytes())
    return value


if __name__ == "__main__":
    main()
