"""Running simulated patients one by one, and shrinking what fails to the least that still fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bot.clinical.rulebook import default_rulebook
from bot.dialogue.rehearsal import Rehearsal
from bot.store import Database, Store, system_clock
from tests.dialogue.simulated.phrases import load_phrases
from tests.dialogue.simulated.plan import Plan, plan
from tests.dialogue.simulated.walk import Broken, Clinic, Walk

MOST_REPLAYS = 40


@dataclass(frozen=True)
class Outcome:
    """How one conversation ended."""

    plan: Plan
    status: str
    questions: int
    answers: int
    typed: int
    turns: int


@dataclass(frozen=True)
class Failure:
    """A broken invariant, with the shortest conversation found that breaks it."""

    seed: int
    broken: Broken
    reproduction: str

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.broken}\n{self.reproduction}"


@contextmanager
def clinic(model: Path, folder: Path) -> Iterator[Clinic]:
    """The trained agent and an empty store in `folder`, in this process."""
    from actions import all_actions
    from actions.base import Services
    from bot.dialogue import AmbientTurns, TurnPlayer, load_agent

    rulebook = default_rulebook()
    database = Database(f"sqlite:///{folder / 'simulated.db'}")
    database.migrate()
    store = Store(database, clock=system_clock)
    player = TurnPlayer(load_agent(model, all_actions(Services(AmbientTurns(), rulebook))))
    try:
        yield Clinic(store, database, player, rulebook, load_phrases())
    finally:
        store.close()


def converse(place: Clinic, seed: int, *, detours: bool = True) -> Outcome | Failure:
    """The conversation of this seed: its outcome, or a shrunk failure. Without `detours`, only answers, all tapped."""
    chosen = plan(seed, place.rulebook, place.phrases)
    if not detours:
        chosen = replace(chosen, detours=(), typing=0.0)
    result = _play(place, chosen)
    return shrink(place, chosen, result) if isinstance(result, _Failed) else result


def shrink(place: Clinic, chosen: Plan, failed: _Failed) -> Failure:
    """Leave out detours and typed answers one by one, as long as the same invariant stays broken."""
    for smaller in islice(_smaller(chosen), MOST_REPLAYS):
        candidate = smaller(chosen)
        again = _play(place, candidate)
        if isinstance(again, _Failed) and again.broken.rule == failed.broken.rule:
            chosen, failed = candidate, again
    return Failure(chosen.seed, failed.broken, failed.walk.as_scenario(failed.broken))


def _smaller(chosen: Plan):  # type: ignore[no-untyped-def]
    yield lambda now: replace(now, detours=())
    for detour in chosen.detours:
        yield lambda now, detour=detour: now.without(detour)
    yield lambda now: replace(now, typing=0.0)


@dataclass(frozen=True)
class _Failed:
    broken: Broken
    walk: Walk


def _play(place: Clinic, chosen: Plan) -> Outcome | _Failed:
    walk = Walk(place, chosen, Rehearsal(place.store, place.player))
    try:
        case = asyncio.run(walk.run())
    except Broken as broken:
        return _Failed(broken, walk)
    except Exception as error:
        # An invariant too: nothing is raised.
        return _Failed(Broken("nothing is raised", f"{type(error).__name__}: {error}"), walk)
    typed = sum("patient" in step for step in walk.steps)
    return Outcome(chosen, case.episode.status, walk.questions, len(walk.steps), typed, len(case.messages))
