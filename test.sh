#!/usr/bin/env bash
# Runs every test. Makes the Python environment of the reader tests in target/venv when it is missing.
#
#   ./test.sh [arguments of cargo test]
#
# CORPUS_PYTHON         the Python to use, 3.11 or newer; python3 by default
# CORPUS_SKIP_READERS=1 no Python: the reader tests are skipped
# PROPTEST_RNG_SEED     where the property tests start; fixed by default, so that a red run is red
#                       again. Plain `cargo test` tries new cases every time.
set -euo pipefail
cd "$(dirname "$0")"

venv=${CARGO_TARGET_DIR:-target}/venv
requirements=python/requirements.txt

if [ "${CORPUS_SKIP_READERS:-}" != 1 ]; then
  # Equal to the requirements that were installed last, or they are installed again.
  if ! cmp -s "$requirements" "$venv/installed.txt"; then
    echo "test.sh: making $venv" >&2
    mkdir -p "$(dirname "$venv")"
    if ! "${CORPUS_PYTHON:-python3}" -m venv "$venv"; then
      echo "test.sh: Python 3.11 or newer with the venv module is needed (Debian: apt install python3-venv)," >&2
      echo "test.sh: or CORPUS_SKIP_READERS=1 to leave the reader tests out" >&2
      exit 2
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$venv/installed.txt"
  fi
fi

export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261123}"
exec cargo test "$@"
