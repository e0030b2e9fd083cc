"""The recipes for CI, the GitHub Action and the pre-commit hooks, run as far as that goes without their hosts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from pre_commit.clientlib import load_manifest

from orderbridge.cli.main import COMMANDS

ROOT: Final = Path(__file__).parent.parent
ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: Final[list[dict[str, Any]]] = load_manifest(ROOT / ".pre-commit-hooks.yaml")
GIT: Final = shutil.which("git") or "git"
PROGRAMS: Final = Path(sys.executable).parent
EXPRESSION: Final = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
CONDITION: Final = re.compile(r"\$\{\{ (.*) \}\}")

ENVIRONMENT: Final = {
    **os.environ,
    # Nothing is fetched: what the runner would install from an index is here already.
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("site-packages")),
}

VALID: Final = (ROOT / "openapi/unisouk/examples/createOrder.request.main.json").read_bytes()
INVALID: Final = VALID.replace(b'"COD"', b'"cod"')


@dataclass
class Job:
    """What a runner does with the steps of a composite action, but for those that fetch another action."""

    folder: Path
    inputs: dict[str, str]
    installed: str = ""
    """Where an earlier job has put the programs; installing is what takes time."""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    printed: str = ""
    summary: str = ""

    def run(self) -> int:
        known = {name: each.get("default", "") for name, each in ACTION["inputs"].items()}
        assert set(self.inputs) <= set(known)
        self.inputs = known | self.inputs
        self.outputs["python"] = {"python-path": sys.executable}
        if self.installed:
            self.outputs["install"] = {"programs": self.installed}
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or step["id"] in self.outputs or not self.applies(step):
                continue
            code = self.step(step)
            if code:
                return code
        return 0

    def applies(self, step: dict[str, Any]) -> bool:
        condition = CONDITION.fullmatch(step.get("if", ""))
        if condition is None:
            assert "if" not in step
            return True
        clauses = [re.fullmatch(r"inputs\.([\w-]+) != ''", clause) for clause in condition[1].split(" || ")]
        return any(self.inputs[clause[1]] != "" for clause in clauses if clause is not None)

    def value(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.resolve(found[1]), text)

    def resolve(self, name: str) -> str:
        match name.split("."):
            case ["inputs", one]:
                return self.inputs[one]
            case ["steps", step, "outputs", one]:
                return self.outputs.get(step, {}).get(one, "")
        raise AssertionError(name)

    def step(self, step: dict[str, Any]) -> int:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression in a script is a way in for whoever names the files"
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_bytes(b"")
        (self.folder / "temp").mkdir(exist_ok=True)
        environment = {
            **ENVIRONMENT,
            **{name: str(file) for name, file in files.items()},
            **{name: self.value(text) for name, text in step.get("env", {}).items()},
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
        }
        bash = shutil.which("bash")
        assert bash is not None
        done = subprocess.run(
            [bash, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.printed += done.stdout + done.stderr
        self.outputs[step["id"]] = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        self.path += files["GITHUB_PATH"].read_text().splitlines()
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        return done.returncode


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    job = Job(tmp_path_factory.mktemp("action"), {"extras": "server"})
    assert (job.run(), set(job.outputs)) == (0, {"python", "install"}), "without a partner it only installs"
    (programs,) = job.path
    return programs


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "good.json").write_bytes(VALID)
    return tmp_path


def test_the_action_is_one_by_the_hosts_own_schema() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_action_finds_every_payload_valid(orders: Path, installed: str) -> None:
    job = Job(orders, {"partner": "unisouk", "files": "orders/*.json\n\n", "sarif": "report.sarif"}, installed)
    assert (job.run(), job.printed) == (0, "")
    assert job.outputs["validate"] == {"exit-code": "0"}
    assert job.summary.splitlines()[-2] == "1 document checked: 1 valid, 0 invalid, no problems"
    report = json.loads((orders / "report.sarif").read_bytes())
    assert (report["version"], report["runs"][0]["results"]) == ("2.1.0", [])


def test_later_steps_have_the_command(installed: str) -> None:
    version = [str(Path(installed) / "orderbridge"), "--version"]
    assert subprocess.run(version, capture_output=True, check=False, env=ENVIRONMENT).returncode == 0


def test_the_action_annotates_the_line_of_a_problem_and_fails(orders: Path, installed: str) -> None:
    (orders / "orders" / "bad.json").write_bytes(INVALID)
    job = Job(orders, {"partner": "unisouk", "files": "orders/*.json", "sarif": "report.sarif"}, installed)
    assert job.run() == 1
    (annotation,) = [line for line in job.printed.splitlines() if line.startswith("::")]
    line = INVALID[: INVALID.index(b'"cod"')].count(b"\n") + 1
    assert annotation.startswith(f"::error file=orders/bad.json,line={line},")
    assert job.outputs["validate"] == {"exit-code": "1"}
    assert 'error enum at /paymentMethod: "cod"' in job.summary
    assert len(json.loads((orders / "report.sarif").read_bytes())["runs"][0]["results"]) == 1


@pytest.mark.parametrize(
    "inputs",
    [
        {"partner": "unisouk", "files": " \n"},
        {"partner": "unisouk", "files": "nothing/*.json"},
        {"partner": "nobody", "files": "orders/*.json"},
        {"partner": "unisouk", "files": "orders/*.json", "level": "hearsay"},
    ],
)
def test_the_action_does_not_pass_what_was_not_checked(orders: Path, installed: str, inputs: dict[str, str]) -> None:
    job = Job(orders, inputs, installed)
    assert job.run() == 2
    assert job.outputs["validate"] == {"exit-code": "2"}
    assert "::error title=orderbridge::" in job.printed


def test_inputs_of_the_action_are_words_and_never_commands_or_options(orders: Path, installed: str) -> None:
    for hostile in ("$(touch hit)", "`touch hit`", "; touch hit", "--output=hit", "a b'\"c"):
        job = Job(orders, {"partner": "unisouk", "files": hostile, "sarif": "report.sarif"}, installed)
        assert job.run() == 2
        assert not (orders / "hit").exists()


def test_the_action_takes_a_partner_of_ones_own_and_a_document(orders: Path, installed: str) -> None:
    contracts = ROOT / "tests/data/contracts"
    example = contracts / "acme/examples"
    order = next(example.glob("createOrder.request.*.json"))
    assert Job(orders, {"partner": "acme", "contracts": f"{contracts}\n", "files": str(order)}, installed).run() == 0
    assert (
        Job(orders, {"spec": str(ROOT / "openapi/unisouk/openapi.yaml"), "files": "orders/good.json"}, installed).run()
        == 0
    )


# pre-commit


def hook(name: str) -> dict[str, Any]:
    return next(each for each in HOOKS if each["id"] == name)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run([GIT, "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def pre_commit(repository: Path, name: str, *arguments: str, **settings: Any) -> tuple[int, str]:
    """Run one of the hooks on everything in a repository, by the program that is installed here already."""
    local = {**hook(name), "language": "system", "args": list(arguments), **settings}
    local.pop("additional_dependencies", None)
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (repository / ".pre-commit-config.yaml").write_text(json.dumps(config), encoding="utf-8")
    subprocess.run([GIT, "-C", str(repository), "add", "--all"], check=True)
    environment = {
        **os.environ,
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(repository / ".git" / "pre-commit"),
    }
    run = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never", "--verbose"]
    done = subprocess.run(run, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_every_hook_runs_a_command_that_exists() -> None:
    for each in HOOKS:
        program, command, *_ = each["entry"].split()
        assert (program, command in COMMANDS, each["language"]) == ("orderbridge", True, "python")


def test_the_hook_holds_back_a_payload_that_breaks_its_contract(repository: Path) -> None:
    (repository / "order.json").write_bytes(VALID)
    (repository / "notes.txt").write_text("no order\n", encoding="utf-8")
    assert pre_commit(repository, "orderbridge-validate", "unisouk")[0] == 0
    (repository / "worse.json").write_bytes(INVALID)
    code, printed = pre_commit(repository, "orderbridge-validate", "unisouk")
    assert code == 1
    assert 'error enum at /paymentMethod: "cod"' in printed
    assert "2 documents checked: 1 valid, 1 invalid" in printed


def test_the_hook_lints_partners_of_ones_own(repository: Path) -> None:
    shutil.copytree(ROOT / "tests/data/contracts/acme", repository / "partners/acme")
    code, printed = pre_commit(repository, "orderbridge-lint", "--contracts", "partners")
    assert code == 0, printed
    mapping = repository / "partners/acme/mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("total.amount:", "total.amuont:", 1), encoding="utf-8")
    assert pre_commit(repository, "orderbridge-lint", "--contracts", "partners")[0] == 1


def test_the_hook_notices_models_that_drift(repository: Path) -> None:
    shutil.copytree(ROOT / "tests/data/contracts/acme", repository / "partners/acme")
    ours = ("acme", "--contracts", "partners", "--output", "models")
    generate = [str(PROGRAMS / "orderbridge"), "generate", *ours]
    subprocess.run(generate, cwd=repository, check=True, capture_output=True)
    assert pre_commit(repository, "orderbridge-generate", *ours)[0] == 0
    (model,) = (repository / "models").rglob("acme.py")
    model.write_text(model.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
    assert pre_commit(repository, "orderbridge-generate", *ours)[0] == 1
