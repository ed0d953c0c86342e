# Each command sets up what it needs by itself: Python 3.11 or newer and make are enough.
# PYTHON=... names another Python, VENV=... another virtual environment, ARGS="..." is handed to the command.

# Each is really run: a version manager may have a python3.13 on the PATH that only says how to install it.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && exit; done; echo python3)
endif
BOOTSTRAP = @$(PYTHON) devstack/bootstrap.py $@ $(ARGS)

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: ## Start Waymark with a database, mail and demo data of its own (Ctrl-C stops it; PORT=...)
	$(BOOTSTRAP)

manage: ## Give the running server a command (ARGS="prompt_now amara@example.org")
	$(BOOTSTRAP)

test: ## Run every test (ARGS="tests/goals -x" for some)
	$(BOOTSTRAP)

lint: ## Check format, style, types, imports, templates, migrations, settings
	$(BOOTSTRAP)

check: ## lint, then test: what CI runs
	$(BOOTSTRAP)

faults: ## Repeat the tests that kill and cut things, 100 rounds each (FAULT_ROUNDS=...)
	$(BOOTSTRAP)

bench: ## Measure pages and mails against their budgets, forecasts against their claim
	$(BOOTSTRAP)

lock: ## Write requirements/*.txt anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(BOOTSTRAP)

clean: ## Remove the virtual environment and all development data of this checkout
	$(BOOTSTRAP)

.DEFAULT_GOAL := help
.PHONY: help run manage test lint check faults bench lock clean
