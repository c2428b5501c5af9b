"""Our trained pipeline over a labelled set, exactly as a conversation uses it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.understanding.score import Example, Understood

ROOT = Path(__file__).resolve().parents[2]


def understand(examples: Sequence[Example], model: Path) -> tuple[list[Understood], list[float]]:
    """What `model` makes of each message with its question open, and the seconds each parse took."""
    from bot.dialogue import TurnPlayer, load_agent

    async def all_of_them() -> tuple[list[Understood], list[float]]:
        player = TurnPlayer(load_agent(model, []))
        await player.parse("good morning", None)
        done, times = [], []
        for example in examples:
            start = time.perf_counter()
            parsed = await player.parse(example.text, example.asks)
            times.append(time.perf_counter() - start)
            facts = {str(fact["field"]): fact["value"] for fact in parsed.get("facts") or ()}
            safety = parsed.get("safety")
            done.append(Understood(parsed["intent"]["name"], facts, safety["urgency"] if safety else None))
        return done, times

    return asyncio.run(all_of_them())


def trained() -> Path:
    """The model of the project as it stands, trained now if there is none."""
    from bot.dialogue import training

    return training.train(ROOT / "var" / "models", ROOT, progress=lambda line: None)
