# Each command sets up what it needs by itself: Python 3.11 or newer and make are enough.
# PYTHON=... names another Python, VENV=... another virtual environment, ARGS="..." is handed to the command.

PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell command -v $(name) 2>/dev/null)))
PYTHON := $(or $(PYTHON),$(error No python3 found. Install Python 3.11 or newer))
BOOTSTRAP = @$(PYTHON) devstack/bootstrap.py $@ $(ARGS)

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## Start Waymark with a database, mail and demo data of its own (Ctrl-C stops it; PORT=...)
	$(BOOTSTRAP)

test: ## Run every test (ARGS="tests/goals -x" for some)
	$(BOOTSTRAP)

lint: ## Check format, style, types, imports, templates, migrations, settings
	$(BOOTSTRAP)

check: ## lint, then test: what CI runs
	$(BOOTSTRAP)

faults: ## Repeat the tests that kill and cut things, 100 rounds each (FAULT_ROUNDS=...)
	$(BOOTSTRAP)

bench: ## Measure pages and mails against their budgets
	$(BOOTSTRAP)

lock: ## Write requirements/*.txt anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(BOOTSTRAP)

clean: ## Remove the virtual environment and all development data of this checkout
	$(BOOTSTRAP)

.DEFAULT_GOAL := help
.PHONY: help run test lint check faults bench lock clean
