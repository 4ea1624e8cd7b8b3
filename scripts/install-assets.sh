#!/bin/sh
# Fetches the pinned browser files and puts them into static/vendor (git-ignored), sums verified.
# Usage: install-assets.sh run|test    («test» adds axe-core, which only the browser tests use)
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

if ! command -v npm >/dev/null 2>&1; then
    # No npm on this machine: a wheel brings one, into the project's own environment.
    [ -x .venv/bin/npm ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r requirements-node.txt
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
fi

omit=--omit=dev
[ "$purpose" = test ] && omit=--include=dev
npm ci --no-audit --no-fund --loglevel=error $omit

mkdir -p static/vendor
cp node_modules/htmx.org/dist/htmx.min.js static/vendor/
cp node_modules/bootstrap/dist/css/bootstrap.min.css static/vendor/
cp node_modules/bootstrap/dist/js/bootstrap.bundle.min.js static/vendor/
chmod 0644 static/vendor/*
sha256sum --check --quiet scripts/assets.sha256
