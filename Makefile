# Every door of the repository. `make` alone prints this menu; each target's line stands after its `##`.

# The first interpreter that is new enough; `make PYTHON=python3.13 test` takes another one.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,\
	$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))))
BIN := .venv/bin
READY := .venv/.ready
LOCKED := .venv/.locked

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := menu
.DELETE_ON_ERROR:
# The test report has to be the last thing printed, also under `make -j`.
.NOTPARALLEL:
.PHONY: menu demo test lint types imports generated tests prove serve fuzz bench format models lock clean

menu: ## this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## a fresh clone shows what it can do, in under 5 minutes
	@$(BIN)/python -m tools.demo

test: lint types imports generated tests ## everything that must hold before a change lands, in under 15 minutes

lint: $(READY) ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy --strict
	$(BIN)/mypy

imports: $(READY) ## the import rule of ARCHITECTURE.md
	$(BIN)/lint-imports --cache-dir .import_linter_cache

generated: $(READY) ## generated files are up to date, contracts are sound
	$(BIN)/python -m tools.prepare --check
	$(BIN)/orderbridge generate --check
	$(BIN)/orderbridge lint

tests: $(READY) ## pytest
	$(BIN)/python -m pytest -n 2

prove: $(READY) ## the tests on much longer corpora
	ORDERBRIDGE_PROVE=1 $(BIN)/python -m pytest -n 2

serve: $(READY) ## every partner's API on one port, orders kept in orderbridge.db
	@$(BIN)/orderbridge serve --mode reference

fuzz: $(READY) ## our own servers under Schemathesis, every check, three seeds, and second opinions; over an hour
	@$(BIN)/python -m tools.fuzz
	ORDERBRIDGE_PROVE=1 $(BIN)/python -m pytest -n 2 tests/fuzz/test_orders.py

bench: $(READY) ## speed, side by side with the obvious alternatives
	$(BIN)/python -m bench

format: $(READY) ## mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

models: $(READY) ## write the models, and the contracts' prepared form, again after a contract changed
	$(BIN)/python -m tools.prepare
	$(BIN)/orderbridge generate

lock: ## write requirements.lock again (needs uv; UV=/path/to/uv)
	$(or $(UV),uv) --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --all-extras --group dev \
		--output-file requirements.lock pyproject.toml

clean: ## remove the environment and every cache
	rm -rf .venv .cache .hypothesis .schemathesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .tox build dist

# Another lock makes another environment, so that nothing the lock no longer names lives on in it.
$(LOCKED): requirements.lock
	@test -n "$(PYTHON)" || { echo "orderbridge needs Python 3.11 or newer" >&2; exit 2; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@
