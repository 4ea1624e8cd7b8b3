# Bàn giao. `make help` lists what there is; each line after ## is its own documentation.
# Steps leave a stamp in .venv, so a step that is up to date costs nothing.

SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHON
# Three processes on two cores (browsers and databases make them wait); a file's tests together: its scene is made once.
PARALLEL ?= -n 3 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help install run test check bench long screenshots lock migration catalogue clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 12

install: $(VENV)/.installed $(VENV)/.assets ## Install what running needs into .venv (starts nothing)

run: install ## Install, load the demonstration if empty, serve on http://localhost:8000 (PORT=, BANGIAO_HOME=, DATABASE_URL=)
	@exec $(BIN)/portal serve --demo

test: $(VENV)/.installed-test $(VENV)/.assets-test ## Install everything tests need, run every test (ARGS= for pytest)
	@$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

check: $(VENV)/.installed-test ## Format, lint, types, layers, templates, migrations = models
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/migrations

bench: install ## Print the published figures
	@$(BIN)/portal bench import duplicates record sign verify package page rights reports

long: $(VENV)/.installed-test $(VENV)/.assets-test ## The long property runs (hours; not part of test)
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -m long --timeout=0 $(ARGS)

catalogue: $(VENV)/.installed-test ## Write new sentences into the English catalogue; prints what waits for its English
	@$(BIN)/python scripts/catalogue.py

screenshots: $(VENV)/.installed-test $(VENV)/.assets-test ## Draw the pictures of README and guide anew, from a fresh demonstration
	@$(BIN)/python -m tests.functional.screenshots

lock: ## Pin every dependency again (needs uv); no address is recorded
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-build.in -o requirements-build.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-node.in -o requirements-node.txt

migration: $(VENV)/.installed-test ## Write a migration from what changed in the models (m="what changed")
	@$(BIN)/python scripts/new_migration.py "$(m)"

clean: ## Remove what was installed and built; data folders stay
	rm -rf $(VENV) node_modules static/vendor build *.egg-info
	rm -rf .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache

# --- steps ---------------------------------------------------------------------------------------

$(VENV)/.system: scripts/install-system.sh
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên: apt-get install python3 python3-venv" >&2; exit 1; }
	@scripts/install-system.sh run
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên (make PYTHON=…)" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.system requirements.txt requirements-build.txt pyproject.toml
	@echo "Cài các gói Python (lần đầu mất khoảng một phút)…"
	@$(PIP) install --require-hashes -r requirements-build.txt
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.assets: $(VENV)/.installed package.json package-lock.json .npmrc scripts/install-assets.sh scripts/assets.sha256
	@scripts/install-assets.sh run
	@touch $@

$(VENV)/.system-test: $(VENV)/.system
	@scripts/install-system.sh test
	@touch $@

$(VENV)/.installed-test: $(VENV)/.system-test $(VENV)/.installed requirements-dev.txt
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.assets-test: $(VENV)/.assets
	@scripts/install-assets.sh test
	@touch $@
