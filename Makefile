# Works with GNU make 3.81 (the one on macOS) and newer.

HOST ?= 127.0.0.1
PORT ?= 5000
ARGS ?=
PYTEST_ARGS ?= -n 2
BENCH_ARGS ?=
FUZZ_SECONDS ?= 20
FUZZ_ARGS ?=
CHAOS_ARGS ?=

# Tried in this order where there is no .venv yet; PYTHON=/path/to/python overrules it.
PYTHON ?= python3.13 python3.12 python3.11 python3

# Only `make requirements` uses uv: it resolves for every platform and Python at once,
# which pip cannot do. `make requirements UPGRADE=--upgrade` takes newer releases.
UV ?= uv==0.13.9
UPGRADE ?=

# Only `make audit` uses it.
PIP_AUDIT ?= pip-audit==2.10.1

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run join test check audit bench bench-growth bench-peers bench-stages fuzz chaos timing format pictures requirements clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv with everything that Hubbub and its tests need
	@:

# Leaves in $found a Python that can make the environment. A command called python3.12
# may be there and still not run (a version manager's shim for a version that is not
# selected), so each is tried rather than looked up. Debian ships venv without
# ensurepip, which would fail only halfway, so that is asked for too.
FIND_PYTHON = \
	found=; \
	for python in $(BIN)/python $(PYTHON); do \
		if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found="$$python"; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Hubbub needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: apt install python3 python3-venv). None of these is one: $(PYTHON)" >&2; \
		exit 1; \
	fi

PIP_INSTALL = -m pip install --quiet --disable-pip-version-check

$(READY): requirements-dev.txt pyproject.toml
	@$(FIND_PYTHON); \
	if [ "$$found" != $(BIN)/python ]; then \
		echo "Making .venv with $$("$$found" --version) and installing into it; the first time takes a minute."; \
		"$$found" -m venv --clear .venv; \
	fi
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Start the hub (HOST=127.0.0.1 PORT=5000 ARGS=)
	@$(BIN)/python server.py $(HOST) $(PORT) $(ARGS)

join: setup ## Join a hub from this terminal (HOST= PORT= ARGS=)
	@$(BIN)/python client.py $(HOST) $(PORT) $(ARGS)

# The page needs no Node.js, neither to run nor to be tested; only the types in its scripts
# are checked with it.
CHECK_PAGE = \
	if ! command -v npm >/dev/null; then \
		echo "NOT CHECKED: the types in the page's scripts; that needs npm (on Debian and Ubuntu: apt install npm)" >&2; \
	else \
		if [ ! node_modules/.ready -nt package-lock.json ]; then \
			npm ci --no-audit --no-fund --ignore-scripts --loglevel=error && touch node_modules/.ready || exit 1; \
		fi; \
		node_modules/.bin/tsc --project . && echo "The types in the page's scripts are right."; \
	fi

test: check ## Check everything, then run the tests (PYTEST_ARGS=)
	$(BIN)/pytest $(PYTEST_ARGS)

check: setup .venv/.audited ## Check format, lint, types, contracts and the pinned packages
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(CHECK_PAGE)

chaos: setup ## Kill, cut and stall on purpose, and see what is kept (CHAOS_ARGS=)
	$(BIN)/python -m chaos $(CHAOS_ARGS)

timing: setup ## Try whether the time of an answer tells which names there are (TIMING_ARGS=)
	$(BIN)/python -m chaos.timing $(TIMING_ARGS)

# Asks a service on the network which known vulnerabilities there are. `status` is 0 when
# there is none, 1 when there is one, 2 when the service could not be asked. Without
# --strict a package that nobody could ask about would pass for a good one.
AUDIT = \
	$(FIND_PYTHON); tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; status=0; \
	"$$found" -m venv "$$tools/venv"; \
	if ! "$$tools"/venv/bin/python $(PIP_INSTALL) --retries 1 '$(PIP_AUDIT)' 2>"$$tools/errors"; then \
		status=2; \
	elif ! "$$tools"/venv/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		-r requirements.txt 2>"$$tools/errors"; then \
		status=1; \
		if grep -q -e 'could not be audited' -e 'ConnectionError' -e 'ServiceError' "$$tools/errors"; then status=2; fi; \
	fi; \
	case $$status in \
		0) echo "No known vulnerability in requirements.txt.";; \
		1) cat "$$tools/errors" >&2;; \
		2) echo "NOT AUDITED: the service that knows vulnerabilities can't be reached from here" >&2;; \
	esac

audit: ## Ask whether the pinned packages have known vulnerabilities (needs the network)
	@$(AUDIT); exit $$status

# What was audited once is not asked about with every check. Who is offline can check all
# else, and is told what was not.
.venv/.audited: requirements.txt | setup
	@$(AUDIT); if [ $$status = 0 ]; then touch $@; fi; test $$status != 1

bench: setup ## Measure throughput and latency (BENCH_ARGS=)
	$(BIN)/python -m bench $(BENCH_ARGS)

bench-stages: setup ## Show where the time of a delivery goes (BENCH_ARGS=)
	$(BIN)/python -m bench.stages $(BENCH_ARGS)

bench-peers: setup ## Install the other servers that make bench measures (as root, with apt)
	$(BIN)/python -m bench.install

fuzz: setup ## Look for bytes that do harm (FUZZ_SECONDS=20 for each target, FUZZ_ARGS=)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-fuzz.txt
	$(BIN)/python -m fuzz --seconds $(FUZZ_SECONDS) $(FUZZ_ARGS)

bench-growth: setup ## Measure what a history of ten million messages costs (BENCH_ARGS=)
	$(BIN)/python -m bench.growth $(BENCH_ARGS)

format: setup ## Format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

pictures: setup ## Make the pictures in docs/images anew
	$(BIN)/python tools/picture.py
	$(BIN)/python tools/screenshots.py

# In a throwaway environment, so that uv is no dependency of the project.
COMPILE = "$$tools"/venv/bin/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command 'make requirements' $(UPGRADE)

requirements: ## Pin and hash the dependencies anew from pyproject.toml (UPGRADE=--upgrade)
	@set -e; $(FIND_PYTHON); tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	"$$found" -m venv "$$tools/venv"; \
	"$$tools"/venv/bin/python $(PIP_INSTALL) '$(UV)'; \
	$(COMPILE) pyproject.toml --output-file requirements.txt; \
	$(COMPILE) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt; \
	$(COMPILE) --group bench --output-file requirements-bench.txt; \
	$(COMPILE) --group fuzz --output-file requirements-fuzz.txt

clean: ## Remove .venv, caches and build results
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .fuzz .coverage .coverage.* htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
