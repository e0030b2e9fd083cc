"""The partners that our own API can speak of: those that are served, and all others of the same catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from orderbridge import api
from orderbridge.contract.catalogue import catalogue
from orderbridge.contract.operations import read_operations
from orderbridge.errors import UnknownPartnerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderbridge.api import Partner
    from orderbridge.contract.catalogue import Catalogue
    from orderbridge.contract.contract import Contract
    from orderbridge.server.http import Answer

OWN: Final = "_orderbridge"
_PUBLIC: Final = OWN.removeprefix("_")


@dataclass(frozen=True)
class Known:
    """Partners by name, each loaded when it is first asked for."""

    catalogue: Catalogue
    prefixes: Mapping[str, str]
    own: Partner
    _loaded: dict[str, Partner] = field(repr=False)
    pages: dict[str, Answer] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, partners: Sequence[Partner], prefixes: Mapping[str, str]) -> Known:
        """Know the partners that are served, and whom their catalogue has beside them."""
        whole = next((each.known for each in partners if each.known is not None), None) or catalogue()
        own = api.Partner(whole.contract(OWN), whole)
        return cls(whole, prefixes, own, {each.name: each for each in partners})

    @property
    def names(self) -> list[str]:
        """All partners, in the order of their names."""
        return sorted({*(each.name for each in self.catalogue.partners), *self.prefixes})

    def check(self, name: str) -> None:
        """See to it that there is a partner of a name.

        Raises:
            UnknownPartnerError: there is none.

        """
        if name not in self.names:
            raise UnknownPartnerError(name[:100], self.names)

    def partner(self, name: str) -> Partner:
        """Give a partner.

        Raises:
            UnknownPartnerError: there is none of that name.
            DocumentError: its contract cannot be used.

        """
        if name not in self._loaded:
            self.check(name)
            entry = self.catalogue.entry(name)
            self._loaded[name] = (
                api.partner(name) if entry.built_in else api.Partner(self.catalogue.contract(name), self.catalogue)
            )
        return self._loaded[name]

    def documented(self, name: str) -> Contract:
        """Give the contract of a partner, or ours by our public name.

        Raises:
            UnknownPartnerError: there is none of that name.
            DocumentError: the contract cannot be used.

        """
        return self.described if name == _PUBLIC and name not in self.names else self.partner(name).contract

    @cached_property
    def described(self) -> Contract:
        """Our own contract with the names that may stand where a name is asked for.

        To be read by people and by tools that make requests from it. What a name that is not among them gets is still
        the answer for an unknown partner, so that requests are checked without the list.
        """
        contract = self.own.contract
        components = contract.document["components"]
        schemas = dict(components["schemas"])
        for schema, names in (("PartnerName", self.names), ("ContractName", self.documents)):
            schemas[schema] = {**schemas[schema], "enum": names}
        document = {**contract.document, "components": {**components, "schemas": schemas}}
        return replace(contract, document=document, operations=read_operations(document), _levels={}, _converted={})

    @property
    def documents(self) -> list[str]:
        """The names of all contracts: the partners', then ours."""
        return [*self.names, *([] if _PUBLIC in self.names else [_PUBLIC])]
