#!/usr/bin/env bash
# Makes sure that node and the locked npm packages of the widget (its builder, the accessibility checks) are there.
set -euo pipefail
cd "$(dirname "$0")/.."
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}
new_enough() { node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null 2>&1; }
if ! new_enough; then
  echo "==> Installing node for the widget's build (once)" >&2
  command -v apt-get >/dev/null 2>&1 && as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm' >/dev/null || true
  new_enough || { echo "No node 18 or newer with npm. As root: apt-get install nodejs npm; then run make test again." >&2; exit 1; }
fi
if [ bot/widget/package-lock.json -nt bot/widget/node_modules/.package-lock.json ]; then
  echo "==> Installing the widget's npm packages" >&2
  npm ci --prefix bot/widget --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  touch bot/widget/node_modules/.package-lock.json
fi
