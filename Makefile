# Daybreak. `make` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench faults pins fix lock

# Compiled modules are kept, whatever the environment says: compiling them anew costs each start of Python a second.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := $(shell command -v python3.11 || command -v python3)
SOURCES := pyproject.toml hatch_build.py src/daybreak/design/tokens.json $(wildcard frontend/package*.json frontend/build.mjs) $(shell find frontend/src src/daybreak/config/locale -type f -not -name "*.mo" 2>/dev/null) src/daybreak/config/catalogues.py

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## install what running needs; ends with .venv/bin/daybreak

.venv/ready: requirements/run.txt $(SOURCES)
	@uv=$$(.ci/get-uv) && echo "Installing Daybreak …" && \
	{ [ -x .venv/bin/python ] || "$$uv" venv --quiet --no-python-downloads --python $(PYTHON) .venv; } && \
	"$$uv" pip install --quiet --python .venv --require-hashes -r requirements/run.txt && \
	"$$uv" pip install --quiet --python .venv --no-deps -e . && touch $@

.venv/ready-to-develop: .venv/ready requirements/develop.txt
	@uv=$$(.ci/get-uv) && echo "Installing what the tests need …" && \
	"$$uv" pip install --quiet --python .venv --require-hashes -r requirements/develop.txt && touch $@

demo: setup ## run the demonstration on http://127.0.0.1:8000/
	@exec .venv/bin/daybreak demo

test: .venv/ready-to-develop ## run every test; installs what it needs and says what it skips
	@DAYBREAK_CHROMIUM=$$(.ci/get-chromium); export DAYBREAK_CHROMIUM; \
	[ -n "$$DAYBREAK_CHROMIUM" ] || printf '\n*** No Chromium: EVERY BROWSER TEST IS SKIPPED ***\n\n'; \
	.venv/bin/python -m tests.world.preflight || printf '\n*** No preflight: NO OTHER PROGRAM LOOKS AT A PDF (validation/README.md) ***\n\n'; \
	.venv/bin/ruff check --quiet . && .venv/bin/mypy && .venv/bin/python .ci/check-types && .venv/bin/daybreak definitions check && \
	exec .venv/bin/python -W error -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/ready-to-develop ## what CI checks before the tests; changes nothing
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/python .ci/check-types && \
	.venv/bin/daybreak definitions check && \
	.venv/bin/lint-imports

bench: .venv/ready-to-develop ## measure the bars of speed; ONLY=P1,P2 chooses, SIZE=quick or full
	@exec .venv/bin/python -m bench bench

faults: .venv/ready-to-develop ## measure the bars of reliability; ONLY=R1,R2 chooses, SIZE=quick or full
	@DAYBREAK_CHROMIUM=$$(.ci/get-chromium); export DAYBREAK_CHROMIUM; exec .venv/bin/python -m bench faults

pins: ## compute the reference numbers of validation/ again, where R is
	@command -v Rscript >/dev/null || { echo "R is not here: NO REFERENCE NUMBER WAS COMPUTED. validation/README.md says what to install."; exit 1; }
	@cd validation && for script in *.R; do echo "$$script"; Rscript "$$script" || exit 1; done

fix: .venv/ready-to-develop ## put code into form
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

lock: ## pin the dependencies of pyproject.toml again
	@uv=$$(.ci/get-uv) && \
	"$$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements/run.txt && \
	"$$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev pyproject.toml -c requirements/run.txt -o requirements/develop.txt
