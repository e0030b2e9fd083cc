"""The rules of mappings: what each finds, what it leaves alone, and where its findings stand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from orderbridge.contract.catalogue import catalogue
from orderbridge.linting import lint_mapping, lint_partner
from orderbridge.mapping.lint.rules import RULES
from orderbridge.problem import CODES

if TYPE_CHECKING:
    from orderbridge.problem import Problem

CONTRACT: Final = """\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    post:
      operationId: createOrder
      parameters:
        - {name: X-Store, in: header, required: true, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
            examples:
              one: {value: {number: n, state: new, lines: [{sku: a, code: x}, {sku: a, code: x}]}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Made'}}}}
        '400': {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/No'}}}}
        '404': {description: Refused, content: {application/json: {schema: {$ref: '#/components/schemas/No'}}}}
components:
  schemas:
    Order:
      type: object
      required: [number, state]
      properties:
        number: {type: string}
        alias: {type: string}
        state: {type: string, enum: [new, done]}
        total: {type: number}
        count: {type: integer}
        currency: {type: string}
        gift: {type: boolean}
        card_token: {type: string, x-secret: true}
        token: {type: string}
        made_at: {type: string, readOnly: true}
        buyer: {$ref: '#/components/schemas/Person'}
        payer: {$ref: '#/components/schemas/Person'}
        lines: {type: array, items: {$ref: '#/components/schemas/Line'}}
        fees: {type: array, items: {$ref: '#/components/schemas/Fee'}}
        discounts: {type: array, items: {$ref: '#/components/schemas/Fee'}}
        extra: {type: object, additionalProperties: true}
        rows: {type: array, items: {type: object, properties: {sku: {type: string}, old: {type: string}}}}
        half: {type: object, properties: {known: {type: string}}, additionalProperties: true}
    Person:
      type: object
      properties: {first: {type: string}, last: {type: string}, mail: {type: string}}
      additionalProperties: false
    Line:
      type: object
      required: [sku]
      properties:
        sku: {type: string}
        code: {type: string}
        id: {type: string}
        size: {type: string, enum: [s, m]}
        parts: {type: array, items: {$ref: '#/components/schemas/Line'}}
    Fee: {type: object, properties: {kind: {type: string}, amount: {type: number}}}
    Made:
      type: object
      properties: {id: {type: string}, uid: {type: string}, at: {type: string}, ms: {type: integer}}
    No: {type: object, properties: {text: {type: string}}}
"""

MAPPING: Final = """\
map: 1
partner: shop
version: "1"
hub: order/1
identity: [number]
context: {locale: en}
slot: {path: extra.bridge, holds: text, max: 60000}
shapes:
  person: {first: given, last: family}
tables:
  state: {new: created, done: completed}
request:
  number: {to: number, need: your own number}
  alias: {leave: no concept elsewhere}
  state: {to: status, table: state, fill: {value: new}}
  total: {to: totals.total, as: decimal}
  count: {leave: duplicate}
  currency: {to: currency, as: currency}
  gift: {leave: no concept elsewhere}
  token: {leave: no concept elsewhere}
  made_at: {leave: server-side}
  buyer: {use: [person], at: buyer}
  buyer.mail: buyer.email
  payer: {use: [person], at: bill_to}
  payer.mail: bill_to.email
  lines: {each: lines, nest: parts, key: id}
  lines.*.sku: {to: sku, need: the SKU}
  lines.*.code: product_id
  lines.*.id: id
  lines.*.size: {leave: no concept elsewhere}
  fees: {each: adjustments, where: {kind: fee}, key: kind}
  fees.*.kind: type
  fees.*.amount: {to: amount, as: decimal}
  discounts: {each: adjustments, where: {kind: discount}, key: kind}
  discounts.*.kind: type
  discounts.*.amount: {to: amount, as: decimal}
  rows: {leave: duplicate}
  extra: {tree: attributes}
  half: {leave: unknown members}
response:
  id: id
  uid: uuid
  at: {to: created_at, as: instant}
  ms: {to: created_at, as: epoch_ms}
errors:
  status: {invalid: 400, not_found: 404}
  body: {text: message}
headers:
  x-store: {to: seller.site_id, need: the store}
  x-trace: {leave: server-side}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make the folder of a made-up partner whose mapping is without fault."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(CONTRACT, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


def lint(folder: Path) -> list[Problem]:
    return lint_mapping(catalogue([folder]), folder.name)


def changed(folder: Path, *changes: tuple[str, str], file: str = "mapping.yaml") -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_mapping_without_fault_has_no_problems(shop: Path) -> None:
    assert lint(shop) == []


def table(*rows: str) -> tuple[str, str]:
    """Write the value table in its long form."""
    return "  state: {new: created, done: completed}", "  state:" + "".join(f"\n    - {row}" for row in rows)


FEES: Final = """\
  fees: {each: adjustments, where: {kind: fee}, key: kind}
  fees.*.kind: type
  fees.*.amount: {to: amount, as: decimal}
"""
DISCOUNTS: Final = FEES.replace("kind: fee", "kind: discount").replace("fees", "discounts")
EITHER: Final = "  either:\n    adjustments:\n" + "".join(
    f"      - {{{name}: {{each: adjustments}}, {name}.*.kind: type, {name}.*.amount: {{to: amount, as: decimal}}}}\n"
    for name in ("fees", "discounts")
)

# Each case: the code, the lines of the changed mapping that problems stand in, and the changes.
CASES: Final[list[tuple[str, list[str], list[tuple[str, str]]]]] = [
    ("lint-mapping-unmentioned", ["number: {to: number, need: your own number}"],
     [("  alias: {leave: no concept elsewhere}\n", "")]),
    ("lint-mapping-unmentioned", ["lines: {each: lines, nest: parts, key: id}"],
     [("  lines.*.code: product_id\n", "")]),
    ("lint-mapping-unmentioned", ["number: {to: number, need: your own number}"],
     [("  made_at: {leave: server-side}\n", "")]),
    ("lint-mapping-unmentioned", ["id: id"], [("  uid: uuid\n", "")]),
    ("lint-mapping-unmentioned", ["x-store: {to: seller.site_id, need: the store}"],
     [("  x-trace: {leave: server-side}\n", "")]),
    ("lint-mapping-unmentioned", ["body: {code: code}"], [("body: {text: message}", "body: {code: code}")]),
    ("lint-mapping-unknown-path", ["body: {code: code}"], [("body: {text: message}", "body: {code: code}")]),
    ("lint-mapping-unknown-path", ["alais: name"], [("  alias: {leave", "  alais: name\n  alias: {leave")]),
    ("lint-mapping-unknown-path", ["alias: {to: name, aka: [alais]}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, aka: [alais]}")]),
    ("lint-mapping-unknown-path", ["lines.*.colour: name"],
     [("  lines.*.code", "  lines.*.colour: name\n  lines.*.code")]),
    ("lint-mapping-unknown-path", ["fees: {each: adjustments, where: {kind: fee}, key: kinds}"],
     [("{kind: fee}, key: kind}", "{kind: fee}, key: kinds}")]),
    ("lint-mapping-unknown-path", ["lines.*.code: {to: shipment, ref: groups, key: id}"],
     [("lines.*.code: product_id", "lines.*.code: {to: shipment, ref: groups, key: id}")]),
    ("lint-mapping-unknown-path", ["count: {leave: duplicate, fill: {derive: count, of: line}}"],
     [("count: {leave: duplicate}", "count: {leave: duplicate, fill: {derive: count, of: line}}")]),
    ("lint-mapping-unknown-path", ["status: {invalid: 400, not_found: 410}"], [("not_found: 404", "not_found: 410")]),
    ("lint-mapping-path-twice", ["alias: {to: name, aka: [number]}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, aka: [number]}")]),
    ("lint-mapping-path-twice", ["more: {mail: email, first: name}"],
     [("tables:", "  more: {mail: email, first: name}\ntables:"), ("  buyer.mail: buyer.email\n", ""),
      ("buyer: {use: [person], at: buyer}", "buyer: {use: [person, more], at: buyer}")]),
    ("lint-mapping-leaf-twice", ["alias: number"], [("alias: {leave: no concept elsewhere}", "alias: number")]),
    ("lint-mapping-leaf-twice", ["uid: id"], [("uid: uuid", "uid: id")]),
    ("lint-mapping-leaf-twice", ["half: {tree: attributes}"],
     [("half: {leave: unknown members}", "half: {tree: attributes}")]),
    ("lint-mapping-declared", ["lines.*: {rest: attributes}"],
     [("parts, key: id}", "parts, key: id, aka: [rows]}\n  lines.*: {rest: attributes}"),
      ("  rows: {leave: duplicate}\n", "")]),
    ("lint-mapping-unmentioned", ["half: {tree: attributes}"],
     [("half: {leave: unknown members}", "half: {tree: attributes}"),
      ("extra: {tree: attributes}", "extra: {leave: unknown members}")]),
    ("lint-mapping-secret", ["card_token: name"], [("  token: {leave", "  card_token: name\n  token: {leave")]),
    ("lint-mapping-secret", ["token: name"], [("  token: {leave: no concept elsewhere}", "  token: name")]),
    ("lint-mapping-guard", ["alias: {to: name, when: {gift: true}}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, when: {gift: true}}")]),
    ("lint-mapping-slot", ["slot: {path: alias, holds: text, max: 60000}"], [("path: extra.bridge", "path: alias")]),
    ("lint-mapping-slot", ["slot: {path: buyer.bridge, holds: text, max: 60000}"],
     [("path: extra.bridge", "path: buyer.bridge")]),
    ("lint-mapping-slot", ["slot: {path: nowhere.bridge, holds: text, max: 60000}"],
     [("path: extra.bridge", "path: nowhere.bridge")]),
    ("lint-mapping-identity", ["identity: [number, alias]"], [("identity: [number]", "identity: [number, alias]")]),
    ("lint-mapping-where", ["discounts: {each: adjustments, key: kind}"], [("where: {kind: discount}, ", "")]),
    ("lint-mapping-where", ["discounts: {each: adjustments, where: {level: order}, key: kind}"],
     [("where: {kind: discount}", "where: {level: order}")]),
    ("lint-mapping-where", ["alias: lines.0.name"], [("alias: {leave: no concept elsewhere}", "alias: lines.0.name")]),
    ("lint-mapping-codec", ["total: {to: totals.total, as: decimal_text}"],
     [("{to: totals.total, as: decimal}", "{to: totals.total, as: decimal_text}")]),
    ("lint-mapping-codec", ["count: {to: totals.tax, as: decimal}"],
     [("count: {leave: duplicate}", "count: {to: totals.tax, as: decimal}")]),
    ("lint-mapping-codec", ["gift: name"], [("gift: {leave: no concept elsewhere}", "gift: name")]),
    ("lint-mapping-codec", ["alias: {to: name, also: [count]}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, also: [count]}"),
      ("  count: {leave: duplicate}\n", "")]),
    ("lint-mapping-value", ["state: {new: created, done: completed, gone: cancelled}"],
     [("done: completed}", "done: completed, gone: cancelled}")]),
    ("lint-mapping-value", ["state: {new: created, done: complete}"], [("done: completed}", "done: complete}")]),
    ("lint-mapping-value", ["state: {to: status, table: state, fill: {value: old}}"],
     [("{value: new}", "{value: old}")]),
    ("lint-mapping-value", ["alias: {to: name, when: {state: old}}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, when: {state: old}}")]),
    ("lint-mapping-value", ["fees: {each: adjustments, where: {kind: fees}, key: kind}"],
     [("{kind: fee}", "{kind: fees}")]),
    ("lint-mapping-value", ["context: {locale: english}"], [("locale: en}", "locale: english}")]),
    ("lint-mapping-value", ["status: {invalid: 400, missing: 404}"], [("not_found: 404", "missing: 404")]),
    ("lint-mapping-ambiguous-row", ["- {from: done, to: created}"],
     [table("{from: new, to: created}", "{from: done, to: created}")]),
    ("lint-mapping-ambiguous-row", ["- {from: new, to: confirmed, lossy: less}"],
     [table("{from: new, to: created}", "{from: new, to: confirmed, lossy: less}", "{from: done, to: completed}")]),
    ("lint-mapping-ambiguous-row", ["- {from: done, to: created, preferred: true}"],
     [table("{from: new, to: created, preferred: true}", "{from: done, to: created, preferred: true}")]),
    ("lint-mapping-sample", ["- {from: new, to: confirmed}"],
     [table("{from: new, to: created, preferred: true}", "{from: new, to: confirmed}", "{from: done, to: completed}")]),
    ("lint-mapping-enum-row", ["state: {to: status, table: state, fill: {value: new}}"], [(", done: completed", "")]),
    ("lint-mapping-key", ["lines: {each: lines, nest: parts}"], [("nest: parts, key: id}", "nest: parts}")]),
    ("lint-mapping-key", ["lines: {each: lines, nest: parts, key: size}"] * 2,
     [("parts, key: id}", "parts, key: size}")]),
    ("lint-mapping-key", ["lines: {each: lines, nest: parts, key: code}"], [("parts, key: id}", "parts, key: code}")]),
    ("lint-mapping-codec", ["at: {to: created_at, as: date}"],
     [("at: {to: created_at, as: instant}", "at: {to: created_at, as: date}")]),
    ("lint-mapping-codec", ["alias: {to: locale, as: country}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: locale, as: country}")]),
    ("lint-mapping-unlisted", ["lines.*.size: name"], [("size: {leave: no concept elsewhere}", "size: name")]),
    ("lint-mapping-unlisted", ["state: {to: status, as: text, fill: {value: new}}"],
     [("{to: status, table: state, fill", "{to: status, as: text, fill")]),
    ("lint-mapping-unlisted", ["alias: {to: name, also: [state]}"],
     [("alias: {leave: no concept elsewhere}", "alias: {to: name, also: [state]}"),
      ("  state: {to: status, table: state, fill: {value: new}}\n", "")]),
    ("lint-mapping-unlisted", ['state: {to: status, table: state, fill: {text: "{name}"}}'],
     [("fill: {value: new}", 'fill: {text: "{name}"}')]),
    ("lint-mapping-unlisted", ["lines.*.size: {leave: no concept elsewhere, fill: {derive: key}}"],
     [("size: {leave: no concept elsewhere}", "size: {leave: no concept elsewhere, fill: {derive: key}}")]),
    ("lint-mapping-refusal", ["body: {text: {to: status, as: integer}}"],
     [("body: {text: message}", "body: {text: {to: status, as: integer}}")]),
    ("lint-mapping-unfed", ["number: number"], [("number: {to: number, need: your own number}", "number: number")]),
    ("lint-mapping-unfed", ["number: {leave: server-side}"],
     [("number: {to: number, need: your own number}", "number: {leave: server-side}"), ("identity: [number]\n", "")]),
    ("lint-mapping-unfed", ["lines.*.sku: sku"], [("{to: sku, need: the SKU}", "sku")]),
    ("lint-mapping-unfed", ["x-store: seller.site_id"], [("{to: seller.site_id, need: the store}", "seller.site_id")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "lines", "changes"), CASES)
def test_a_rule_finds_what_it_is_about(code: str, lines: list[str], changes: list[tuple[str, str]], shop: Path) -> None:
    text = changed(shop, *changes).joinpath("mapping.yaml").read_text(encoding="utf-8").splitlines()
    found = lint(shop)
    assert [text[(each.line or 0) - 1].strip() for each in found if each.code == code] == lines
    assert {each.file for each in found} == {str(shop / "mapping.yaml")}
    assert {each.severity for each in found if each.code == code} == {SEVERITIES[code]}
    assert all(each.message and each.fix for each in found)


SEVERITIES: Final = {rule.code: rule.severity for rule in RULES}

# Changes that one might take for faults.
INNOCENT: Final[list[list[tuple[str, str]]]] = [
    # Leaving a container covers it, and lines below it are exceptions.
    [("  half: {leave: unknown members}", "  half: {leave: unknown members}\n  half.known: name")],
    # What is left without a word on secrets, and what is a secret.
    [("  token: {leave", "  card_token: {leave: duplicate}\n  token: {leave")],
    # An exception under a condition beside the rule.
    [("alias: {leave: no concept elsewhere}", "alias: {to: number, when: {state: done}}")],
    # A twin, and another spelling.
    [("{to: number, need: your own number}", "{to: number, need: your own number, also: [alias]}"),
     ("  alias: {leave: no concept elsewhere}\n", "")],
    [("{to: number, need: your own number}", "{to: number, need: your own number, aka: [alias]}"),
     ("  alias: {leave: no concept elsewhere}\n", "")],
    # Alternatives of one list.
    [(FEES, EITHER), (DISCOUNTS, "")],
    # A value that the contract lists and that means nothing.
    [table("{from: new, to: created}", "{from: done, leave: no concept elsewhere}")],
    # Several spellings of one meaning, several meanings of one word.
    [table("{from: new, to: created, preferred: true}", "{from: done, to: created}")],
    [table("{from: new, to: created, preferred: true}", "{from: new, to: confirmed, lossy: less}",
           "{from: done, to: completed}")],
    # Names of headers have no case.
    [("x-trace: {leave: server-side}", "X-Trace: {leave: server-side}")],
    # A required member that is always written, or whose list is explained.
    [("number: {to: number, need: your own number}", "number: {to: number, fill: {derive: key}}")],
    [("{to: sku, need: the SKU}", "sku"), ("parts, key: id}", "parts, key: id, need: the lines}")],
    # An object that stands for a list of one; free members beside declared ones.
    [("{kind: fee}, key: kind}", "{kind: fee}, key: kind, bare: true}")],
    [("  half: {leave: unknown members}", "  half: {tree: attributes}\n  half.known: name"),
     ("extra: {tree: attributes}", "extra: {leave: unknown members}")],
    # A listed member that is only ever written one of its values.
    [("size: {leave: no concept elsewhere}", "size: {leave: no concept elsewhere, fill: {value: s}}")],
    # A free member with a meaning of its own.
    [("  extra: {tree: attributes}", "  extra: {tree: attributes}\n  extra.title: name")],
]  # fmt: skip


@pytest.mark.parametrize("changes", INNOCENT)
def test_what_is_right_is_left_alone(changes: list[tuple[str, str]], shop: Path) -> None:
    assert lint(changed(shop, *changes)) == []


KINDS: Final = "invalid, unauthenticated, forbidden, not_found, conflict, too_large, unsupported, unavailable, internal"
FEE: Final = "Fee: {type: object, properties: {kind: {type: string"


@pytest.mark.parametrize(
    ("contract", "mapping", "written"),
    [
        # What the mapping states of all rows, and what the hub lists of its own leaf.
        ((FEE, f"{FEE}, enum: [fee, discount]"),
         [("fees.*.kind: type", "fees.*.kind: {to: kind, as: text}"),
          ("discounts.*.kind: type", "discounts.*.kind: {to: kind, as: text}")], None),
        (("text: {type: string}", f"text: {{type: string, enum: [{KINDS}]}}"),
         [("{text: message}", "{text: {to: kind, as: text}}")], None),
        (("text: {type: string}", f"text: {{type: string, enum: [{KINDS}]}}"),
         [("{text: message}", '{text: {leave: duplicate, fill: {text: "{kind}"}}}')], None),
        (("text: {type: string}", "text: {type: string, enum: [invalid, internal]}"),
         [("{text: message}", "{text: {to: kind, as: text}}")],
         ("the codec `text` can write 'unauthenticated', 'forbidden', 'not_found', 'conflict', 'too_large' and 2 more, "
          "and the contract lists 'invalid', 'internal' at `text`")),
        # Of a list of values the contract lists the elements.
        (("{type: object, additionalProperties: true}", "{type: array, items: {type: string, enum: [a]}}"),
         [("slot: {path: extra.bridge, holds: text, max: 60000}\n", ""),
          ("extra: {tree: attributes}", "extra: {to: buyer.street, as: texts}")],
         "the codec `texts` can write other values, and the contract lists 'a' at `extra`"),
        # What is not documented is not refused.
        (("size: {type: string, enum: [s, m]}", "size: {type: string, enum: [s, m], x-evidence: observed}"),
         [("size: {leave: no concept elsewhere}", "size: name")], None),
    ],
)  # fmt: skip
def test_what_a_line_can_write_is_known_from_the_mapping_and_the_hub(
    contract: tuple[str, str], mapping: list[tuple[str, str]], written: str | None, shop: Path
) -> None:
    changed(shop, contract, file="openapi.yaml")
    found = lint(changed(shop, *mapping))
    assert [each.message for each in found if each.code == "lint-mapping-unlisted"] == [written] * (written is not None)
    # What an error line writes beyond the list shows in the refusals too.
    beside = {"lint-mapping-leaf-twice", "lint-mapping-key", "lint-mapping-refusal"}
    assert {each.code for each in found} <= {"lint-mapping-unlisted", *beside}


NO: Final = "No: {type: object, properties: {text: {type: string}}}"
NO_CODE: Final = "No: {type: object, required: [code], properties: {text: {type: string}, code: {type: string}}}"
NO_PLACES: Final = """No:
      type: object
      properties:
        text: {type: string}
        faults: {type: array, items: {type: object, required: [path], properties: {path: {type: string}}}}"""
BODY: Final = "body: {text: message}"
LONG: Final = '"GONE" has 4; the contract wants at most 3 characters'
LACKS_CODE: Final = "in a refusal with the status 400, 404, `code` is missing, and required there"


@pytest.mark.parametrize(
    ("contract", "body", "codes", "found"),
    [
        (NO_CODE, "body: {text: message, code: code}", {}, [LACKS_CODE]),
        (NO_CODE, "body: {text: message, code: {leave: duplicate}}", {}, [LACKS_CODE]),
        (NO_CODE, 'body: {text: message, code: {to: code, fill: {text: "{kind}"}}}', {}, []),
        (NO_CODE, "body: {text: message, code: code}", {"400": "BAD", "404": "GONE"}, []),
        (NO_CODE, "body: {text: message, code: code}", {"400": "BAD"}, [LACKS_CODE.replace("400, ", "")]),
        (NO_CODE.replace("code: {type: string}", "code: {type: string, maxLength: 3}"),
         'body: {text: message, code: {to: code, fill: {text: "{status}"}}}', {"404": "GONE"},
         [f"in a refusal with the status 404, `code` breaks the contract: {LONG}"]),
        (NO_CODE.replace("x-", "").replace("type: object, ", "type: object, x-evidence: observed, "),
         "body: {text: message, code: code}", {}, []),
        (NO_PLACES, "body: {text: message, faults: {each: errors}, faults.*.path: pointer}", {},
         ["in a refusal with the status 400, 404, `faults.*.path` is missing, and required there"]),
        (NO_PLACES, "body: {text: message, faults: {each: errors}, faults.*.path: {to: pointer, fill: {value: x}}}", {},
         []),
    ],
)  # fmt: skip
def test_a_refusal_that_says_little_keeps_the_contract(
    contract: str, body: str, codes: dict[str, str], found: list[str], shop: Path
) -> None:
    changed(shop, (NO, contract), file="openapi.yaml")
    if codes:
        (shop / "behaviour.yaml").write_text(
            f"behaviour: 1\npartner: shop\ncodes: {json.dumps(codes)}\n", encoding="utf-8"
        )
    problems = lint(changed(shop, (BODY, body)))
    assert [each.message for each in problems] == found
    assert {each.code for each in problems} <= {"lint-mapping-refusal"}


HINT: Final = "{type: object, required: [name, text], properties: {name: {type: string}, text: {type: string}}}"
LEFT: Final = "hints: {leave: no concept elsewhere}"
SELECTED: Final = "hints.name=box.text: notes.0.text"


@pytest.mark.parametrize(
    ("lines", "unfed"),
    [
        # A list that is left is never made, and of an element that its one line makes nothing else can be missing.
        ([LEFT], []),
        ([LEFT, SELECTED], []),
        (["hints: {each: notes}", "hints.*.text: text", "hints.*.name: author"], ["text", "name"]),
        (["hints: {each: notes}", "hints.*.text: text", "hints.*.name: {leave: duplicate}"], ["text", "name"]),
        ([LEFT, SELECTED, "hints.name=bag.text: shipments.0.instructions"], []),
    ],
)
def test_what_is_never_made_lacks_nothing(lines: list[str], unfed: list[str], shop: Path) -> None:
    changed(
        shop,
        ("        gift: {type", f"        hints: {{type: array, items: {HINT}}}\n        gift: {{type"),
        file="openapi.yaml",
    )
    changed(shop, ("  gift: {leave", "".join(f"  {line}\n" for line in lines) + "  gift: {leave"))
    found = [each.message for each in lint(shop) if each.code == "lint-mapping-unfed"]
    assert sorted(found) == [
        f"`hints.*.{name}` is required, and has neither `fill` nor `need`" for name in sorted(unfed)
    ]


def test_every_rule_has_a_case_and_a_code() -> None:
    codes = {rule.code for rule in RULES}
    assert codes == {code for code, _, _ in CASES}
    assert codes <= CODES.keys()


LAW: Final = "lint-mapping-law"


def test_an_example_that_is_not_read_again_breaks_a_law(shop: Path) -> None:
    one = "      examples:\n              one:".strip()
    example = "two: {value: {number: n, state: new, lines: [], count: 2, alias: x}}"
    changed(shop, (one, f"examples:\n              {example}\n              one:"), file="openapi.yaml")
    assert lint(shop) == []
    changed(
        shop,
        ("count: {leave: duplicate}", "count: {leave: duplicate, fill: {value: 1}}"),
        ("alias: {leave: no concept elsewhere}", "alias: {to: name, when: {count: 2}}"),
    )
    (found,) = lint(shop)
    assert (found.code, found.severity, found.file, found.line) == (LAW, "error", str(shop / "mapping.yaml"), 1)
    assert found.message == "the example 'two', at name: it is not read back as it was read"


def test_laws_are_not_asked_of_a_mapping_with_errors(shop: Path) -> None:
    changed(shop, ("gift: {leave: no concept elsewhere}", "gift: name"))
    assert [each.code for each in lint(shop)] == ["lint-mapping-codec"]


def test_a_problem_points_into_the_file(shop: Path) -> None:
    (found,) = lint(changed(shop, ("gift: {leave: no concept elsewhere}", "gift: name")))
    assert (found.line, found.column, found.pointer) == (19, 9, "/request/gift")
    assert found.message == "the codec `text` writes string, and the contract has boolean at `gift`"


def test_a_row_of_a_table_is_pointed_at(shop: Path) -> None:
    (found,) = lint(changed(shop, ("done: completed}", "done: complete}")))
    assert (found.line, found.column, found.pointer) == (11, 31, "/tables/state/done")


def test_what_the_loader_refuses_is_one_problem(shop: Path) -> None:
    (found,) = lint(changed(shop, ("buyer.mail: buyer.email", "buyer.mail: buyer.mail")))
    assert (found.code, found.severity, found.line, found.column) == ("lint-mapping-document", "error", 23, 15)
    assert "the hub has no leaf 'buyer.mail' here; did you mean" in found.message
    assert found.file == str(shop / "mapping.yaml")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("  gift: {leave", "\tgift: {leave", (19, 1)),
        ("  gift: {leave", "  alias: name\n  gift: {leave", (19, 3)),
        ("  gift: {leave", "  gift: {{leave", (19, 10)),
    ],
)
def test_what_is_no_yaml_is_one_problem_and_concerns_nobody_else(
    old: str, new: str, place: tuple[int, int], shop: Path
) -> None:
    (found,) = lint(changed(shop, (old, new)))
    assert (found.code, found.file) == ("lint-mapping-document", str(shop / "mapping.yaml"))
    assert (found.line, found.column) == place
    known = catalogue([shop])
    assert known.contract("shop").operation().id == "createOrder"
    assert lint_mapping(known, "unisouk") == []


def test_a_folder_without_a_mapping_has_nothing_to_find(shop: Path) -> None:
    (shop / "mapping.yaml").unlink()
    assert lint(shop) == []


def test_faults_of_a_contract_and_its_mapping_are_told_together(shop: Path) -> None:
    changed(shop, ("  alias: {leave: no concept elsewhere}\n", ""))
    found = lint_partner(catalogue([shop]), "shop")
    files = {each.code: Path(each.file or "").name for each in found}
    assert files["lint-mapping-unmentioned"] == "mapping.yaml"
    assert files["lint-unmarked-secret"] == "openapi.yaml"


def test_what_an_overlay_changes_is_found_in_the_overlay(shop: Path) -> None:
    overlay = shop.parent / "myshop"
    overlay.mkdir()
    (overlay / "mapping.yaml").write_text(
        "map: 1\nextends: shop\nrequest:\n  gift: name\n  alias: null\n", encoding="utf-8"
    )
    found = lint_mapping(catalogue([shop, overlay]), "myshop")
    assert [(each.code, each.file, each.line) for each in found] == [
        ("lint-mapping-unmentioned", str(overlay / "mapping.yaml"), 4),
        ("lint-mapping-codec", str(overlay / "mapping.yaml"), 4),
    ]


def test_weak_lists_of_values_are_known_too(shop: Path) -> None:
    old = "state: {type: string, enum: [new, done]}"
    new = "state: {type: string, anyOf: [{enum: [new]}, {enum: [done]}, {}]}"
    changed(shop, (old, new), file="openapi.yaml")
    assert lint(changed(shop, ("done: completed}", "done: completed, gone: cancelled}"))) == []


@pytest.mark.parametrize("name", [entry.name for entry in catalogue().partners])
def test_the_mappings_of_the_built_in_partners_are_without_fault(name: str) -> None:
    assert [f"{each.line}: {each.message}" for each in lint_mapping(catalogue(), name)] == []


def test_a_copied_partner_is_as_clean_as_the_original(tmp_path: Path) -> None:
    original = catalogue().partners[0]
    shutil.copytree(original.folder, tmp_path / "copied")
    text = (tmp_path / "copied" / "mapping.yaml").read_text(encoding="utf-8")
    (tmp_path / "copied" / "mapping.yaml").write_text(text.replace(f"partner: {original.name}", "partner: copied"))
    known = catalogue([tmp_path / "copied"])
    assert lint_mapping(known, "copied") == [] == lint_mapping(known, original.name)
