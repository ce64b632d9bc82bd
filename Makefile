# One command for everything: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin

# Python to build the environment with. PyBullet ships wheels for 3.11; on 3.12 pip
# compiles it, which needs a C++ compiler.
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	2>/dev/null && { echo $$p; break; }; done)

# Only `make test` installs torch. On Linux x86_64 the plain package is the CUDA build,
# several GB; the CPU build comes from an index of its own:
#   make test TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH := torch==2.13.0
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_INSTALL := $(PIP) install --quiet

# Extra arguments for pytest, e.g. make test PYTEST_ARGS='-m "not slow"'
PYTEST_ARGS ?=
JOBS ?= 2

# One thread a process: two processes of two threads each spin on two cores.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

PACKAGING := pyproject.toml hatch_build.py

.PHONY: help demo test check docs format bench pictures clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
	  echo "jouleplan needs Python 3.11 or 3.12 and found neither." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make environments; install its venv module" \
	    "(Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The base package alone, editable: a change of the code needs no second installation.
$(VENV)/.base: $(PACKAGING) | $(BIN)/python
	@echo "installing jouleplan into $(VENV)"
	$(PIP_INSTALL) --editable .
	@touch $@

# Everything the checks need. torch goes first, so that no other package chooses it.
$(VENV)/.all: $(PACKAGING) Makefile | $(BIN)/python
	@echo "installing jouleplan[engines,train,parquet,cluster,vla,architectures,notebooks,docs,dev] and $(TORCH) into $(VENV)"
	$(PIP_INSTALL) $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) '$(TORCH)'
	$(PIP_INSTALL) --editable '.[engines,train,parquet,cluster,vla,architectures,notebooks,docs,dev]'
	@# a client to test against; it asks for an old numpy and runs with this one
	$(PIP_INSTALL) --no-deps 'openpi-client==0.1.2'
	@touch $(VENV)/.base $@

demo: $(VENV)/.base ## solve 3-disk Hanoi; film in demo/hanoi.gif
	@mkdir -p demo
	$(BIN)/jouleplan solve hanoi p03 --seed 7 --gif demo/hanoi.gif
	@echo "film: demo/hanoi.gif"

check: $(VENV)/.all ## format, lint, types, order of the folders
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/.all ## build the documents into build/docs; any warning is an error
	$(BIN)/sphinx-build --fail-on-warning --keep-going --nitpicky --fresh-env --quiet -b html docs build/docs

test: check docs ## every check, the documents, then every test
	$(BIN)/pytest -p no:benchmark --numprocesses $(JOBS) --dist worksteal $(PYTEST_ARGS)

bench: $(VENV)/.all ## speed measurements (not part of the tests)
	$(BIN)/pytest tests/benchmarks -o python_files='bench_*.py' --benchmark-only \
	  $(PYTEST_ARGS)

format: $(VENV)/.all ## rewrite the code in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: $(VENV)/.base ## draw every shipped domain into docs/domains
	PATH="$(CURDIR)/$(BIN):$$PATH" docs/domains/draw.sh

clean: ## remove the environment and everything that was written
	rm -rf $(VENV) build dist demo runs .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache .benchmarks
