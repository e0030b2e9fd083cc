"""Settings in files: which file counts, what wins over what, and that nothing misspelt is taken in silence."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from orderbridge.cli import main
from orderbridge.cli.configuration import defaults
from orderbridge.cli.main import COMMANDS
from orderbridge.contract.catalogue import built_in_folder
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTNER = "unisouk"
EXAMPLE = built_in_folder() / PARTNER / "examples" / "createOrder.request.main.json"

Report = tuple[int, str, str]


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Report]:
    """Run commands in a folder inside an empty one."""
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)

    def inner(*arguments: str | Path) -> Report:
        with pytest.raises(SystemExit) as ended:
            main.run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, captured.out, captured.err

    return inner


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_file_counts_alone(tmp_path: Path) -> None:
    write(tmp_path / "orderbridge.toml", 'level = "seed"\nformat = "json"')
    assert defaults(tmp_path / "a")["validate"] == {"level": "seed", "output_format": "json"}
    write(tmp_path / "a" / "orderbridge.toml", 'level = "observed"')
    write(tmp_path / "a" / "b" / "pyproject.toml", "[project]\nname = 'orderbridge-user'\n[tool.other]\nlevel = 1")
    assert defaults(tmp_path / "a" / "b" / "c")["validate"] == {"level": "observed"}
    write(tmp_path / "a" / "b" / "pyproject.toml", "[tool.orderbridge.validate]\njobs = 2")
    assert defaults(tmp_path / "a" / "b" / "c")["validate"] == {"jobs": 2}
    write(tmp_path / "a" / "b" / "orderbridge.toml", "")
    assert defaults(tmp_path / "a" / "b" / "c")["validate"] == {}


def test_a_command_s_table_wins_over_what_is_said_for_all(tmp_path: Path) -> None:
    text = '[tool.orderbridge.validate]\nlevel = "seed"\n[tool.orderbridge]\nlevel = "observed"\n'
    write(tmp_path / "pyproject.toml", text)
    found = defaults(tmp_path)
    assert (found["validate"], found["contract"]) == ({"level": "seed"}, {"level": "observed"})


def test_a_shared_value_goes_to_the_commands_that_can_use_it(tmp_path: Path) -> None:
    write(tmp_path / "orderbridge.toml", 'format = "sarif"')
    given = {name: settings for name, settings in defaults(tmp_path).items() if settings}
    assert given == {name: {"output_format": "sarif"} for name in ("validate", "audit", "lint")}


def test_keys_are_spelt_with_either_dash(tmp_path: Path) -> None:
    write(tmp_path / "orderbridge.toml", "[validate]\nndjson = true\n")
    assert defaults(tmp_path)["validate"] == {"ndjson": True}


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    write(tmp_path / "orderbridge.toml", 'contracts = ["mine", "/theirs"]\n[validate]\nspec = "x.yaml"\noutput = "r"\n')
    found = defaults(tmp_path)
    contracts = [str(tmp_path / "mine"), "/theirs"]
    assert found["partners"] == {"contracts": contracts}
    assert found["validate"] == {
        "contracts": contracts,
        "spec": str(tmp_path / "x.yaml"),
        "output": str(tmp_path / "r"),
    }
    write(tmp_path / "orderbridge.toml", 'contracts = "mine"')
    assert defaults(tmp_path)["lint"] == {"contracts": [str(tmp_path / "mine")]}


def level(report: str) -> set[str]:
    """Tell the severities, which the level decides."""
    return {problem["severity"] for problem in json.loads(report)["problems"]}


def test_flags_win_over_environment_and_environment_over_file(
    call: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = json.loads(EXAMPLE.read_bytes()) | {"surprise": 1}
    file = write(tmp_path / "o.json", json.dumps(order))
    command = ("validate", PARTNER, file, "--format", "json")
    assert level(call(*command)[1]) == {"warning"}
    write(tmp_path / "orderbridge.toml", 'level = "inferred"')
    assert level(call(*command)[1]) == {"error"}
    monkeypatch.setenv("ORDERBRIDGE_LEVEL", "seed")
    assert level(call(*command)[1]) == {"warning"}
    assert level(call(*command, "--level", "inferred")[1]) == {"error"}


def test_folders_of_the_environment_are_separated_as_in_path(
    call: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("one shop", "other"):
        shutil.copytree(built_in_folder() / PARTNER, tmp_path / name)
    monkeypatch.setenv("ORDERBRIDGE_CONTRACTS", f"{tmp_path / 'one shop'}:{tmp_path / 'other'}")
    code, out, err = call("partners", "--format", "json")
    assert (code, err) == (0, "")
    assert {"one shop", "other"} <= {row["name"] for row in json.loads(out)["partners"]}


def test_a_wrong_value_of_the_environment_names_its_variable(
    call: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERBRIDGE_JOBS", "many")
    code, out, err = call("validate", PARTNER, EXAMPLE)
    assert (code, out) == (2, "")
    assert err.startswith("orderbridge: ORDERBRIDGE_JOBS: Invalid value for '--jobs': 'many' is not a valid")
    assert err.count("\n") == 1


REFUSED: dict[str, tuple[str, str]] = {
    "no TOML": ("level = ", "not TOML: "),
    "key": ('levle = "seed"', "levle is no option; did you mean 'level'?"),
    "key of a command": ('[validate]\nlevle = "seed"', "validate.levle is no option; did you mean 'level'?"),
    "key of another command": ("[lint]\njobs = 2", "lint.jobs is no option; there is"),
    "command": ('[valdate]\nlevel = "seed"', "[valdate] is no command; did you mean 'validate'?"),
    "choice": ('level = "guessed"', "level: 'guessed' is not one of 'seed', 'documented', 'observed', 'inferred'"),
    "choice of a command": ('[validate]\nformat = "xml"', "validate.format: 'xml' is not one of"),
    "range": ("jobs = 0", "jobs: 0 is not in the range 1<=x<=64"),
    "text for a number": ('jobs = "2"', "jobs has to be a whole number"),
    "fraction": ("jobs = 1.5", "jobs has to be a whole number"),
    "truth for a number": ("jobs = true", "jobs has to be a whole number"),
    "number for truth": ("[validate]\nndjson = 1", "validate.ndjson has to be true or false"),
    "number for text": ("level = 1", "level has to be a string"),
    "list for one": ('level = ["seed"]', "level has to be a string"),
    "no path": ("contracts = [1]", "contracts has to be a string"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_file_may_not_say_is_refused_with_file_and_key(
    call: Callable[..., Report], tmp_path: Path, name: str
) -> None:
    text, reason = REFUSED[name]
    file = write(tmp_path / "orderbridge.toml", text)
    code, out, err = call("explain", "type")
    assert (code, out) == (2, "")
    assert err.startswith(f"orderbridge: {file}: {reason}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("tool = 1\norderbridge = 1", None), ("[tool]\norderbridge = 1", "tool.orderbridge has to be a table")],
)
def test_a_shared_file_may_be_about_others(tmp_path: Path, text: str, reason: str | None) -> None:
    write(tmp_path / "pyproject.toml", text)
    if reason is None:
        assert defaults(tmp_path) == {}
        return
    with pytest.raises(DocumentError, match=reason):
        defaults(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[tool.orderbridge]\njobs = 2",
        "[ tool . 'orderbridge' ]\njobs = 2",
        "tool.orderbridge.jobs = 2",
        '  "tool" . "orderbridge" = {jobs = 2}',
        "[tool]\norderbridge = {jobs = 2}",
        "[tool]\norderbridge.jobs = 2",
        "tool = {orderbridge = {jobs = 2}}",
        "[project]\nname = 'x'\r\n[tool.orderbridge]\r\njobs = 2",
        "[tool.orderbridge.validate]\njobs = 2",
    ],
)
def test_our_table_is_found_in_every_spelling(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    assert defaults(tmp_path)["validate"] == {"jobs": 2}


def test_a_project_that_only_depends_on_us_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[project]\ndependencies = ['orderbridge']\n[tool.other]\nthis is no TOML")
    assert defaults(tmp_path) == {}


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orderbridge.toml").write_bytes(b"\xff")
    with pytest.raises(DocumentError, match="not TOML"):
        defaults(tmp_path)


def test_a_removed_working_folder_has_no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert defaults() == {}


def test_every_option_of_every_command_can_stand_in_a_file(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "contracts": ["x"], "spec": "x", "level": "seed", "format": "json", "color": "never", "output": "x",
        "jobs": 2, "operation": "x", "message": "response", "status": "200", "ndjson": True, "bundle": True,
        "check": True, "from": "x", "to": "x", "supply": "x", "mode": "strict", "partial": True, "headers": "x",
        "headers-out": "x", "carry": "slot", "ticket": "x", "ticket-out": "x", "ticket-key-file": "x", "report": "x",
        "values": True, "rejects": "x", "host": "x", "port": 0, "database": "x", "tokens": "x", "fixtures": "x",
        "workers": 2, "limit": "x", "code": True, "url": "x", "header": "x", "max-examples": 2, "seed": 2,
        "min-success": 0.5,
    }  # fmt: skip
    own = {"serve": {"mode": "reference"}, "fuzz": {"mode": "reference"}}
    for name in COMMANDS:
        options = main.load_command(name).params
        keys = [max(each.opts, key=len)[2:] for each in options if each.param_type_name == "option"]
        lines = "\n".join(f"{key} = {json.dumps(own.get(name, values).get(key, values[key]))}" for key in keys)
        write(tmp_path / "orderbridge.toml", f"[{name}]\n{lines}\n")
        assert len(defaults(tmp_path)[name]) == len(keys)
