#!/usr/bin/env bash
# Installs what building and testing need and the machine lacks: make, and a C compiler for the bundled SQLite.
# Says what it does and why. On systems without apt it names what is missing and goes on where the tools are there.
#
# Usage: tools/setup.sh build|test (test also looks for rustfmt and clippy)
set -euo pipefail

purpose="${1:-build}"

say() { printf '%s\n' "$*" >&2; }

# A compiler alone is not enough: without the C library's headers and start files nothing links.
can_compile() {
    local dir ok=1
    command -v cc >/dev/null 2>&1 || return 1
    dir="$(mktemp -d)"
    printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' >"$dir/probe.c"
    cc "$dir/probe.c" -o "$dir/probe" >/dev/null 2>&1 && ok=0
    rm -rf "$dir"
    return "$ok"
}

install_packages() {
    local why="$1"
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Missing: $why."
        say "This is not a Debian or Ubuntu system, so nothing was installed. Install the packages that provide it"
        say "(Debian calls them: $*; Fedora: gcc make; Alpine: build-base; macOS: xcode-select --install),"
        say "then run the command again."
        exit 1
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "Missing: $why. Installing it takes root, and there is no sudo here. Run as root:"
            say "    apt-get update && apt-get install -y $*"
            exit 1
        fi
        as_root=(sudo)
        say "Installing with sudo: $* ($why)"
    else
        say "Installing: $* ($why)"
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
}

if ! command -v make >/dev/null 2>&1; then
    install_packages "make, which runs the project's commands" make
fi

if ! can_compile; then
    install_packages "a C compiler and the C library's headers, for the bundled SQLite" gcc libc6-dev
fi

if ! command -v cargo >/dev/null 2>&1; then
    say "Missing: a Rust toolchain (cargo). Get it with rustup, from https://rustup.rs, then open a new shell and run"
    say "the command again. The oldest version that works is the rust-version in Cargo.toml."
    exit 1
fi

if [ "$purpose" = test ]; then
    for part in fmt:rustfmt clippy:clippy; do
        tool="${part%%:*}"
        component="${part##*:}"
        cargo "$tool" --version >/dev/null 2>&1 && continue
        if command -v rustup >/dev/null 2>&1; then
            say "Adding the toolchain component $component, which make test runs"
            rustup component add "$component" >&2
        else
            say "Missing: cargo $tool. Install the $component that belongs to your Rust toolchain."
            exit 1
        fi
    done
fi
