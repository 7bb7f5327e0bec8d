# Two commands matter: `make demo` and `make test`. Everything lands in .venv and in $STEELYARD_HOME.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCALE ?= medium
# One worker a core; the tests of one file share their homes, so they stay together.
PYTEST_ARGS ?= -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

export STEELYARD_HOME ?= $(CURDIR)/data
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow ui lint docs bench clean

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.runtime  ## Generate the example company, run everything, print the results
	@$(BIN)/steelyard demo --scale $(SCALE)

test: $(VENV)/.dev  ## Run all tests but the long campaigns, dbt's unit tests included
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-slow: $(VENV)/.dev  ## Run the long campaigns
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m slow

ui: $(VENV)/.runtime  ## Open Dagster's web UI on the same home
	@$(BIN)/steelyard ui

lint: $(VENV)/.dev  ## ruff, mypy and sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests

docs: $(VENV)/.runtime  ## Build dbt's documentation site, offline, as one page
	@$(BIN)/steelyard docs

bench: $(VENV)/.dev  ## Time generating, admitting, refreshing and attributing, with peak memory
	@$(BIN)/python -m tests.benchmarks

clean:  ## Remove the environment and what tools left behind; data stays
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf dbt_project/target dbt_project/logs dbt_project/dbt_packages logs
	find orchestration tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp a lock: the second run installs nothing. pip refuses whatever has another hash.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' || { \
	  echo "Steelyard needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Say which to use: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing requirements.lock (about a minute, once)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing requirements-dev.lock"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
