"""Whole conversations: the trained model, the whole chat server, and python-telegram-bot in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store import Case, CheckInStatus, Database, EpisodeUnknown, Store
from tests.channels.serving import serving
from tests.chat_server import free_port
from tests.dialogue.answers import ACUTE_UNCOMPLICATED
from tests.dialogue.due_check_ins import ago, daytime_zone, make_due
from tests.dialogue.patient import Answers
from tests.dialogue.stored import facts_of
from tests.dialogue.test_check_ins import FINE
from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.phone import Phone, until
from tests.telegram.process import Served


class Clinic:
    """The running server, its fake Telegram, and its database as an operator sees it."""

    def __init__(self, served: Served, api: BotApi) -> None:
        self.served, self.api = served, api
        self.store = Store(Database(served.database))

    def case(self, phone: Phone) -> Case:
        conversation = self.store.conversation_for_external("telegram", str(phone.id))
        assert conversation is not None
        [episode] = [row.episode for row in self.store.episodes() if row.conversation == conversation.id]
        return self.store.case(episode)

    def asks(self, phone: Phone) -> str | None:
        last = self.case(phone).messages[-1]
        return last.asks if last.sender == "bot" else None

    async def quiet(self, phone: Phone) -> None:
        """Wait until the bot has answered everything and all of it is on the screen."""
        await until(lambda: max(self.api.waiting, default=0) <= self.api.confirmed)
        await until(lambda: not self.store.pending_conversations())
        await until(lambda: not self.store.waiting_chats("telegram"))

    async def answer(self, phone: Phone, answers: Answers, until_asked: str | None = None) -> None:
        for _ in range(50):
            asked = self.asks(phone)
            if asked is None or asked == until_asked:
                return
            answer = answers[asked]
            if isinstance(answer, str):
                await phone.say(answer)
            else:
                await self.tap(phone, answer)
            await self.quiet(phone)
        raise AssertionError("the bot does not stop asking")

    def let_pass(self, phone: Phone, kind: str, days: float) -> None:
        """Days go by, and this check-in falls due, in the patient's daytime."""
        conversation = self.case(phone).conversation
        turn = self.store.begin_turn(conversation.id, None)
        turn.locate(timezone=daytime_zone())
        self.store.commit_turn(turn)
        ago(self.served, conversation.id, days=days, minutes=30)
        make_due(self.served, conversation.id, kind)

    async def tap(self, phone: Phone, labels: object) -> None:
        newest = self.case(phone).messages[-1]
        for label in [str(each) for each in labels]:  # type: ignore[attr-defined]
            await phone.tap(label)
            await self.quiet(phone)
        if newest.input in {"multi_choice", "body_map"}:
            await asyncio.sleep(0.05)
            await phone.tap("Done")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clinic(models: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clinic]:
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(models, target_is_directory=True)
    url = f"sqlite:///{home / 'backplan.db'}"
    database = Database(url)
    database.migrate()
    database.dispose()
    api = BotApi()
    async with serving(api.app, free_port()) as api_url:
        served = Served(home, api_url, url, more={"BACKPLAN_CHECK_IN_SECONDS": "0.2"})
        await served.start()
        running = Clinic(served, api)
        yield running
        running.store.close()
        await served.stop()


async def started(clinic: Clinic, number: int) -> Phone:
    phone = Phone(clinic.api, number)
    await phone.say("/start")
    await phone.sees("Before we start, what may I do?")
    await clinic.quiet(phone)
    return phone


async def test_an_acute_patient_gets_from_start_to_plan(clinic: Clinic) -> None:
    phone = await started(clinic, 1)
    assert "not end-to-end encrypted" in phone.screen[0]
    await clinic.answer(phone, ACUTE_UNCOMPLICATED)
    await clinic.quiet(phone)
    await phone.sees("Here is your draft plan.", "I keep this draft for your clinic.")
    case = clinic.case(phone)
    assert case.episode.status == "planned"
    assert [plan.version for plan in case.plans] == [1]
    said = [message.text for message in case.messages if message.sender == "bot"]
    assert len(phone.screen) == len(said)
    assert any("✓ Keep my answers" in text for text in phone.screen)
    await phone.say("/plan")
    await until(lambda: sum("Here is your draft plan." in text for text in phone.screen) == 2)
    await phone.say("/noted")
    await phone.sees("This is what I have noted so far:")
    assert clinic.api.refusals == []


async def test_the_plan_comes_as_a_document_when_it_is_asked_for(clinic: Clinic) -> None:
    phone = await started(clinic, 6)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED, until_asked="age")
    await phone.say("/pdf")
    await phone.sees("There is no plan in it yet.")
    await clinic.quiet(phone)
    assert clinic.asks(phone) == "age"
    await clinic.answer(phone, ACUTE_UNCOMPLICATED)
    for words in ("/pdf", "can you send me that as a pdf pls"):
        await phone.say(words)
        await clinic.quiet(phone)
    await until(lambda: len(phone.chat.documents) == 3)
    assert sum("Here is your plan, with what you told me" in text for text in phone.screen) == 2
    early, whole, _ = (clinic.api.files[document["file_id"]] for document in phone.chat.documents)
    assert early.startswith(b"%PDF-")
    assert len(whole) > len(early)
    assert "REQ_COPY" not in {flag.code for flag in clinic.case(phone).flags}


async def test_a_check_in_over_telegram_begins_on_a_word_and_its_danger_is_flagged(clinic: Clinic) -> None:
    phone = await started(clinic, 7)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED)
    await clinic.quiet(phone)
    clinic.let_pass(phone, "week_2", days=14)
    await phone.sees('Tap "Start" when it suits you.')
    await clinic.quiet(phone)
    await phone.say("whats this about")
    await phone.sees("when you can answer them in private")
    await clinic.quiet(phone)
    await phone.say("ok start")
    await phone.sees("Since we last spoke, is any of these new?")
    await clinic.quiet(phone)
    await clinic.tap(phone, ["Numbness between the legs"])
    await until(lambda: clinic.case(phone).episode.status == "emergency")
    await clinic.quiet(phone)
    assert "FL_RED_CES" in {flag.code for flag in clinic.case(phone).flags}
    assert any("emergency department" in text for text in phone.screen[-4:])
    before = len(phone.chat.documents)
    await phone.say("/pdf")
    await clinic.quiet(phone)
    assert len(phone.chat.documents) == before


async def test_a_check_in_is_answered_to_its_end_and_shows_how_things_moved(clinic: Clinic) -> None:
    phone = await started(clinic, 8)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED)
    await clinic.quiet(phone)
    await phone.say("/checkin")
    await phone.sees("Let us look at how you are doing.")
    await clinic.quiet(phone)
    await clinic.answer(phone, FINE)
    await phone.sees("4 now")
    case = clinic.case(phone)
    assert [one.kind for one in case.check_ins if one.status is CheckInStatus.ANSWERED] == ["by_patient_1"]
    assert case.episode.status == "planned"


async def test_an_emergency_ends_the_questions_and_stands_out(clinic: Clinic) -> None:
    phone = await started(clinic, 2)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED, until_asked="age")
    await phone.say("I cannot feel when I wipe, and I cannot pee since this morning")
    await clinic.quiet(phone)
    await until(lambda: clinic.case(phone).episode.status == "emergency")
    assert clinic.asks(phone) is None
    bold = [
        message
        for message in phone.chat.sent
        if any(entity["type"] == "bold" for entity in message.get("entities", []))
    ]
    assert any("emergency" in message["text"].lower() for message in bold)
    assert clinic.case(phone).episode.triage == "emergency_now"


async def test_an_edited_answer_corrects_the_fact(clinic: Clinic) -> None:
    phone = await started(clinic, 3)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED, until_asked="pain_avg")
    said = await phone.say("7")
    await clinic.quiet(phone)
    assert facts_of(clinic.case(phone))["pain_avg"] == 7
    await phone.edit(said, "4")
    await clinic.quiet(phone)
    await until(lambda: facts_of(clinic.case(phone))["pain_avg"] == 4)


async def test_delete_erases_everything_and_the_next_word_begins_anew(clinic: Clinic) -> None:
    phone = await started(clinic, 9)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED, until_asked="pain_avg")
    await phone.say("/delete")
    await phone.sees("Shall I delete it all?")
    await clinic.quiet(phone)
    before = clinic.case(phone).episode
    await clinic.tap(phone, ["Yes, delete everything"])
    await phone.sees("our conversation are deleted here")
    with pytest.raises(EpisodeUnknown):
        clinic.store.case(before.id)
    await phone.say("hello")
    await until(lambda: sum("not end-to-end encrypted" in text for text in phone.screen) == 2)
    await until(lambda: sum("what may I do?" in text for text in phone.screen) == 2)
    await clinic.quiet(phone)
    after = clinic.case(phone).episode
    assert (after.status, after.patient_id != before.patient_id) == ("consent", True)


async def test_a_copy_of_everything_comes_as_a_file(clinic: Clinic) -> None:
    phone = await started(clinic, 4)
    await clinic.answer(phone, ACUTE_UNCOMPLICATED, until_asked="age")
    await phone.say("/export")
    await phone.sees("Here is all that is stored about you")
    await clinic.quiet(phone)
    [document] = phone.chat.documents
    copy = json.loads(clinic.api.files[document["file_id"]])
    assert (copy["channel"], copy["permissions"][0]["purpose"]) == ("telegram", "keep_answers")
    assert len(copy["messages"]) > 5
    assert "REQ_COPY" not in {flag.code for flag in clinic.case(phone).flags}
    await phone.say("/pause")
    await phone.sees("OK, we stop here.")
    await clinic.quiet(phone)
    await phone.say("/start")
    await phone.sees("Welcome back.")


async def test_nothing_that_was_said_and_no_token_is_in_the_log(clinic: Clinic) -> None:
    phone = Phone(clinic.api, 5)
    marker = "zebra-7261"
    for n in range(3):
        clinic.api.faults.extend([*_faults()])
        await phone.say(f"{marker} my back hurts {n}")
        await clinic.quiet(phone)
    phone.block()
    await phone.say(marker)
    await clinic.quiet(phone)
    log = clinic.served.log
    assert "sending in conversation" in log
    for secret in (marker, TOKEN, TOKEN.split(":")[1], "cannot pee", "lifted a box"):
        assert secret not in log


def _faults() -> list[object]:
    from tests.telegram.bot_api import script

    return list(script("500", "reset", "429:1"))
