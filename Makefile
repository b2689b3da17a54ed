# Each command makes ready what it needs on a fresh Debian or Ubuntu; see tools/setup.sh.

SHELL := /bin/bash
BIN := .venv/bin

# A container without a home directory still has to keep pip's and Numba's caches somewhere.
export HOME ?= $(CURDIR)/.venv/home
export PYTHONUNBUFFERED := 1
# Tests start hundreds of processes: none of them compiles again what others have compiled.
export PYTHONDONTWRITEBYTECODE :=

# How tests are run at once; TESTS=... runs some of them in one process.
PROCESSES := auto
ORDER := $(if $(SHUFFLE),--shuffle=$(SHUFFLE))

.PHONY: help demo check test lint fuzz soak real-colormaps real-files bench docs clean

help:
	@echo "make demo    show an image in the window (without a display: draw the window into demo.png)"
	@echo "make test    check the style, the types and the behaviour (TESTS=which, SHUFFLE=a number for another order)"
	@echo "make check   within a minute: the style, the types, and the tests that your changes can break (SINCE=commit)"
	@echo "make lint    check the style and the types"
	@echo "make fuzz    say a million wrong things at every door (FUZZ=how many of each, TARGETS=which tests)"
	@echo "make soak    break hosts and lines for a long time, MINUTES=10 by default, and look for wrong pixels and leaks"
	@echo "make real-colormaps  fetch the colormap files of other programs and read each one (FOLDER=where they stay, or"
	@echo "             where files lie with facts about them: then each is compared with its facts)"
	@echo "make real-files  open real files of other programs and compare them with what others found (FOLDER=where they are)"
	@echo "make bench   measure, beside peers and physical limits"
	@echo "make docs    build the documentation into docs/_build/html"
	@echo "make clean   remove everything that these commands made"

demo:
	@tools/setup.sh viewer
	@$(BIN)/traitsview demo $(DEMO)

test: lint
	@$(BIN)/python -m pytest $(ORDER) $(or $(TESTS),-n $(PROCESSES) --dist worksteal)

# Tests begin for 20 s; to start, to collect and to end the last ones takes as long again, and the types the rest of a minute.
check: lint
	@$(BIN)/python tools/check.py 20 $(SINCE)

lint:
	@tools/setup.sh viewer,test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fuzz:
	@tools/setup.sh viewer,test
	@TRAITSVIEW_FUZZ=$(or $(FUZZ),1000000) TRAITSVIEW_FUZZ_SEED=$(or $(SEED),$$RANDOM$$RANDOM) \
		$(BIN)/python -m pytest -s -q $(or $(TARGETS),tests/fuzz)
	@$(if $(TARGETS),,$(BIN)/python -m pytest -q -m hypothesis --hypothesis-profile=search)

soak:
	@tools/setup.sh viewer,test
	@PYTHONPATH=tests $(BIN)/python -m kit.soak $(or $(MINUTES),10)
	@TRAITSVIEW_FRAMES=1000000 $(BIN)/python -m pytest -s tests/live/test_whole_frames.py
	@TRAITSVIEW_RESTARTS=50 $(BIN)/python -m pytest tests/sources/test_kernel.py -k again_and_again
	@TRAITSVIEW_KILLS=2000 TRAITSVIEW_CUTS=2000 TRAITSVIEW_DOWN=5,12,20,120 $(BIN)/python -m pytest -s tests/faults

real-colormaps:
	@tools/setup.sh viewer,test
	@tools/real_colormaps.sh $(FOLDER)

real-files:
	@tools/setup.sh viewer,test
	@$(BIN)/python tools/real_files.py $(or $(FOLDER),$(error say where the files are: make real-files FOLDER=…))

bench:
	@tools/setup.sh bench
	@for script in $(or $(BENCH),benchmarks/bench_*.py); do \
		echo; echo "== $$script"; $(BIN)/python $$script || exit 1; \
	done

docs:
	@tools/setup.sh docs
	@$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf .venv build dist docs/_build demo.png .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find traitsview tests benchmarks examples docs -name __pycache__ -type d -prune -exec rm -rf {} +
