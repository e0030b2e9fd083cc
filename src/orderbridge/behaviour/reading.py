"""A behaviour file to frozen effects: every fault with its place, and what would be right.

What cannot mean anything is refused here; what the contract would not take is for `lint` to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.behaviour.effects import (
    ORDER,
    OWN_ROOTS,
    REQUEST_ROOTS,
    Behaviour,
    Case,
    Condition,
    Find,
    Kind,
    Name,
    Put,
    Sum,
    Take,
)
from orderbridge.behaviour.lines import LineReader
from orderbridge.contract.catalogue import MAPPING
from orderbridge.contract.files import read_document
from orderbridge.contract.members import spot
from orderbridge.mapping.draft import Raw, suggestion
from orderbridge.mapping.hub import hub_scope
from orderbridge.mapping.lines import origin_of
from orderbridge.mapping.notation import ROWS
from orderbridge.mapping.reading import HUB, load_draft
from orderbridge.mapping.sections import SectionReader
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path as FilePath

    from orderbridge.behaviour.effects import Does, Line
    from orderbridge.behaviour.house import House
    from orderbridge.contract.catalogue import Catalogue
    from orderbridge.contract.contract import Contract
    from orderbridge.mapping.draft import Draft, Lines
    from orderbridge.mapping.operations import Section
    from orderbridge.problem import Evidence

BEHAVIOUR: Final = "behaviour.yaml"
_MEMBERS: Final = ("behaviour", "partner", "same", "codes", "records", "operations", "fixtures")
_KIND: Final = ("id", "names", "schema", "hub", "repeat", "show")
_NAME: Final = ("from", "make", "taken", "hidden")
_CASE: Final = (
    "when",
    "find",
    "refuse",
    "create",
    "change",
    "document",
    "keep",
    "result",
    "prices",
    "plain",
    "answer",
)
_FIND: Final = ("kind", "by", "where", "every", "all", "missing")
_OTHERS: Final = frozenset({*REQUEST_ROOTS, *OWN_ROOTS})
_LEFT_TO_DOCUMENTS: Final = Put | Sum | Take
"""Effects that go by the list that stands in a document; a result is flat, and has no such list at a leaf."""
_NOTATION: Final = 1
_MOST: Final = 1000


def load_behaviour(known: Catalogue, name: str) -> Behaviour | None:
    """Read the behaviour of a partner, or that of the one that its mapping extends; None where there is none.

    Raises:
        UnknownPartnerError: there is no such partner.
        DocumentError: it cannot be used; with file, line and what would be right.

    """
    file = behaviour_file(known, name)
    if file is None:
        return None
    return _Reader(
        root_of(file, shown=f"{file.parent.name}/{file.name}"),
        known.contract(name),
        known.contract(HUB),
        load_draft(known, name),
    ).read(name)


def behaviour_file(known: Catalogue, name: str) -> FilePath | None:
    """Find the behaviour file that holds for a partner."""
    folder = known.entry(name).folder
    if (folder / BEHAVIOUR).is_file():
        return folder / BEHAVIOUR
    mapping = folder / MAPPING
    head = read_document(mapping).value if mapping.is_file() else None
    base = head.get("extends") if isinstance(head, dict) else None
    return behaviour_file(known, base) if isinstance(base, str) and base in known.entries and base != name else None


def root_of(file: FilePath, *, shown: str = "") -> Raw:
    """Read a file as it was written."""
    document = read_document(file, shown=shown)
    return Raw(document.value, "", document)


@dataclass(frozen=True)
class _Reader:
    """Reads one file, held against the contract and the mapping that it belongs to."""

    root: Raw
    contract: Contract
    hub: Contract
    draft: Draft | None

    def read(self, name: str) -> Behaviour:
        members = _known(self.root, "a behaviour", _MEMBERS)
        if "behaviour" not in members or members["behaviour"].value != _NOTATION:
            members.get("behaviour", self.root).refuse(
                "a behaviour begins with `behaviour: 1`, the version of its notation"
            )
        kinds = {kind: self._kind(raw, kind) for kind, raw in _maps(members.get("records"), "`records`").items()}
        kinds.setdefault(ORDER, Kind(ORDER))
        operations = {
            operation: self._cases(raw, operation, kinds)
            for operation, raw in _maps(members.get("operations"), "`operations`").items()
        }
        fixtures = {
            kind: _documents(raw, kind, kinds) for kind, raw in _maps(members.get("fixtures"), "`fixtures`").items()
        }
        return Behaviour(
            partner=name,
            file=self.root.file,
            kinds=kinds,
            operations=operations,
            same=self._same(members.get("same")),
            codes={kind: raw.text("a code") for kind, raw in _maps(members.get("codes"), "`codes`").items()},
            fixtures={kind: {key: raw.value for key, raw in each.items()} for kind, each in fixtures.items()},
            places={(kind, key): origin_of(raw) for kind, each in fixtures.items() for key, raw in each.items()},
        )

    @property
    def schemas(self) -> frozenset[str]:
        return frozenset(self.contract.document.get("components", {}).get("schemas", {}))

    def _same(self, raw: Raw | None) -> tuple[str, ...]:
        leaves = hub_scope(self.hub, "request").leaves
        return tuple(each.word("a leaf", leaves) for each in raw.elements("`same`")) if raw is not None else ()

    def _lines(self, *records: str, counts: bool = True) -> LineReader:
        return LineReader(frozenset(records), self.schemas, counts, hub_scope(self.hub, "response"))

    # Kinds of records

    def _kind(self, raw: Raw, kind: str) -> Kind:
        members = _known(raw, "a kind of record", _KIND)
        names = _maps(members.get("names"), "`names`")
        return Kind(
            name=kind,
            id=self._lines().form(members["id"]) if "id" in members else None,
            names=tuple(self._name(each, name) for name, each in names.items()),
            schema=members["schema"].word("`schema`", self.schemas) if "schema" in members else None,
            hub=self._section(members) if "hub" in members else None,
            repeat=_flag(members, "repeat"),
            show=self._lines(kind, counts=False).lines(members["show"]) if "show" in members else (),
        )

    def _name(self, raw: Raw, name: str) -> Name:
        members = _known(raw, "a name", _NAME)
        if ("from" in members) == ("make" in members):
            raw.refuse("a name has one of the members from and make")
        reader = self._lines()
        taken = members.get("taken")
        return Name(
            name=name,
            origin=origin_of(raw),
            source=reader.source(members["from"]) if "from" in members else None,
            form=reader.form(members["make"]) if "make" in members else None,
            taken=reader.refusal(taken if taken is not None else _said(raw, "{value} is taken"), "conflict"),
            hidden=_flag(members, "hidden"),
        )

    def _section(self, members: Lines) -> Section:
        """Read what a record means at the hub, in the mapping's own language and with its tables and shapes."""
        raw = members["hub"]
        if self.draft is None:
            raw.refuse("`hub` speaks the language of a mapping, and the partner has none")
        if "schema" not in members:
            raw.refuse("`hub` needs the `schema` of the contract that the record has")
        schema = members["schema"].word("`schema`", self.schemas)
        here = spot(self.contract, f"/components/schemas/{schema}")
        return SectionReader(self.draft, self.hub, "request", here).read(raw.members("`hub`"))

    # Operations

    def _cases(self, raw: Raw, operation: str, kinds: dict[str, Kind]) -> tuple[Case, ...]:
        if operation not in self.contract.operations:
            raw.refuse(f"the contract has no operation {operation!r}{suggestion(operation, self.contract.operations)}")
        cases = [raw.at(index) for index in range(len(raw.value))] if isinstance(raw.value, list) else [raw]
        return tuple(self._case(each, kinds) for each in cases)

    def _case(self, raw: Raw, kinds: dict[str, Kind]) -> Case:
        members = _known(raw, "a case", _CASE)
        found: list[Find] = []
        for name, each in _maps(members.get("find"), "`find`").items():
            found.append(self._find(each, name, kinds, [one.name for one in found]))
        names = [each.name for each in found]
        does, subject = self._does(raw, members, kinds, found)
        created = [subject] if does == "create" and subject is not None else []
        reader = self._lines(*names, *created, counts=does != "read")
        refusals = members["refuse"].elements("`refuse`") if "refuse" in members else []
        return Case(
            origin=origin_of(raw),
            does=does,
            subject=subject,
            when=self._lines().tests(members.get("when")),
            find=tuple(found),
            refuse=tuple(self._condition(each, reader) for each in refusals),
            document=reader.lines(members["document"]) if "document" in members else (),
            keeps=frozenset(each.text("a member") for each in members["keep"].elements("`keep`"))
            if "keep" in members
            else frozenset(),
            result=self._result(members["result"], reader) if "result" in members else (),
            prices=_flag(members, "prices"),
            plain=_flag(members, "plain"),
            answer=reader.lines(members["answer"]) if "answer" in members else (),
        )

    def _result(self, raw: Raw, reader: LineReader) -> tuple[Line, ...]:
        """Read lines over the hub's result, whose leaves are known."""
        scope = hub_scope(self.hub, "response")
        for path, each in raw.members("`result`").items():
            rows, _, leaf = path.partition(f".{ROWS}.")
            known = scope.lists[rows].leaves if leaf and rows in scope.lists else scope.leaves
            if (leaf or rows) not in known:
                each.refuse(f"the hub's result has no leaf {path!r}{suggestion(leaf or rows, known)}")
        lines = reader.lines(raw)
        for line, each in zip(lines, raw.members("`result`").values(), strict=True):
            if isinstance(line.effect, _LEFT_TO_DOCUMENTS):
                each.refuse("put, take and sum are about the lists of a document, and the hub's result is none")
        return lines

    def _does(self, raw: Raw, members: Lines, kinds: dict[str, Kind], found: list[Find]) -> tuple[Does, str | None]:
        """Say what a case does, and to which kind or found record."""
        if "create" in members and "change" in members:
            raw.refuse("a case either creates or changes a record")
        # Only of these is it certain that there is one when the case goes on.
        certain = [each.name for each in found if each.missing is not None and not each.every and not each.all]
        if "create" in members:
            kind = members["create"].word("`create`", kinds)
            if kinds[kind].id is None:
                members["create"].refuse(f"records of the kind {kind!r} have no form of `id` to be made by")
            return "create", kind
        if "change" in members:
            name = members["change"].text("`change`")
            if name not in certain:
                members["change"].refuse(f"{name!r} is no record that is found, or else refused as `missing`")
            return "change", name
        return "read", ORDER if ORDER in certain else None

    def _find(self, raw: Raw, name: str, kinds: dict[str, Kind], above: list[str]) -> Find:
        members = _known(raw, "a record to find", _FIND)
        kind = members["kind"].word("`kind`", kinds) if "kind" in members else name
        if kind not in kinds:
            raw.refuse(f"there is no kind of record {kind!r}{suggestion(kind, kinds)}")
        if name in _OTHERS:
            raw.refuse(f"{name!r} is no name for a record: sources that begin with it are something else")
        reader = self._lines(*above)
        known = ("id", *(each.name for each in kinds[kind].names))
        most = members["all"].value if "all" in members else 0
        is_counted = isinstance(most, int) and not isinstance(most, bool) and ("all" not in members or most > 0)
        if ("all" in members) == ("by" in members) or not is_counted or ("by" in members and not members["by"].value):
            raw.refuse("a record is found `by` what the call says, or `all` are, up to a number")
        return Find(
            name=name,
            kind=kind,
            origin=origin_of(raw),
            by=tuple(
                (reader.source(each, source), tuple(one.word("a name", known) for one in each.elements("names")))
                for source, each in _maps(members.get("by"), "`by`").items()
            ),
            where=self._lines(*above, name).tests(members.get("where")),
            every=_flag(members, "every"),
            all="all" in members,
            most=min(most, _MOST),
            missing=reader.refusal(members["missing"], "not_found") if "missing" in members else None,
        )

    def _condition(self, raw: Raw, reader: LineReader) -> Condition:
        members = raw.members("a refusal")
        return Condition(
            reader.refusal(raw, "conflict", ("when", "unless")),
            reader.tests(members.get("when")),
            reader.tests(members.get("unless")),
        )


def _said(raw: Raw, text: str) -> Raw:
    return Raw(text, raw.where, raw.document)


def _known(raw: Raw, what: str, names: tuple[str, ...]) -> Lines:
    members = raw.members(what)
    for name, each in members.items():
        if name not in names:
            each.refuse(f"{what} has no member {name!r}{suggestion(name, names)}")
    return members


def _maps(raw: Raw | None, what: str) -> Lines:
    return raw.members(what) if raw is not None else {}


def _flag(members: Lines, name: str) -> bool:
    return name in members and members[name].flag(f"`{name}`")


# Fixtures


def _documents(raw: Raw, kind: str, kinds: Mapping[str, Kind]) -> Lines:
    """Read the documents of one kind by their ids."""
    if kind not in kinds:
        raw.refuse(f"there is no kind of record {kind!r}{suggestion(kind, kinds)}")
    if kind == ORDER:
        raw.refuse("an order is made by the call that creates it, not by a fixture")
    if not isinstance(raw.value, list):
        raw.refuse("the fixtures of a kind are a list")
    found: Lines = {}
    for index, document in enumerate(raw.value):
        name = document.get("id") if isinstance(document, dict) else None
        if not isinstance(name, str) or not name or name in found:
            raw.at(index).refuse("a fixture has a member `id` of its own, a text")
        found[name] = raw.at(index)
    return found


def read_fixtures(file: FilePath, houses: Mapping[str, House]) -> dict[str, dict[str, dict[str, Any]]]:
    """Read a user's fixtures: partner, kind of record, list of documents.

    Raises:
        DocumentError: it names a partner that is not served or a kind of record that it has not, a document breaks the
            contract, or it is no such file.

    """
    root = root_of(file)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, raw in root.members("fixtures").items():
        if name not in houses:
            raw.refuse(f"no partner {name!r} is served{suggestion(name, houses)}")
        kinds = houses[name].behaviour.kinds
        documents = {kind: _documents(each, kind, kinds) for kind, each in raw.members("fixtures").items()}
        for kind, each in documents.items():
            _hold(each, kinds[kind], houses[name].contract)
        found[name] = {kind: {key: one.value for key, one in each.items()} for kind, each in documents.items()}
    return found


def fixture_validator(contract: Contract, kind: Kind, level: Evidence) -> Validator | None:
    """Make what holds fixtures of a kind against the contract, as they would be answered; None: it has no schema."""
    if kind.schema is None:
        return None
    return Validator(contract, f"/components/schemas/{kind.schema}", "response", level)


def _hold(documents: Lines, kind: Kind, contract: Contract) -> None:
    """Hold a user's fixtures against the contract: a record that breaks it would break every answer about it."""
    validator = fixture_validator(contract, kind, "documented")
    if validator is None:
        return
    for name, raw in documents.items():
        broken = next((each for each in validator.check_value(raw.value) if each.severity == "error"), None)
        if broken is not None:
            place = Raw(raw.value, raw.where + broken.pointer, raw.document)
            place.refuse(f"the {kind.name} {name} is no {kind.schema} of the contract: {broken.message}")
