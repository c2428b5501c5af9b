"""A process that answers messages for as long as it lives, and what its work must look like whenever it dies.

Run as `python -m tests.store.turn_writer URL CONVERSATION NAME MESSAGES [STATEMENT]`. It sends messages to
itself, tells what is durable, and with a STATEMENT kills itself in its second turn, when it gets there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from typing import Any

from sqlalchemy import event, select

from bot.store import ConversationBusy, Database, PendingInbound, Store
from bot.store.tables import (
    conversations,
    episodes,
    facts,
    flags,
    issued_choices,
    messages,
    plans,
    tracker_events,
)
from tests.chat_server import ROOT
from tests.store.clinic import WALKING, plan

EVENTS_A_TURN = 3


def answer(store: Store, inbound: PendingInbound) -> None:
    """One turn that writes to every part of the store, always with the number of its message."""
    turn = store.begin_turn(inbound.conversation_id, inbound)
    if turn.episode is None:
        turn.open_episode("intake")
    turn.learn("pain_avg", inbound.seq % 11, inbound.text, "answer")
    turn.store_plan(plan(WALKING))
    turn.raise_flag(f"FLAG_{inbound.seq}", "routine_flag", "reason")
    turn.say(f"first answer to {inbound.seq}")
    turn.say(f"second answer to {inbound.seq}", choices=[("OK", {"field": "read_back", "value": "ok"})])
    turn.append_events({"event": "user", "answers": inbound.seq, "n": n} for n in range(EVENTS_A_TURN))
    store.commit_turn(turn)


def answer_what_waits(store: Store, conversation_id: str) -> None:
    """Answer message after message; another process may be faster."""
    while inbound := store.next_inbound(conversation_id):
        try:
            answer(store, inbound)
        except ConversationBusy:
            continue
        tell("answered", inbound.seq)


def tell(what: str, seq: int) -> None:
    sys.stdout.write(f"{what} {seq}\n")
    sys.stdout.flush()


def start_writer(*arguments: str) -> subprocess.Popen[str]:
    """Start this module as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.turn_writer", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def whole_turns(database: Database, conversation_id: str) -> int:
    """Assert that every turn is there whole, once and in order, or not at all; gives how many are."""
    with database.reading() as connection:

        def rows(table: Any, *order: Any) -> list[Any]:
            return connection.execute(select(table).order_by(*order)).all()

        conversation = connection.execute(
            select(conversations).where(conversations.c.id == conversation_id)
        ).one()
        lines = rows(messages, messages.c.seq)
        answered = [line.seq for line in lines if line.state == "answered"]
        assert [line.seq for line in lines] == list(range(1, conversation.next_seq))
        assert [line.text for line in lines if line.sender == "bot"] == [
            f"{which} answer to {seq}" for seq in answered for which in ("first", "second")
        ]
        assert Counter(fact.message_seq for fact in rows(facts, facts.c.n)) == Counter(answered)
        assert [fact.n for fact in rows(facts, facts.c.n)] == list(range(len(answered)))
        assert {flag.code for flag in rows(flags, flags.c.id)} == {f"FLAG_{seq}" for seq in answered}
        events = rows(tracker_events, tracker_events.c.n)
        assert [each.n for each in events] == list(range(conversation.next_event))
        assert [(each.event["answers"], each.event["n"]) for each in events] == [
            (seq, n) for seq in answered for n in range(EVENTS_A_TURN)
        ]
        versions = rows(plans, plans.c.version)
        assert [version.version for version in versions] == list(range(1, len(answered) + 1))
        assert [version.status for version in versions[:-1]] == ["superseded"] * (len(versions) - 1)
        assert len(rows(issued_choices, issued_choices.c.id)) == len(answered)
        assert len(rows(episodes, episodes.c.id)) == min(1, len(answered))
        assert conversation.version == len(answered)
    return len(answered)


def die_at(database: Database, statement: str) -> None:
    """Kill this process, as a machine would, when the second turn comes to this statement."""
    seen = Counter[str]()

    def kill() -> None:
        seen[statement] += 1
        if seen[statement] == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(*arguments: Any) -> None:
        if arguments[2].startswith(statement):
            kill()
        elif arguments[2].startswith("INSERT INTO tracker_events"):
            seen["turns"] += 1

    def before_commit(_connection: object) -> None:
        if statement == "COMMIT" and seen["turns"] == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", before_statement)
    event.listen(database.engine, "commit", before_commit)


def main(url: str, conversation_id: str, name: str, count: str, statement: str | None = None) -> None:
    database = Database(url)
    store = Store(database)
    if statement is not None:
        die_at(database, statement)
    answer_what_waits(store, conversation_id)
    for number in range(int(count)):
        accepted = store.accept(conversation_id, f"{name} {number}", f"message {number} of {name}", None)
        tell("accepted", accepted.seq)
        answer_what_waits(store, conversation_id)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
