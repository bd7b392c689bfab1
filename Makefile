# What people and machines call; `make run` on a fresh machine needs Python 3.11 and nothing else.
PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE := kumo.settings
# Tests that need a browser are apart: `make e2e`.
TESTS ?= -m "not browser"
ARGS ?=

.PHONY: run install test e2e lint format check messages bench clean

run: .venv/installed
	@$(BIN)/python manage.py up $(ARGS)

install: .venv/installed

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kumo needs Python 3.11 or newer; say which: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo 'No venv module? On Debian: apt-get install python3-venv'; exit 1; }

.venv/installed: .venv/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/installed: package.json
	npm install --no-audit --no-fund --no-package-lock --silent
	@touch $@

test: .venv/installed-dev
	@$(BIN)/python -m tests.parts
	$(BIN)/python -m pytest $(TESTS) $(ARGS)

e2e: .venv/installed-dev node_modules/installed
	@$(BIN)/python -m tests.parts --browser
	$(BIN)/python -m pytest -m browser $(ARGS)

lint: .venv/installed-dev node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	node_modules/.bin/biome ci static

format: .venv/installed-dev node_modules/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2
	node_modules/.bin/biome check --write static

check: .venv/installed-dev
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.translations
	$(BIN)/python -m tests.catalogues

messages: .venv/installed-dev
	$(BIN)/python -c 'from tests.translations import extract; extract()'
	$(BIN)/python -m tests.catalogues --compile

bench: .venv/installed-dev
	@for each in bench/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

clean:
	rm -rf .venv node_modules .pytest_cache .ruff_cache .hypothesis
