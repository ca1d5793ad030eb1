# `make help` lists what there is. Nothing needs typing before or after: every goal makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
SOURCES := pyproject.toml constraints.txt

# Other machines need a key to get in: where there is none, one is made and shown. INSECURE=1 lets
# everyone in instead.
MAKE_KEY = $(if $(INSECURE),,$(if $(ISNAD_API_KEYS),,$(BIN)/isnad keys add --if-none make-run))

.DEFAULT_GOAL := help
.PHONY: help install run test check format clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1 \t\2/' | expand -t 18

install: $(VENV)/.installed ## everything a user needs, in .venv

run: install ## index seeds/ if there is no index, then serve: make run HOST=0.0.0.0 PORT=9000
	@$(BIN)/isnad index --if-missing seeds
	@$(if $(filter-out localhost 127.% ::1,$(HOST)),$(MAKE_KEY))
	@exec $(BIN)/isnad serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(INSECURE),--insecure)

test: check browser ## every check that CI runs
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term

check: $(VENV)/.tested ## format, lint, types, import directions
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tested ## put the code in the house's format
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean: ## remove the environment and the index
	rm -rf $(VENV) .isnad

# The browser tests want Chromium and an Arabic font; without them they are skipped and say so.
.PHONY: browser
browser:
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "installing chromium for the browser tests"; \
		{ apt-get update && apt-get install --yes --no-install-recommends chromium fonts-noto-core; } \
			>/dev/null 2>&1 || echo "chromium could not be installed: browser tests will be skipped"; \
	fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Isnad needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(SOURCES) | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.tested: $(SOURCES) | $(VENV)/.installed
	$(PIP) --editable '.[dev]'
	@touch $@
