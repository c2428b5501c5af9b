"""Whether a turn stays quick: 300 messages in one conversation, fallbacks and interruptions included."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bot.dialogue import training
from bot.dialogue.rehearsal import Rehearsal
from bot.observability import configure_logging
from tests.dialogue.simulated.run import clinic

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = 300
WINDOW = 30  #: messages whose median is compared
SAYS = (
    "blorp the quux",
    "why do you ask?",
    "what have you noted so far?",
    "lovely weather isnt it",
    "7",
    "sorry, 4 not 7",
)


def main() -> None:
    configure_logging(level=50)
    model = training.train(ROOT / "var" / "models", ROOT, progress=lambda line: None)
    with tempfile.TemporaryDirectory() as folder, clinic(model, Path(folder)) as place:
        times = asyncio.run(_talk(Rehearsal(place.store, place.player)))
    first, last = statistics.median(times[:WINDOW]), statistics.median(times[-WINDOW:])
    print(
        f"first {WINDOW} messages {1000 * first:.0f} ms, last {WINDOW} {1000 * last:.0f} ms: x {last / first:.2f}"
    )


async def _talk(talk: Rehearsal) -> list[float]:
    await talk.open()
    await talk.say("yes")
    times = []
    for number in range(MESSAGES):
        start = time.perf_counter()
        await talk.say(SAYS[number % len(SAYS)])
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    main()
