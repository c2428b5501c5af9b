"""Runs every benchmark and prints its table; `python -m benchmarks NAME` runs one."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks import assessment, checkins, exports, flag_time, turns

ALL = {
    "assessment": assessment.main,
    "checkins": checkins.main,
    "exports": exports.main,
    "flag_time": flag_time.main,
    "turns": turns.main,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 1
    for name in names or ALL:
        print(f"== {name}")
        ALL[name]()
    return 0


raise SystemExit(main(sys.argv[1:]))
