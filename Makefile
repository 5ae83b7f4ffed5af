# Everything a person does with this repository. `make demo` and `make test` need nothing set up first:
# Python >= 3.10, Node >= 20 and make.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
EDITOR := jigsaw_service/editor
EDITOR_SOURCES := $(shell find $(EDITOR)/src $(EDITOR)/scripts $(EDITOR)/public -type f 2>/dev/null) \
	$(wildcard $(EDITOR)/vite*.config.ts) $(EDITOR)/package-lock.json jigsaw_service/runtime/protocol.json
# The Hubs that are in use beside the newest, each with the service in an environment of its own.
OLD_HUBS := 4.1.6 5.5.4
# For everybody who uses the environment, whoever they are.
KERNELS = $(BIN)/python -m ipykernel install --sys-prefix >/dev/null 2>&1 && \
	$(BIN)/python -m calysto_scheme install --sys-prefix >/dev/null 2>&1 && \
	$(BIN)/python -m calysto_prolog install --sys-prefix >/dev/null 2>&1
SAY = @printf '\033[1m%s\033[0m\n'

.DELETE_ON_ERROR:
.PHONY: constraints demo test check build lint types editor-test python-test bench soak shots fix wheel clean

.PHONY: tested-with
tested-with: $(VENV)/test $(VENV)/system $(OLD_HUBS:%=.venvs/hub-%/installed) \
	.venvs/hub-4.0.2/installed .venvs/metakernel-0.32.0/installed build \
	deploy/demo/node_modules/.package-lock.json

## Start a real JupyterHub with the service on http://127.0.0.1:$(PORT)
demo: $(VENV)/demo build deploy/demo/node_modules/.package-lock.json
	@exec $(BIN)/python deploy/demo/demo.py $(PORT)

## Install what the tests need, then check and test everything
test: tested-with lint types editor-test python-test

## What to run while you work: style, types, unit and editor tests, but for PostgreSQL and whole corpora
check: $(VENV)/test lint types build
	$(SAY) 'Testing units and the editor'
	$(BIN)/python -m pytest --quiet -k 'not postgresql' tests/unit & unit=$$!; \
	(cd $(EDITOR) && npm run --silent test:quick -- --reporter=dot); editor=$$?; \
	wait $$unit && exit $$editor

lint: $(VENV)/test $(EDITOR)/node_modules/.package-lock.json
	$(SAY) 'Checking style'
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && PATH=$(BIN):$$PATH lint-imports
	cd $(EDITOR) && npm run --silent lint

types: $(VENV)/test $(EDITOR)/node_modules/.package-lock.json
	$(SAY) 'Checking types'
	$(BIN)/mypy
	cd $(EDITOR) && npm run --silent types

# With the service's own engine for code, its Python, and Java.
editor-test: $(VENV)/system build
	$(SAY) 'Testing the editor'
	cd $(EDITOR) && npm test --silent

# First what starts Hubs and looks at clocks, one after the other.
python-test: tested-with
	$(SAY) 'Testing the service'
	$(BIN)/python -m pytest tests --ignore tests/service --ignore tests/unit --ignore tests/property
	$(BIN)/python -m pytest --numprocesses 2 tests/service tests/unit tests/property

## Measure, each figure beside a rival's of the same run
bench: tested-with .venvs/collaboration/installed
	$(BIN)/python -m bench

## Kill the service again and again while people edit: make soak MINUTES=30
soak: tested-with
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),5)

## Take the pictures in docs/ from the real thing
shots: tested-with
	$(BIN)/python docs/screenshots.py

## Mend what can be mended mechanically
fix: $(VENV)/test $(EDITOR)/node_modules/.package-lock.json
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	cd $(EDITOR) && npm run --silent fix

build: jigsaw_service/static/manifest.json

wheel: $(VENV)/test build
	PATH=$(BIN):$$PATH $(BIN)/python -m build --installer uv

jigsaw_service/static/manifest.json: $(EDITOR)/node_modules/.package-lock.json $(EDITOR_SOURCES)
	$(SAY) 'Building the editor'
	cd $(EDITOR) && npm run --silent build

%/node_modules/.package-lock.json: %/package-lock.json
	$(SAY) 'Installing $* from npm'
	cd $* && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(BIN)/uv:
	$(SAY) 'Making a Python environment'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8

$(VENV)/demo: $(BIN)/uv pyproject.toml constraints.txt
	$(SAY) 'Installing the service, JupyterHub, JupyterLab and the kernels (a minute or two the first time)'
	$(BIN)/uv pip install --python $(VENV) --constraint constraints.txt --editable '.[demo]' 2>&1 | grep -v '^ [-+~]'
	$(KERNELS)
	@touch $@

$(VENV)/test: $(BIN)/uv pyproject.toml constraints.txt
	$(SAY) 'Installing what the tests need (a minute or two the first time)'
	$(BIN)/uv pip install --python $(VENV) --constraint constraints.txt --editable '.[test]' 2>&1 | grep -v '^ [-+~]'
	$(KERNELS)
	@touch $@ $(VENV)/demo

# A browser, PostgreSQL, nginx, Apache and Java: Debian's packages where apt-get works.
$(VENV)/system: tests/install.sh $(VENV)/test
	$(SAY) 'Installing a browser, PostgreSQL, nginx, Apache and Java where there are none'
	bash tests/install.sh $(BIN)
	@touch $@

.venvs/hub-%/installed: $(BIN)/uv pyproject.toml
	$(SAY) 'Installing JupyterHub $*'
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D) jupyterhub==$* jupyter_server ipykernel --editable .
	@touch $@

# One that is too old for the service, without it.
.venvs/hub-4.0.2/installed: $(BIN)/uv
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D) jupyterhub==4.0.2
	@touch $@

# One that is too old for %jigsaw, for a kernel of our own environment that finds it first.
.venvs/metakernel-%/installed: $(VENV)/test
	$(BIN)/uv pip install --quiet --python $(VENV) --no-deps --target $(@D) metakernel==$*
	@touch $@

# A rival of live editing, only measured; its clients' library in our own environment.
.venvs/collaboration/installed: $(BIN)/uv
	$(SAY) 'Installing jupyter-collaboration'
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D) jupyter-server-ydoc==3.0.4 jupyter-server==2.21.1
	$(BIN)/uv pip install --quiet --python $(VENV) pycrdt==0.14.13
	@touch $@

clean:
	rm -rf $(VENV) .venvs .demo dist jigsaw_service/static $(EDITOR)/node_modules deploy/demo/node_modules

## Renew the exact versions in constraints.txt from what pyproject.toml allows, for every Python we support
constraints: $(BIN)/uv
	{ echo '# Exact versions of everything the demo and the tests install; `make constraints` renews it.'; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade --extra test \
	  --no-header --no-annotate pyproject.toml; } > constraints.txt
