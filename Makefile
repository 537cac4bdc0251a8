# Every command works on a bare machine with make and Python 3.11: the first step installs the rest.
PYTHON := .venv/bin/python
SET_UP := python3 -m portal.local.bootstrap
LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
LOCK := .venv/bin/uv pip compile pyproject.toml $(LOCKING)
GROUP := .venv/bin/uv pip compile $(LOCKING) --group
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint unit e2e bench bench-scoring bench-telemetry cluster-test messages lock clean forget chaos

help: ## Show these lines
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

run: ## Start the portal with its services and demonstration data; Ctrl-C stops it
	@$(SET_UP) run
	@exec $(PYTHON) -m portal.local run --with-parent

test: lint unit e2e ## Everything: lint and types, unit and integration tests, browser tests

lint: ## Style, format and types
	@$(SET_UP) dev
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

unit: ## Unit and integration tests on real services, on two cores (ARGS="-k name" narrows)
	@$(SET_UP) dev
	$(PYTHON) -m pytest tests -n 2 $(ARGS)

e2e: ## Stories in a real browser, on two cores (ARGS="-k name" narrows)
	@$(SET_UP) dev
	$(PYTHON) -m pytest e2e -n 2 --dist worksteal $(ARGS)

bench: ## Measure the portal beside its peers on 100,000 imported devices
	@$(SET_UP) bench
	$(PYTHON) -m bench $(ARGS)

bench-scoring: ## Measure the scoring engine beside its peers, each in the same run (ARGS="--only T9 --json")
	@$(SET_UP) run
	$(PYTHON) -m bench.scoring $(ARGS)

chaos: ## kill -9 of NATS, PostgreSQL, ingest and gateway while devices send; counts what was lost (ARGS="--kills 60")
	@$(SET_UP) dev
	$(PYTHON) -m tests.telemetry_ingest.chaos $(ARGS)

cluster-test: ## Kill the servers of a 3-node NATS cluster in turn and count what is lost (ARGS="--kills 12")
	@$(SET_UP) run
	$(PYTHON) -m bench.telemetry.cluster $(ARGS)

bench-telemetry: ## Measure the way of readings, publish → committed, beside COPY and Mosquitto (ARGS="--only rates")
	@$(SET_UP) dev
	$(PYTHON) -m bench.telemetry $(ARGS)

messages: ## Extract the strings to translate and update the catalogues
	@$(SET_UP) dev
	$(PYTHON) -m portal.cli messages

lock: ## Renew the lock files from pyproject.toml and package.json
	@$(SET_UP) dev
	printf 'uv\n' | .venv/bin/uv pip compile - $(LOCKING) -o requirements/uv.txt
	$(LOCK) --group local -o requirements/run.txt
	$(LOCK) --group local --group dev -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) --group local --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) -c requirements/run.txt -o requirements/production.txt
	$(GROUP) pyproject.toml:bench-scoring -o requirements/bench-scoring.txt
	PATH="$(CURDIR)/.venv/bin:$$PATH" npm install --package-lock-only

clean: ## Remove what the set-up installed and built; data in var/ stays
	rm -rf .venv .venv-bench-scoring node_modules portal/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis var/tests
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

forget: ## Remove the local data: database, mails, documents, secrets
	@$(SET_UP) run
	@$(PYTHON) -m portal.local forget
