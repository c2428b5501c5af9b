# Two commands matter: `make run` and `make test`. Both do all the set-up themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv/bin
# Machines that forbid bytecode make TensorFlow's import three times as long.
unexport PYTHONDONTWRITEBYTECODE
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.PHONY: help setup setup-dev run test check bench screenshots guide-pictures soak mutation lock clean

help:
	@echo "make run     set up, then start the chat server and the clinician console"
	@echo "make test    set up, then run the whole test suite (real PostgreSQL, Redis and Chromium)"
	@echo "make check   lint, types, import rules, rulebook and Rasa data validation"
	@echo "make guide-pictures   the pictures of docs/clinician-guide.md, from the test that plays it"
	@echo "make screenshots   pictures of the chat in its main states, into var/screenshots"
	@echo "make soak    10,000 odd requests to the console, 50,000 due check-ins, 200 killed workers, 1,000 patients (2 hours)"
	@echo "make mutation  1,200 mutants of the clinical core against its tests (an hour; ALL=1: every one, a day)"
	@echo "make bench   the benchmarks;   make lock   re-resolve the requirement files"

LOCKED := .python-version pyproject.toml tools/setup.sh

.venv/.ready-run: requirements.txt $(LOCKED)
	@if [ .venv/.ready-dev -nt requirements.txt ] && [ .venv/.ready-dev -nt pyproject.toml ] && [ .venv/.ready-dev -nt tools/setup.sh ]; then touch $@; else tools/setup.sh run; fi

.venv/.ready-dev: requirements-dev.txt $(LOCKED) tools/browser.sh tools/node.sh bot/widget/package-lock.json tests/review/fhir_validator/package-lock.json
	@tools/setup.sh dev

setup: .venv/.ready-run
setup-dev: .venv/.ready-dev

run: setup
	@$(VENV)/backplan up

test: setup-dev
	@$(VENV)/backplan train >/dev/null 2>&1 || $(VENV)/backplan train
	@tools/test.sh

check: setup-dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports --no-logo 2>/dev/null || $(VENV)/lint-imports
	$(VENV)/backplan rulebook check
	npm run --silent --prefix bot/widget check
	$(VENV)/rasa data validate --fail-on-warnings --domain domain.yml --data data --config config.yml 2>/dev/null
	$(VENV)/backplan train
	$(VENV)/rasa test core --model var/models --stories tests/stories --out results --fail-on-prediction-errors >/dev/null 2>&1 \
		|| { cat results/failed_test_stories.yml; exit 1; }

bench: setup-dev
	$(VENV)/python -m benchmarks

screenshots: setup-dev
	@$(VENV)/python -m tools.screenshots

guide-pictures: setup-dev
	@mkdir -p var/console docs/images/console
	@BACKPLAN_PICTURES=var/console $(VENV)/python -m pytest -q tests/review/test_console_work_in_a_browser.py
	@cd var/console && cp 02-second-step.png 06-queue.png 07-case.png 07-decision.png 09-against-a-rule.png 11-audit.png 14-invitation.png 15-invitations.png 16-same-person.png 17-side-by-side.png ../../docs/images/console/

soak: setup-dev
	@SOAK_REQUESTS=10000 $(VENV)/python -m pytest tests/review/test_console_soak.py
	@$(VENV)/python -m benchmarks.checkins
	@$(VENV)/python -m benchmarks.conversations --count 1000

mutation: setup-dev
	@tools/mutation/run.py $(if $(ALL),,--sample 1200)

UV := $(shell command -v .tools/bin/uv || command -v uv)
COMPILE := $(UV) pip compile pyproject.toml -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock:
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(subst pyproject.toml,tools/mutation/requirements.in,$(COMPILE)) -o tools/mutation/requirements.txt

clean:
	rm -rf .venv .tools .rasa results build *.egg-info
