# Commands for people and for CI. Everything is installed into .venv from requirements.lock.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3.11
PERSONS ?= 6000
SEED ?= 2016
PORT ?= 8000
BIN := .venv/bin
# Trust the certificates the machine trusts: many municipal networks have an authority of their own.
export UV_SYSTEM_CERTS := 1
UV := $(shell command -v uv 2>/dev/null || echo .tools/uv/bin/uv)

.PHONY: help install demo test lint browser java lock look docs clean

help:  ## Show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.tools/uv/bin/uv:
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/.installed: requirements.lock pyproject.toml | $(filter .tools/%,$(UV))
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --no-deps --python $(BIN)/python --editable .
	@touch $@

install: .venv/.installed  ## Install what is locked

demo: .venv/.installed  ## Simulate a municipality, run the main job on it and on real people's data, and start the server
	@rm -rf demo
	$(BIN)/indsats simulate fremskudt-indsats --persons $(PERSONS) --seed $(SEED) --out demo/data
	$(BIN)/indsats plan register fremskudt-indsats --data demo/data
	$(BIN)/indsats run fremskudt-indsats --data demo/data --out demo/fremskudt-indsats
	$(BIN)/indsats run fremskudt-indsats --data demo/data --report oekonomi --out demo/oekonomi
	$(BIN)/indsats run supported-work --out demo/supported-work
	@echo
	@echo "The reports lie here:"
	@echo "  $(CURDIR)/demo/fremskudt-indsats/report.html   (synthetic people)"
	@echo "  $(CURDIR)/demo/oekonomi/report.html   (what it costs and returns; invented prices)"
	@echo "  $(CURDIR)/demo/supported-work/report.html      (real people, 1975-77)"
	@echo
	$(BIN)/indsats simulate flere-skal-med --persons 1500 --seed $(SEED) --out demo/walk-in
	$(BIN)/indsats serve --demo --data demo/walk-in --database sqlite:///demo/indsats.sqlite3 --port $(PORT)

lint: .venv/.installed  ## Style, types, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

browser:  ## Bring Debian's Chromium for the browser tests when there is none
	@command -v chromium >/dev/null || { \
	  [ "$$(id -u)" = 0 ] || { echo "Install chromium, for example: sudo apt-get install chromium"; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }

java:  ## Bring Java 17 for the tests on Spark where it can be installed; without it they are skipped
	@command -v java >/dev/null || [ "$$(id -u)" != 0 ] || { \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openjdk-17-jre-headless >/dev/null; } \
	  || echo "Java could not be installed: the tests on Spark are skipped"

test: .venv/.installed lint browser java docs  ## Everything the project tests
	$(BIN)/pytest -n auto
	INDSATS_TEST_DATABASE=postgres $(BIN)/pytest -n auto tests/server

docs: .venv/.installed  ## Build the documentation with strict links
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/programme_pages.py
	$(BIN)/zensical build --strict --clean

lock: | $(filter .tools/%,$(UV))  ## Resolve the dependencies anew
	$(UV) pip compile --quiet --universal --group dev --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml -o requirements.lock

look:  ## Fetch the design system anew at its pinned version
	@mkdir -p .tools/look
	npm pack --silent --pack-destination .tools/look dkfds@11.2.0
	$(BIN)/python -m indsats.web.design_system .tools/look/dkfds-11.2.0.tgz

clean:  ## Remove what these commands made
	rm -rf .venv .tools demo site
