# Every target builds .venv by itself from requirements/lock.txt, once, and again only when the lock or pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.set-up

.PHONY: verify test lint types bench extras
.DELETE_ON_ERROR:

verify: $(STAMP)
	$(BIN)/dmftheory verify --jobs 2 $(VERIFY)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(STAMP)
	$(BIN)/ruff check .

# mypy cannot see the mapping of proofs/ and checks/ in the checkout, so it reads the unpacked wheel (built from the sdist).
types: $(STAMP)
	@set -eu; room=$$(mktemp -d); trap 'rm -rf "$$room"' EXIT; \
	$(BIN)/python -m build --no-isolation --outdir "$$room" . >/dev/null; \
	$(BIN)/python -m zipfile -e "$$room"/dmftheory-*.whl "$$room/site"; \
	here=$$PWD; cd "$$room"; \
	MYPYPATH="$$room/site" "$$here/$(BIN)/python" -m mypy --strict --config-file "$$here/pyproject.toml" --cache-dir "$$here/.mypy_cache" -p dmftheory

# Optional packages: a second solver, and PyTorch to check our gradients.
extras: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements/extras.txt

bench: $(STAMP)
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python "$$script" || exit 1; done

$(STAMP): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "dmftheory needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1). Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "'$(PYTHON)' has no venv module; install it (Debian, Ubuntu: apt-get install python3-venv) or name another Python: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
