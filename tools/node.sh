#!/usr/bin/env bash
# Makes sure that the packages of the tests that run in Node.js stand ready; prints nothing when they do.
set -euo pipefail
cd "$(dirname "$0")/../tests/review/fhir_validator"
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}
if ! { command -v node && command -v npm; } >/dev/null 2>&1; then
  echo "==> Installing Node.js for the FHIR tests (once)" >&2
  { command -v apt-get && as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm'; } >/dev/null || {
    echo "No Node.js, and no right to install it. As root: apt-get install nodejs npm; then run make test again." >&2
    exit 1
  }
fi
if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi
echo "==> Installing the FHIR validator for the tests (once)" >&2
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
touch node_modules/.package-lock.json
