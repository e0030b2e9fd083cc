"""What `import orderbridge` promises."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import orderbridge
from orderbridge.problem import CODES, LEVELS


def test_everything_promised_is_there_and_nothing_else() -> None:
    assert orderbridge.__all__ == sorted(orderbridge.__all__)
    assert [name for name in orderbridge.__all__ if getattr(orderbridge, name, None) is None] == []
    assert sorted(name for name in dir(orderbridge) if not name.startswith("_")) == sorted(orderbridge.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = orderbridge.nothing


def test_every_exception_of_ours_is_one_family() -> None:
    family = [name for name in orderbridge.__all__ if name.endswith("Error")]
    assert [name for name in family if not issubclass(getattr(orderbridge, name), orderbridge.OrderbridgeError)] == []


def test_an_unknown_partner_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(orderbridge.UnknownPartnerError, match="did you mean 'unisouk'"):
        orderbridge.partner("unisuk")


def test_a_partner_gives_its_contract_and_operations() -> None:
    partner = orderbridge.partner("unisouk")
    assert partner is orderbridge.partner("unisouk")
    assert partner.name == partner.contract.name == "unisouk"
    assert "createOrder" in partner.operations


def test_codes_are_sorted_kebab_case_and_described() -> None:
    assert list(CODES) == sorted(CODES)
    assert [code for code in CODES if code != code.lower() or "_" in code or " " in code] == []
    assert [code for code, entry in CODES.items() if not (entry.title and entry.why and entry.fix)] == []


def test_levels_go_from_strong_to_weak() -> None:
    assert LEVELS == ("seed", "documented", "observed", "inferred")


def test_every_module_can_be_imported_by_itself() -> None:
    names = [module.name for module in pkgutil.walk_packages(orderbridge.__path__, "orderbridge.")]
    for name in names:
        importlib.import_module(name)
    assert "orderbridge.validation.validator" in names
