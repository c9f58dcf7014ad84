# Every target makes its own environment first: `make demo` works in a fresh clone.
#   make setup   the environment in .venv, from requirements.lock
#   make demo    the main job: a real claim, from a case file to a risk appendix under out/
#   make lint    lint, format, types
#   make test    the same, and every test
#   make bench   speed against other simulators, side by side
#   make lock    rewrite requirements.lock after a change of the dependencies in pyproject.toml

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo lint test bench lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/payback run configs/falcon3_api.yaml --out out/falcon3_api

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup
	$(MAKE) lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --extra bench --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-header --no-emit-index-url -o requirements.lock

clean:
	rm -rf out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
