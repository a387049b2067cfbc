# Two commands: `make run` runs the main job on the demo world, `make test` runs the tests. The rest is for developers.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-real lint types locale docs docs-check eval format bench-screen bench-crawl bench-domains bench-logos bench-probe bench-listen bench-review clean

run: .venv/run
	$(BIN)/listen demo

test: .venv/dev
	$(BIN)/python -m pytest -n 3 --dist worksteal

test-real: .venv/browser-tests
	$(BIN)/python scripts/install_real_servers.py
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m realserver tests/real

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/compile_locale.py --check

types: .venv/dev
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

locale: .venv/dev
	$(BIN)/python scripts/compile_locale.py

docs: .venv/dev
	$(BIN)/python scripts/write_reference.py

docs-check: .venv/dev
	$(BIN)/python scripts/write_reference.py --check

eval: .venv/dev
	$(BIN)/python scripts/eval_floors.py

bench-screen: .venv/dev
	$(BIN)/python bench/screen.py

bench-crawl: .venv/dev
	$(BIN)/python bench/crawl.py

bench-domains: .venv/dev
	$(BIN)/python bench/domains.py

bench-probe: .venv/dev
	$(BIN)/python bench/probe.py

bench-logos: .venv/dev
	$(BIN)/python bench/logos.py

bench-listen: .venv/dev
	for work in match agreement log near_duplicates storms stream; do $(BIN)/python bench/$$work.py || exit 1; done

bench-review: .venv/dev
	$(BIN)/python bench/review.py; met=$$?; $(BIN)/python bench/review.py crowd && exit $$met

.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "listen needs Python 3.11 or later: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/dev: .venv/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ .venv/run

.venv/browser-tests: .venv/dev
	$(BIN)/python -m pip install --quiet --editable '.[browser-tests]'
	touch $@

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache build dist demo
