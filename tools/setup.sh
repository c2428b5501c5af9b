#!/usr/bin/env bash
# Builds .venv from the hash-locked requirements: `tools/setup.sh run` or `tools/setup.sh dev`.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
unset PYTHONDONTWRITEBYTECODE VIRTUAL_ENV
uv_version=0.13.9
# Clinics often sit behind a proxy with a certificate of its own, which only the system knows.
export UV_SYSTEM_CERTS=true

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}

find_uv() {
  if [ -x .tools/bin/uv ]; then echo .tools/bin/uv; return; fi
  if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
  say "Fetching uv into .tools (once)"
  # Debian's python3 may come without venv or pip; each way is tried in turn.
  if ! { python3 -m venv .tools && .tools/bin/pip install -q "uv==$uv_version"; } >&2 2>/dev/null; then
    rm -rf .tools
    if ! python3 -m pip install -q --target .tools/lib "uv==$uv_version" >&2 2>/dev/null; then
      as_root sh -c 'apt-get update -qq && apt-get install -y -qq python3-venv python3-pip' >&2 \
        || fail "This python3 has neither venv nor pip. As root: apt-get install python3-venv; then run make again."
      python3 -m venv .tools >&2 && .tools/bin/pip install -q "uv==$uv_version" >&2
    else
      mkdir -p .tools/bin && ln -sf ../lib/bin/uv .tools/bin/uv
    fi
  fi
  echo .tools/bin/uv
}

find_python() {
  # .python-version makes uv (and a pyenv shim) answer with 3.10; the others are for machines where that fails.
  local candidate
  for candidate in 3.10 "$(command -v python3.10 || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
    [ -n "$candidate" ] || continue
    if "$uv" venv -q --allow-existing --python "$candidate" .venv 2>/dev/null; then return; fi
  done
  "$uv" venv --allow-existing --python 3.10 .venv \
    || fail "Python 3.10 was not found and could not be fetched. Install Python 3.10 (or pyenv with 3.10), then run make again."
}

uv=$(find_uv)
case $kind in
  run) requirements=requirements.txt ;;
  dev) requirements=requirements-dev.txt ;;
  *) fail "usage: tools/setup.sh run|dev" ;;
esac
say "Python 3.10 environment in .venv"
[ -x .venv/bin/python ] || find_python
say "Installing the locked packages from $requirements (about 3 GB with TensorFlow, which Rasa needs; once)"
"$uv" pip sync --python .venv/bin/python --require-hashes --compile-bytecode "$requirements"
"$uv" pip install -q --python .venv/bin/python --no-deps --editable .
.venv/bin/python -m compileall -q bot actions
if [ "$kind" = dev ]; then tools/browser.sh; tools/node.sh; fi
touch ".venv/.ready-$kind"
say "Ready"
