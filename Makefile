# Every target makes its own environment first: `make demo` works in a fresh clone.
#   make setup   what a user needs, in .venv, from requirements.lock
#   make demo    the main job: a real claim, from a case file to a risk appendix under out/
#   make lint    lint, format, types
#   make test    the same, and every test; adds what requirements-test.lock has
#   make bench   speed against other simulators, side by side; adds what requirements-bench.lock has
#   make lock    rewrite the locks after a change of the dependencies in pyproject.toml

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes -r
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--quiet --no-header --no-annotate
LOCKED := $(COMPILE) --no-emit-index-url --generate-hashes --constraint $(VENV)/whole.txt --group build

.PHONY: setup demo lint test pytest bench lock clean

# Where the environment says that imports write no bytecode, each start would compile every module again.
setup: $(VENV)/.demo
	$(BIN)/python -m compileall -q distributions payback reports simulator

$(VENV)/.demo: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.demo
	$(INSTALL) requirements-test.lock
	touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.demo
	$(INSTALL) requirements-bench.lock
	touch $@

demo: setup
	$(BIN)/payback run configs/falcon3_api.yaml --out out/falcon3_api

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: $(VENV)/.test
	$(MAKE) lint
	$(MAKE) pytest

# TESTS: some of the tests, such as TESTS=tests/golden
pytest: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

bench: setup $(VENV)/.bench
	$(BIN)/python -m benchmarks

# One version of each package for all three; those locked before are kept where they still fit.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	sed -n 's/ *\\$$//; /^[a-z].*==/p' requirements*.lock | sort -u > $(VENV)/whole.txt
	$(COMPILE) --all-extras --group build -o $(VENV)/whole.txt
	$(LOCKED) --extra fast -o requirements.lock
	$(LOCKED) --extra test -o requirements-test.lock
	$(LOCKED) --extra fast --extra bench -o requirements-bench.lock

clean:
	rm -rf out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
