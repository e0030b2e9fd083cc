"""The pytest plugin as its users meet it: asserts that fail with the problems, a server that answers, a marker."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

import orderbridge
from orderbridge import jsontext
from orderbridge.contract.catalogue import built_in_folder
from orderbridge.pytest_plugin import LiveServer, assert_translates, assert_valid

ROOT: Final = Path(__file__).parent.parent
PLUGIN: Final = "orderbridge.pytest_plugin"


def example(partner: str) -> dict[str, Any]:
    value, problems = jsontext.read(
        (built_in_folder() / partner / "examples/createOrder.request.main.json").read_bytes()
    )
    assert isinstance(value, dict)
    assert problems == ()
    return value


def run(folder: Path, *arguments: str, test: str = "") -> tuple[int, str]:
    """Run pytest in a process of its own, as somebody would who has installed the package."""
    if test:
        (folder / "test_it.py").write_text(test, encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", "-q", *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_example_project_passes() -> None:
    code, output = run(ROOT / "examples" / "checkout", "--strict-markers")
    assert (code, output.splitlines()[-1].split(" in ")[0]) == (0, "4 passed")


def test_pytest_finds_the_plugin_by_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {PLUGIN: PLUGIN}


def test_loading_the_plugin_brings_no_server() -> None:
    heavy = {"connexion", "uvicorn", "sqlalchemy", "jsonschema_rs"}
    code = f"import sys, {PLUGIN}; print(sorted({heavy} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# assert_valid


def test_a_valid_payload_of_any_kind_passes() -> None:
    order = example("unisouk")
    for payload in (order, jsontext.write(order), jsontext.write(order).decode()):
        assert_valid("unisouk", payload)
    assert_valid(orderbridge.partner("unisouk"), order)


def test_a_broken_text_is_shown_as_the_command_shows_it() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_valid("unisouk", b'{\n  "cartId": 33863324215067648\n}')
    lines = str(caught.value).splitlines()
    assert lines[0] == "this request does not keep the contract of unisouk"
    assert "payload:2:13: error type at /cartId: 33863324215067648 is an integer; the contract wants a string" in lines
    at = lines.index('      "cartId": 33863324215067648')
    assert lines[at + 1].index("^") == lines[at].index("3")
    assert lines[at + 2] == '  fix: send "33863324215067648" with quotes'


def test_a_broken_value_is_shown_in_the_text_that_it_would_be() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_valid("unisouk", {**example("unisouk"), "paymentMethod": "cod"})
    assert "payload:5:20: error enum at /paymentMethod" in str(caught.value)
    assert '      "paymentMethod": "cod",' in str(caught.value).splitlines()


def test_what_is_no_json_fails_with_its_problem() -> None:
    for payload in (b"{", b"\xff", float("nan")):
        with pytest.raises(AssertionError, match="error "):
            assert_valid("unisouk", payload)


def test_secrets_are_not_shown() -> None:
    name = next(iter(sorted(orderbridge.partner("ccagent").contract.secrets)))
    with pytest.raises(AssertionError) as caught:
        assert_valid("ccagent", {"op": 3, name: "4111111111111111"})
    assert "4111111111111111" not in str(caught.value)


def test_a_warning_passes_and_an_answer_can_be_checked() -> None:
    with pytest.raises(AssertionError, match=r"this response does not keep the contract of unisouk\n"):
        assert_valid("unisouk", {}, message="response", status=200)


# assert_translates


def test_a_translation_is_given_back() -> None:
    made = assert_translates(
        "placeorder", "fabric", example("placeorder"), supply={"fill": {"orderNumber": "1", "channelId": "12"}}
    )
    assert made.order["orderTotal"] == Decimal(50000)
    back = assert_translates("fabric", "placeorder", made.order, ticket=made.ticket)
    assert back.order == example("placeorder")


def test_an_incomplete_translation_fails_with_account_and_reasons() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_translates("placeorder", "fabric", example("placeorder"))
    text = str(caught.value)
    assert text.startswith("this request of placeorder does not become one of fabric\nOf the 17 values in this order")
    assert "fabric: error required-target-missing at /orderNumber: fabric requires this" in text


def test_a_refused_source_is_shown_in_its_own_text() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_translates("unisouk", "fabric", {**example("unisouk"), "paymentMethod": "cod"})
    assert "unisouk:5:20: error enum at /paymentMethod" in str(caught.value)


# The server


def test_a_server_knows_where_its_partners_are() -> None:
    server = LiveServer("http://127.0.0.1:1", "mock", ("a", "b"))
    assert (server.url_of("b"), server.bridge) == ("http://127.0.0.1:1/b", "http://127.0.0.1:1/bridge/v1")
    assert LiveServer("http://127.0.0.1:1", "mock", ("a",)).url_of("a") == "http://127.0.0.1:1"
    with pytest.raises(LookupError, match="c is not served here: a, b is"):
        server.url_of("c")


SERVERS: Final = """
import json, pytest
from urllib.request import Request, urlopen

seen = []

def names(server):
    rows = json.load(urlopen(server.bridge + "/partners"))["partners"]
    return [each["name"] for each in rows if each["served_at"] is not None]

@pytest.mark.orderbridge("unisouk")
@pytest.mark.parametrize("time", [1, 2])
def test_a_mock_is_shared(orderbridge_server, time):
    seen.append(orderbridge_server.url)
    assert len(set(seen)) == 1
    assert names(orderbridge_server) == ["unisouk"]

@pytest.mark.orderbridge("placeorder", mode="reference")
@pytest.mark.parametrize("time", [1, 2])
def test_a_reference_server_begins_empty(orderbridge_server, time):
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    def orders():
        return json.load(urlopen(Request(orderbridge_server.bridge + "/orders", headers=headers)))["orders"]
    assert orders() == []
    body = open(ORDER, "rb").read()
    urlopen(Request(orderbridge_server.url + "/api/rest/v1/ecom/integrations/placeOrder", body, headers)).read()
    assert len(orders()) == 1

@pytest.mark.orderbridge("acme", contracts=[CONTRACTS])
def test_own_partners_are_served(orderbridge_server):
    assert names(orderbridge_server) == ["acme"]

@pytest.mark.orderbridge("acme", contracts=CONTRACTS)
def test_one_folder_needs_no_list(orderbridge_server):
    assert names(orderbridge_server) == ["acme"]
"""


def test_mocks_are_shared_and_reference_servers_are_not(tmp_path: Path) -> None:
    order = built_in_folder() / "placeorder" / "examples" / "createOrder.request.main.json"
    known = f"ORDER, CONTRACTS = {str(order)!r}, {str(ROOT / 'tests' / 'data' / 'contracts')!r}\n"
    code, output = run(tmp_path, "--strict-markers", test=known + SERVERS)
    assert (code, output.splitlines()[-1].split(" in ")[0]) == (0, "6 passed"), output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("mode='live'", "no mode 'live': it is mock or reference"),
        ("modus='mock'", "no argument 'modus'"),
        ("'nobody'", "there is no partner 'nobody'"),
    ],
)
def test_a_marker_that_means_nothing_is_refused(tmp_path: Path, arguments: str, message: str) -> None:
    test = f"import pytest\n@pytest.mark.orderbridge({arguments})\ndef test_it(orderbridge_server): pass\n"
    code, output = run(tmp_path, test=test)
    assert code == 1
    assert message in output


def test_what_the_documentation_shows_passes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    shown = page.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "order.json").write_bytes(jsontext.write(example("unisouk")))
    given = "import json\ndef checkout(url): return json.load(open('order.json'))\n"
    code, output = run(tmp_path, test=shown + given)
    assert (code, "1 passed" in output) == (0, True), output
