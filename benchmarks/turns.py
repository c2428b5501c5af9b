"""What one turn costs on the trained model, with and without the guarded speed patches, in one process."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.timing import summary
from bot.observability import configure_logging

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
SAYS = (
    *(
        "yes",
        "no",
        "34",
        "no",
        "no thats normal",
        "no",
        "none of these",
        "no",
        "no",
        "why do you ask?",
        "no",
        "no",
    ),
    *(
        "what have you noted?",
        "no",
        "none",
        "no",
        "lower back",
        "no",
        "about a week",
        "5 out of 10",
        "getting better",
    ),
    *("sitting at my desk", "4", "none", "none", "none", "3", "8", "3"),
)


async def _conversation(conversations: object) -> list[float]:
    from bot.dialogue import Conversations

    assert isinstance(conversations, Conversations)
    opened = await conversations.open("benchmark")
    times = []
    for number, words in enumerate(SAYS):
        start = time.perf_counter()
        await conversations.submit(opened.conversation_id, str(number), text=words)
        await conversations.settled(opened.conversation_id)
        times.append(time.perf_counter() - start)
    return times


def main() -> None:
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import Event

    from bot.dialogue import training, tuning
    from bot.server import build_conversations
    from bot.settings import Settings
    from bot.store import Database, Store, system_clock

    configure_logging(level=40)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=f"sqlite:///{home}/bench.db")
        database = Database(settings.database_url)
        database.migrate()
        store = Store(database, clock=system_clock)
        model = training.train(ROOT / "var" / "models", ROOT, progress=lambda line: None)
        conversations = build_conversations(settings, store, model)

        def stock() -> None:
            RemoteAction._validate_action_result = tuning._stock_validate
            Event.resolve_by_type = staticmethod(tuning._stock_resolve)

        times: dict[str, list[float]] = {"patched": [], "stock code": []}

        async def rounds() -> None:
            await _conversation(conversations)
            for _ in range(ROUNDS):
                for name, prepare in (("patched", tuning.apply), ("stock code", stock)):
                    prepare()
                    times[name] += await _conversation(conversations)

        asyncio.run(rounds())
        store.close()
    for name, seconds in times.items():
        print(f"{name:11} {summary(seconds)}")
    ratio = statistics.median(times["patched"]) / statistics.median(times["stock code"])
    print(f"patched / stock code, medians of one run: {ratio:.2f}")
