#!/usr/bin/env bash
# Makes sure that a Chromium stands ready for the browser tests; prints nothing when one is there already.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
[ -x .tools/chromium/chromium ] && exit 0
echo "==> Installing Chromium for the browser tests (once)" >&2
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}
if command -v apt-get >/dev/null 2>&1 && as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core' >/dev/null; then
  exit 0
fi
echo "No Chromium, and no right to install one. As root: apt-get install chromium; then run make test again." >&2
exit 1
