# make dashboard   open the trainer in the browser (the first time: installs all it needs into .venv)
# make test        run the tests
# make bench       measure speed and counts
# make lint        formatting, style and types
# make lock        renew the pinned versions in requirements/
# make clean       remove .venv and what was built

# A Python of at least 3.11; name another with make PYTHON=/path/to/python3.
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

BIN := .venv/bin
RUN := .venv/.installed-run
TEST := .venv/.installed-test

export PYTHONDONTWRITEBYTECODE := 1

.PHONY: dashboard test bench lint format lock clean
.DELETE_ON_ERROR:

dashboard: $(RUN)
	$(BIN)/deepfit dashboard

# Each of the two takes half of the tests in their order, and what several of them share is made once; who is ready
# first takes from the other. Browser tests read frame rates and delays: they come after the others, one at a time.
test: $(TEST)
	$(BIN)/deepfit setup
	$(BIN)/pytest -n 2 --dist worksteal -m "not browser"
	$(BIN)/pytest -m browser tests/capture tests/dashboard

bench: $(TEST)
	$(BIN)/deepfit setup
	$(BIN)/deepfit bench

lint: $(TEST)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(TEST)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Exact versions only: where packages come from is the business of each machine's pip configuration.
PIP_COMPILE = $(BIN)/pip-compile --quiet --upgrade --strip-extras --no-header --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: $(TEST)
	$(PIP_COMPILE) --output-file=requirements/run.txt pyproject.toml
	$(PIP_COMPILE) --output-file=requirements/test.txt --extra=test --extra=train \
		--constraint=requirements/run.txt pyproject.toml

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache

# A stamp is newer than what it was made from exactly when the environment holds it.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed; this machine has none that make can find." \
		"Install one, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m deepfit_nb.system
	$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

$(RUN): requirements/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/run.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps -e .
	@touch $@

$(TEST): requirements/test.txt $(RUN)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements/test.txt
	@touch $@
