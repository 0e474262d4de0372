#!/usr/bin/env bash
# Runs every test. Makes the Python environments of the reader tests, target/venv and target/venv-old,
# when they are missing.
#
#   ./test.sh [arguments of cargo test]
#
# CORPUS_PYTHON         the Python to use, 3.11 or newer; python3 by default
# CORPUS_OLD_PYTHON     the Python for the oldest readers, 3.11 or 3.12; CORPUS_PYTHON by default
# CORPUS_SKIP_READERS=1 no Python: the reader tests are skipped
# CORPUS_CLOUD=1        makes target/venv-cloud too, the server for `--features cloud --test cloud`
# PROPTEST_RNG_SEED     where the property tests start; fixed by default, so that a red run is red
#                       again. Plain `cargo test` tries new cases every time.
set -euo pipefail
cd "$(dirname "$0")"

target=${CARGO_TARGET_DIR:-target}
python=${CORPUS_PYTHON:-python3}
old_python=${CORPUS_OLD_PYTHON:-$python}

# environment VENV PYTHON REQUIREMENTS
environment() {
  # Equal to the requirements that were installed last, or they are installed again.
  cmp -s "$3" "$1/installed.txt" && return
  echo "test.sh: making $1" >&2
  mkdir -p "$(dirname "$1")"
  if ! "$2" -m venv "$1"; then
    echo "test.sh: Python 3.11 or newer with the venv module is needed (Debian: apt install python3-venv)," >&2
    echo "test.sh: or CORPUS_SKIP_READERS=1 to leave the reader tests out" >&2
    return 2
  fi
  # The list is complete: what pip would add to it is not needed.
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --no-deps -r "$3"
  cp "$3" "$1/installed.txt"
}

if [ "${CORPUS_SKIP_READERS:-}" != 1 ]; then
  if [ "${CORPUS_CLOUD:-}" = 1 ]; then
    environment "$target/venv-cloud" "$python" python/requirements-cloud.txt
  fi
  # Side by side: most of the time goes into waiting for downloads.
  environment "$target/venv" "$python" python/requirements.txt &
  new=$!
  if "$old_python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then
    environment "$target/venv-old" "$old_python" python/requirements-old.txt
  else
    echo "test.sh: no old readers: they need Python 3.11 or 3.12 (CORPUS_OLD_PYTHON)" >&2
    export CORPUS_SKIP_OLD_READERS=1
  fi
  wait "$new"
fi

export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261123}"
exec cargo test "$@"
