"""The bundle of a contract, at each level, is a document that the tools of the field load."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge import jsontext
from orderbridge.contract.catalogue import catalogue
from orderbridge.problem import LEVELS

if TYPE_CHECKING:
    from orderbridge.problem import Evidence

ACME = Path(__file__).parent / "data" / "contracts" / "acme"
CATALOGUE = catalogue([ACME])
BUNDLES = [pytest.param(name, level, id=f"{name}-{level}") for name in sorted(CATALOGUE.entries) for level in LEVELS]


def bundle(name: str, level: Evidence) -> Any:
    """Give the bundle as another tool reads it: from JSON text, with its own numbers."""
    return json.loads(jsontext.write(CATALOGUE.contract(name).at(level).document))


def routes(name: str) -> set[tuple[str, str]]:
    return {(each.path, each.method) for each in CATALOGUE.contract(name).operations.values()}


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_openapi_spec_validator_finds_no_fault(name: str, level: Evidence) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    document = bundle(name, level)
    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []


async def handler() -> tuple[dict[str, Any], int]:
    return {}, 200


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_connexion_loads_it(name: str, level: Evidence) -> None:
    import connexion
    from connexion.resolver import Resolver

    document = bundle(name, level)
    given = copy.deepcopy(document)
    app = connexion.AsyncApp(__name__)
    app.add_api(document, base_path="", resolver=Resolver(lambda _name: handler))
    with app.test_client() as client:  # starting it is what makes it read the document
        assert client.get("/no/such/path").status_code == 404
    assert document == given


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_openapi_core_loads_it(name: str, level: Evidence) -> None:
    from openapi_core import OpenAPI

    loaded = OpenAPI.from_dict(bundle(name, level))
    paths = loaded.spec / "paths"
    assert set(paths.keys()) == {path for path, _ in routes(name)}


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_schemathesis_loads_it(name: str, level: Evidence) -> None:
    import schemathesis
    from schemathesis.core.result import Ok

    schema = schemathesis.openapi.from_dict(bundle(name, level))
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    found = {(each.path, each.method.lower()) for each in operations}
    assert found == routes(name)


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_the_model_generator_loads_it(name: str, level: Evidence) -> None:
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter

    made = generate(
        json.dumps(bundle(name, level)),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        formatters=[Formatter.BUILTIN],
        disable_timestamp=True,
    )
    compile(str(made), name, "exec")


@pytest.mark.parametrize(("name", "level"), BUNDLES)
def test_it_refers_to_itself_only(name: str, level: Evidence) -> None:
    text = jsontext.write(CATALOGUE.contract(name).at(level).document).decode()
    references = [part.split('"')[1] for part in text.split('"$ref":')[1:]]
    assert [each for each in references if not each.startswith("#/")] == []
    assert '"externalValue"' not in text
