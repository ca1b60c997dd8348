# Two commands are enough by themselves: `make run` and `make test`. Needs Python 3.11 or later with
# venv, and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run worker setup test check format bench soak eval clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## set up what is missing and open the app
	@exec $(BIN)/streamlit run Home.py

worker: $(VENV)/run.stamp ## a worker alone, for a server started with MINUTES_LOCAL_WORKER=0
	@exec $(BIN)/python -m core.worker.watch

setup: $(VENV)/run.stamp $(VENV)/test.stamp ## the environment alone

# Side by side on all processors, a file in one process; slow files are begun in their order, not last.
test: $(VENV)/test.stamp ## all tests
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/test.stamp ## format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/test.stamp ## put the code into the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/test.stamp ## speed and memory, as ratios measured side by side
	@$(BIN)/python -m bench

KILLS ?= 200
DATABASE ?= sqlite

soak: $(VENV)/test.stamp ## kill server, worker and all at random: KILLS=200 DATABASE=sqlite|postgres SEED=
	@$(BIN)/python -m soak --kills $(KILLS) --database $(DATABASE) $(if $(SEED),--seed $(SEED))

eval: $(VENV)/test.stamp ## how good summaries are: ROUGE beside TextRank, on QMSum's meetings
	@$(BIN)/python -m evaluation

clean: ## remove the environment and caches; data stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "MinutesAI needs Python 3.11, 3.12 or 3.13 with venv (on Debian: sudo apt-get install python3 python3-venv). None was found."; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV)

# pip runs only when the pins changed. The stamp of the tests includes the pins of the run.
$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt (some minutes, the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp | $(BIN)/python
	@echo "Installing requirements-test.txt …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@
