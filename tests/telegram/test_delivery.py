"""Everything that was said arrives, in order, whatever Telegram and the network do."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.limits import Rate
from bot.channels.telegram import Pace, sender
from bot.store import Case
from tests.telegram.bot_api import BotApi, Refused, script
from tests.telegram.clinic import Clinic, clinic
from tests.telegram.phone import Phone, until

TEN_LINES = [f"Line {n}." for n in range(1, 11)]
AS_LONG_AS_TELEGRAM_SAYS = 47


def case_of(running: Clinic, phone: Phone) -> Case:
    [episode] = [row.episode for row in running.store.episodes() if row.conversation == running.id_of(phone)]
    return running.store.case(episode)


async def greeted(phone: Phone) -> int:
    """How many messages stand on the screen once the greeting does."""
    await phone.say("/start")
    await phone.sees("Hello, I am a computer program.")
    return len(phone.screen)


async def at_most_a_second(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 1))


async def test_a_script_of_faults_delivers_every_message_in_order(
    database_url: str, api: BotApi, api_url: str, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SECONDS_FOR_A_REQUEST", 2.0)
    async with clinic(database_url, api, api_url, sleep=at_most_a_second) as running:
        before = await greeted(phone)
        api.faults.extend(
            script("429:1", "500", "reset", "502", "timeout:3", "reset", "500", "429:1", "timeout:3")
        )
        await phone.say("ten")
        await phone.sees("Line 10.")
        await running.settled()
    assert phone.screen[before:] == TEN_LINES
    assert not api.faults


async def test_only_what_was_cut_off_after_it_arrived_comes_twice(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    before = await greeted(phone)
    api.faults.extend(script("500", "reset+", "429:1"))
    await phone.say("ten")
    await phone.sees("Line 10.")
    await polling.settled()
    assert phone.screen[before:] == ["Line 1.", *TEN_LINES]


@pytest.mark.parametrize("seconds", [1, 3])
async def test_telegram_says_how_long_to_wait_and_gets_that(
    database_url: str, api: BotApi, api_url: str, phone: Phone, seconds: int
) -> None:
    waited: list[float] = []

    async def sleep(length: float) -> None:
        waited.append(length)
        await asyncio.sleep(0)

    async with clinic(database_url, api, api_url, sleep=sleep):
        await greeted(phone)
        waited.clear()
        api.faults.extend(script(f"429:{seconds}"))
        await phone.say("hello")
        await phone.sees("You said: hello")
    assert waited == [seconds]


async def test_the_wait_that_telegram_asks_for_is_real_time(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    await greeted(phone)
    api.faults.extend(script("429:1"))
    await phone.say("hello")
    await until(lambda: not api.faults)
    refused_at = time.monotonic()
    await phone.sees("You said: hello")
    assert api.sent_at[-1][0] - refused_at >= 0.9


async def test_one_chat_that_must_wait_does_not_hold_up_another(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    waiting, waited_enough = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        if seconds == AS_LONG_AS_TELEGRAM_SAYS:
            waiting.set()
            await waited_enough.wait()
        await asyncio.sleep(0)

    other = Phone(api, 99)
    async with clinic(database_url, api, api_url, sleep=sleep):
        await greeted(phone)
        await greeted(other)
        api.faults.extend(script(f"429:{AS_LONG_AS_TELEGRAM_SAYS}"))
        await phone.say("hello")
        await asyncio.wait_for(waiting.wait(), 30)
        await other.say("hello")
        await other.sees("You said: hello")
        assert "You said: hello" not in phone.screen
        waited_enough.set()
        await phone.sees("You said: hello")


async def test_a_patient_who_blocks_the_bot_is_flagged_and_comes_back_by_writing(
    polling: Clinic, phone: Phone
) -> None:
    await greeted(phone)
    phone.block()
    await phone.say("hello")
    await until(lambda: not polling.store.is_reachable(polling.id_of(phone)))
    assert polling.store.waiting_chats("telegram") == []
    [flag] = case_of(polling, phone).flags
    assert (flag.code, flag.reason) == ("UNREACHABLE", sender.BLOCKED)
    phone.chat.refusal = None
    await phone.say("I am back")
    await phone.sees("You said: I am back")
    assert polling.store.is_reachable(polling.id_of(phone))
    assert "You said: hello" not in phone.screen


async def test_blocking_is_noticed_before_anything_is_sent(polling: Clinic, phone: Phone) -> None:
    await greeted(phone)
    await phone.membership("kicked")
    await until(lambda: not polling.store.is_reachable(polling.id_of(phone)))
    assert [flag.code for flag in case_of(polling, phone).flags] == ["UNREACHABLE"]
    await phone.membership("member")
    await until(lambda: polling.store.is_reachable(polling.id_of(phone)))


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (Refused(403, "Forbidden: user is deactivated"), sender.GONE),
        (Refused(400, "Bad Request: chat not found"), sender.GONE),
        (
            Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=-100123,
            ),
            sender.MIGRATED,
        ),
    ],
    ids=["deleted account", "no such chat", "migrated chat"],
)
async def test_a_chat_that_is_gone_is_given_up_and_flagged(
    polling: Clinic, phone: Phone, refusal: Refused, reason: str
) -> None:
    await greeted(phone)
    phone.chat.refusal = refusal
    await phone.say("hello")
    await until(lambda: not polling.store.is_reachable(polling.id_of(phone)))
    assert [flag.reason for flag in case_of(polling, phone).flags] == [reason]
    assert polling.store.waiting_chats("telegram") == []
    assert -100123 not in polling.api.chats


async def test_a_message_that_is_refused_is_tried_as_plain_words_without_buttons(
    polling: Clinic, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await greeted(phone)
    monkeypatch.setattr("bot.channels.telegram.rendering._as_html", lambda text, kind: f"<nonsense>{text}")
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    assert phone.screen[before:] == ["Do you have a fever?"]
    assert polling.store.is_reachable(polling.id_of(phone))


async def test_a_message_that_is_refused_for_good_is_flagged_and_the_next_one_sent(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    before = await greeted(phone)
    refuse = api._send_message

    async def picky(parameters: dict[str, object]) -> object:
        if "Line 4" in str(parameters["text"]):
            raise Refused(400, "Bad Request: we do not like this one")
        return await refuse(parameters)

    api._send_message = picky  # type: ignore[method-assign, assignment]
    await phone.say("ten")
    await phone.sees("Line 10.")
    assert phone.screen[before:] == [line for line in TEN_LINES if line != "Line 4."]
    await polling.settled()
    assert [flag.reason for flag in case_of(polling, phone).flags] == [sender.REFUSED]


async def test_what_was_not_sent_before_the_end_is_sent_after_the_next_start(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    async with clinic(database_url, api, api_url) as first:
        before = await greeted(phone)
        await first.settled()
        phone.chat.refusal = Refused(500, "Internal Server Error")
        await phone.say("ten")
        await until(lambda: first.store.waiting_chats("telegram"))
    phone.chat.refusal = None
    assert len(phone.screen) == before
    async with clinic(database_url, api, api_url) as second:
        await phone.sees("Line 10.")
        await second.settled()
    assert phone.screen[before:] == TEN_LINES


async def test_a_long_message_goes_on_with_the_piece_at_which_it_stopped(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    async with clinic(database_url, api, api_url) as first:
        before = await greeted(phone)
        await first.settled()
        send = api._send_message

        async def only_one(parameters: dict[str, object]) -> object:
            if len(phone.screen) > before:
                raise Refused(500, "Internal Server Error")
            return await send(parameters)

        api._send_message = only_one  # type: ignore[method-assign, assignment]
        await phone.say("long")
        await phone.sees("Part 1.")
        await until(lambda: api.refusals)
    api._send_message = send  # type: ignore[method-assign]
    async with clinic(database_url, api, api_url):
        await phone.sees("Part 24.")
    numbers = [piece.split(".")[0] for text in phone.screen[before:] for piece in text.split("\n\n")]
    assert numbers == [f"Part {n}" for n in range(1, 25)]


async def test_two_servers_on_one_database_send_everything_once_and_in_order(
    database_url: str, api: BotApi, api_url: str
) -> None:
    phones = [Phone(api, 100 + n, posts=True) for n in range(5)]
    async with (
        clinic(database_url, api, api_url, webhook=True) as one,
        clinic(database_url, api, api_url, webhook=True),
    ):
        for phone in phones:
            await phone.say("/start")
        await asyncio.gather(*(phone.say("ten") for phone in phones))
        for phone in phones:
            await phone.sees("Line 10.")
        await one.settled()
    for phone in phones:
        assert phone.screen[2:] == TEN_LINES


async def test_a_refused_token_stops_telegram_and_nothing_else(
    database_url: str, api: BotApi, api_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    monkeypatch.setattr("tests.telegram.bot_api.TOKEN", "another")
    async with (
        clinic(database_url, api, api_url) as running,
        httpx.AsyncClient(base_url=running.url) as web,
    ):
        opened = await web.post("/chat/sessions", json={})
        assert opened.status_code == 201
        headers = {"Authorization": f"Bearer {opened.json()['token']}"}
        assert (await web.get("/chat/messages", headers=headers)).json()["messages"]
        refused = await web.post("/chat/telegram", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:backplan:problem:unavailable")


async def test_telegram_may_be_away_when_the_server_starts(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    api.faults_of = ("getMe", "setMyCommands", "deleteWebhook", "getUpdates")
    api.faults.extend(script("500", "reset", "502", "429:1", "reset", "500"))
    async with clinic(database_url, api, api_url, sleep=lambda _: asyncio.sleep(0.01)):
        await greeted(phone)
    assert not api.faults


class Seconds:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        # A hair more than asked for, as every real clock does.
        self.now += seconds + 1e-9


async def test_a_chat_gets_a_short_burst_and_then_one_message_a_second() -> None:
    clock = Seconds()
    pace = Pace(clock=clock, sleep=clock.sleep)
    times = []
    for _ in range(10):
        await pace.turn("4711")
        times.append(round(clock.now, 6))
    assert times == [0, 0, 0, 0, 0, 1, 2, 3, 4, 5]


async def test_all_chats_together_stay_below_thirty_messages_a_second() -> None:
    clock = Seconds()
    pace = Pace(in_a_chat=Rate(burst=1000, per_second=1000.0), clock=clock, sleep=clock.sleep)
    times = []
    for n in range(200):
        await pace.turn(str(n % 50))
        times.append(clock.now)
    # Telegram bears about 30 a second; the burst at the very beginning is one of 25 above the steady 25.
    assert all(sum(start <= at < start + 1 for at in times) <= 51 for start in times)
    assert 25 * (times[-1] - times[100]) == pytest.approx(99, abs=1)
