"""A clinician at the console and a patient at the web chat, over one real store."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from bot.channels.web import chat_app
from bot.clinical.assess import assess
from bot.clinical.rulebook import default_rulebook
from bot.dialogue.conversations import Conversations
from bot.review.console import SessionRules, clinician_link, console_app
from bot.store import Case, Database, Store, Turn
from tests.review.browser import QUICK, Browser
from tests.review.cases import STARTED, CaseBuilder
from tests.review.fakes import FakeClock


class Echo:
    """Stands where the agent is: a free text gets a word of thanks."""

    async def play(self, turn: Turn) -> None:
        turn.say("Thank you." if turn.inbound else "Hello.")


def sorry(turn: Turn) -> None:
    turn.say("Sorry.")


@dataclass
class Desk:
    """`chat` speaks the web chat's API as the patient with `token`; `browser` is at the console."""

    store: Store
    clock: FakeClock
    browser: Browser
    chat: httpx.AsyncClient
    token: str
    conversation: str
    episode: str

    @property
    def case(self) -> Case:
        return self.store.case(self.episode)

    @property
    def path(self) -> str:
        return f"/episodes/{self.episode}"

    async def open(self) -> httpx.Response:
        return await self.browser.open(self.path)

    async def post(self, form: str, **fields: str) -> httpx.Response:
        """Open the case, and send one of its forms."""
        await self.open()
        return await self.browser.submit(f"{self.path}/{form}", **fields)

    async def change(self, **statuses: str) -> httpx.Response:
        """Open the options and ask for these changes."""
        await self.browser.open(f"{self.path}/options")
        fields = {f"status.{option}": status for option, status in statuses.items()}
        return await self.browser.submit(f"{self.path}/options", step="check", **fields)

    async def heard(self, after: int = 0) -> list[str]:
        """What the patient reads from the bot's side through the web API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.chat.get(f"/chat/messages?after={after}", headers=headers)
        return [one["text"] for one in answer.json()["messages"] if one["from"] == "bot"]

    async def says(self, text: str) -> None:
        body = {"text": text, "client_id": text}
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.chat.post("/chat/messages", json=body, headers=headers)
        assert answer.status_code == 202

    def audit(self) -> list[tuple[str, str, str]]:
        rows = reversed(self.store.audit_rows(limit=1000))
        return [(row.actor, row.action, row.subject) for row in rows]


def keep_desk(folder: Path) -> Path:
    """A migrated SQLite file, to be copied for each test."""
    file = folder / "desk.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    # The copy is of one file: what is still in the journal beside it would be missed.
    database.dispose()
    return file


def play(store: Store, builder: CaseBuilder, *, draft: bool = True) -> tuple[str, str, str]:
    """A patient with these answers and the plan that the rules make of them: (token, conversation, episode)."""
    case, rulebook = builder.build(), default_rulebook()
    conversation, token = store.open_conversation(case.conversation.channel, timezone="Europe/London")
    for number, message in enumerate(case.messages):
        if message.sender == "patient":
            store.accept(conversation.id, f"client-{number}", message.text, None)
            turn = store.begin_turn(conversation.id, store.next_inbound(conversation.id))
        else:
            turn = store.begin_turn(conversation.id, None)
            turn.say(message.text, kind=message.kind, asks=message.asks)
        store.commit_turn(turn)
    turn = store.begin_turn(conversation.id, None)
    episode = turn.open_episode("intake")
    for consent in case.consents:
        turn.consent(consent.purpose, consent.granted, consent.version)
    for record in case.facts:
        turn.learn(record.field, record.value, record.words, record.source)
    assessed = assess(turn.facts, rulebook, on=STARTED.date())
    turn.record_triage(assessed.triage)
    if draft:
        turn.store_plan(assessed.as_json())
    for flag in case.flags:
        turn.raise_flag(flag.code, flag.severity, flag.reason, flag.rule)
    turn.plan_check_ins((one.kind, one.due_at) for one in case.check_ins)
    turn.set_status(assessed.episode_status)
    store.commit_turn(turn)
    return token, conversation.id, episode.id


async def desk_for(kept: Path, folder: Path, builder: CaseBuilder, *, draft: bool = True) -> Desk:
    """The desk with this patient, and dr.rossi signed in."""
    file = folder / "desk.db"
    shutil.copyfile(kept, file)
    clock = FakeClock(STARTED)
    store = Store(Database(f"sqlite:///{file}"), clock=clock)
    token, conversation, episode = play(store, builder, draft=draft)
    clock.pass_(timedelta(hours=3))
    # The clock leaps by hours in what is told here; that nobody is signed in for so long is told elsewhere.
    rules = SessionRules(idle=timedelta(hours=12))
    app = console_app(store, clock, secret=b"a secret of these tests, 32 bytes", passwords=QUICK, rules=rules)
    browser = Browser(app)
    await enter(browser, store, clock, "dr.rossi")
    conversations = Conversations(store, Echo(), apologise=sorry)
    transport = httpx.ASGITransport(chat_app(conversations))
    chat = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")
    return Desk(store, clock, browser, chat, token, conversation, episode)


async def enter(browser: Browser, store: Store, clock: FakeClock, name: str) -> None:
    """Choose a password by link and sign in."""
    await browser.set_up(clinician_link(store, "http://127.0.0.1:8081", clock(), name))
    await browser.sign_in(name)
