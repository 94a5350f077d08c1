# The two commands a newcomer needs are `make run` and `make test`; neither needs anything done before, besides a Rust
# toolchain. `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO ?= cargo
# What went wrong should be readable in a log: no progress bars without a terminal.
export CARGO_TERM_PROGRESS_WHEN ?= auto

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name what; do \
		printf '  make %-12s %s\n' "$$name" "$$what"; done

.PHONY: setup
setup: ## install what the build needs (asked for by run and test)
	@tools/setup.sh build

.PHONY: run
run: setup ## build and open the sandbox; without a terminal, play the demo scenarios as text
	@$(CARGO) build --release --locked
	@$(CARGO) run --quiet --release --locked -- $(ARGS)

.PHONY: test
test: ## everything that must hold: formatting, lints, docs, all tests
	@tools/setup.sh test
	@echo '== formatting'
	@$(CARGO) fmt --check
	@echo '== lints'
	@$(CARGO) clippy --locked --all-targets -- -D warnings
	@echo '== documentation'
	@RUSTDOCFLAGS='-D warnings' $(CARGO) doc --locked --no-deps --document-private-items --quiet
	@echo '== tests: unit, integration, pseudo-terminal, drift of schema and snapshots, documentation examples'
	@CI=true INSTA_UPDATE=no INSTA_WORKSPACE_ROOT='$(CURDIR)' $(CARGO) test --locked

.PHONY: fmt
fmt: ## format the code
	@$(CARGO) fmt

.PHONY: lint
lint: ## clippy, warnings are errors
	@$(CARGO) clippy --locked --all-targets -- -D warnings

.PHONY: audit
audit: setup ## cargo-deny: banned crates, licenses, sources
	@command -v cargo-deny >/dev/null || { \
		echo 'cargo-deny is not installed; building it once with cargo install'; \
		$(CARGO) install --locked cargo-deny; }
	@$(CARGO) deny --all-features check bans licenses sources

.PHONY: bench
bench: setup ## benchmarks; figures are ratios where another program gives the measure
	@$(CARGO) bench --locked

.PHONY: soak
soak: setup ## the long tests whole: kills, ten thousand turns, random calls
	@IVR_SOAK=1 $(CARGO) test --locked --release

.PHONY: schema
schema: ## write the scenario schema from the types
	@mkdir -p assets/schema
	@$(CARGO) run --quiet --locked -- schema > assets/schema/scenario.schema.json.new
	@mv assets/schema/scenario.schema.json.new assets/schema/scenario.schema.json

.PHONY: screenshots
screenshots: ## draw the README's pictures anew from the program itself
	@$(CARGO) run --quiet --locked --example screenshots

.PHONY: clean
clean: ## remove what was built
	@$(CARGO) clean
