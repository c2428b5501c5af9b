#!/usr/bin/env bash
# Makes sure that Node.js and the locked npm packages of builds and tests stand ready; prints nothing when they do.
set -euo pipefail
cd "$(dirname "$0")/.."
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}
# esbuild, which builds the widget, runs on Node.js 18 and newer.
stands_ready() { node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' && command -v npm; }
if ! stands_ready >/dev/null 2>&1; then
  echo "==> Installing Node.js for the widget's build and the FHIR tests (once)" >&2
  { command -v apt-get && as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm'; } >/dev/null || true
  stands_ready >/dev/null 2>&1 || {
    echo "No Node.js 18 or newer with npm, and no right to install it. As root: apt-get install nodejs npm; then run make test again." >&2
    exit 1
  }
fi
for folder in bot/widget tests/review/fhir_validator; do
  if [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then continue; fi
  echo "==> Installing the npm packages of $folder (once)" >&2
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  touch "$folder/node_modules/.package-lock.json"
done
