#!/usr/bin/env bash
# Runs the whole test suite in two halves of about the same length, one for each of two cores.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
talking="tests/browser tests/dialogue"
# A new folder under tests belongs to the second half by itself.
rest=$(find tests -mindepth 1 -maxdepth 1 -type d ! -name '__pycache__' ! -name stories ! -name browser ! -name dialogue | sort)
mkdir -p results
$python -m pytest -o cache_dir=.pytest_cache/talking $talking >results/tests_talking.txt 2>&1 &
first=$!
trap 'kill $first 2>/dev/null' EXIT
$python -m pytest $rest
second_code=$?
wait $first
first_code=$?
cat results/tests_talking.txt
[ "$first_code" = 0 ] && [ "$second_code" = 0 ]
