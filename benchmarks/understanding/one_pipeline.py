"""Parses labelled sets with one trained model in a process of its own, and writes what came of it as JSON.

`python -m benchmarks.understanding.one_pipeline MODEL OUT SET...`; used by `beside_stock`.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.understanding.score import Example, load_set

SHORT = "my lower back hurts, about 6 out of 10"
LONGEST = 4000
SHORT_MESSAGE = 60  #: characters that an ordinary short message has at most


def main(model: Path, out: Path, sets: list[Path]) -> None:
    started = time.perf_counter()
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    asyncio.run(_parse(agent, "good morning", None))
    ready = time.perf_counter() - started
    loaded = _resident()
    examples = {str(path): load_set(path) for path in sets}
    done = {name: [asyncio.run(_timed(agent, one)) for one in told] for name, told in examples.items()}
    long = " ".join(one.text for told in examples.values() for one in told)[:LONGEST]
    short = [
        parsed["seconds"]
        for name, told in examples.items()
        for one, parsed in zip(told, done[name], strict=True)
        if len(one.text) <= SHORT_MESSAGE
    ]
    result = {
        "shorts_ms": 1000 * statistics.median(short),
        "ready_s": ready,
        "resident_mb": loaded,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "short_ms": asyncio.run(_median(agent, SHORT, 25)),
        "long_ms": asyncio.run(_median(agent, long, 9)),
        "sets": done,
    }
    out.write_text(json.dumps(result), encoding="utf-8")


async def _timed(agent: object, example: Example) -> dict[str, Any]:
    start, worked = time.perf_counter(), time.process_time()
    parsed = await _parse(agent, example.text, example.asks)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    safety = parsed.get("safety") or {}
    return {
        "seconds": seconds,
        "worked": worked,
        "intent": parsed["intent"]["name"],
        "facts": {fact["field"]: fact["value"] for fact in parsed.get("facts") or ()},
        "safety": safety.get("urgency"),
    }


async def _median(agent: object, text: str, times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        await _parse(agent, text, None)
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


async def _parse(agent: object, text: str, asks: str | None) -> dict:  # type: ignore[type-arg]
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.slots import TextSlot
    from rasa.shared.core.trackers import DialogueStateTracker

    slots = [TextSlot("asking", mappings=[{}])]
    tracker = DialogueStateTracker.from_events("benchmark", [SlotSet("asking", asks)], slots=slots)
    return await agent.processor.parse_message(UserMessage(text), tracker)  # type: ignore[attr-defined, no-any-return]


def _resident() -> float:
    """Megabytes of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
