"""Updates that are no plain words in a private chat: each has one defined, kind answer."""

from __future__ import annotations

import random
import time
from typing import Any

import httpx
import pytest

from bot.channels.telegram import texts
from tests.telegram.bot_api import BotApi, Json, Refused
from tests.telegram.clinic import Clinic, clinic
from tests.telegram.phone import Phone, until

PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
FILE: Json = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"photo": PHOTO}, texts.NO_FILES),
        ({"document": FILE}, texts.NO_FILES),
        ({"sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False,
                      "is_video": False}}, texts.NO_FILES),
        ({"voice": {**FILE, "duration": 3}}, texts.NO_VOICE),
        ({"audio": {**FILE, "duration": 3}}, texts.NO_VOICE),
        ({"video_note": {**FILE, "duration": 3, "length": 9}}, texts.NO_VOICE),
        ({"location": {"latitude": 52.5, "longitude": 13.4}}, texts.NO_PLACE),
        ({"contact": {"phone_number": "+4912345", "first_name": "Pat"}}, texts.NO_CONTACT),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
async def test_what_cannot_be_read_is_kindly_declined_and_not_kept(
    polling: Clinic, phone: Phone, content: Json, answer: str
) -> None:
    await phone.say("/start")
    await phone.say(**content)
    await phone.sees(answer)
    assert polling.heard(phone) == []


async def test_the_words_under_a_picture_are_heard(polling: Clinic, phone: Phone) -> None:
    await phone.say(photo=PHOTO, caption="it hurts here")
    await phone.sees("You said: it hurts here", texts.NO_FILES)


async def test_notes_of_telegram_itself_are_ignored(polling: Clinic, phone: Phone, api: BotApi) -> None:
    await phone.say(pinned_message=api.message_from(phone.chat, "old"))
    await phone.say(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    api.push(api.new_update("something_new", {"from": "next year"}), {"update_id": 5000})
    await phone.say("/start")
    await phone.sees("Hello")
    assert len(phone.screen) == 2
    assert polling.heard(phone) == []


@pytest.mark.parametrize(
    ("said", "advice"),
    [("x" * 4050, "more than 4,000 characters"), ("\u200b\u200b", "is empty"), ("///", "is empty")],
    ids=["too long", "nothing visible", "only slashes"],
)
async def test_words_that_cannot_be_used_get_advice(
    polling: Clinic, phone: Phone, said: str, advice: str
) -> None:
    await phone.say("/start")
    await phone.say(said)
    await phone.sees(advice)
    assert polling.heard(phone) == []


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_is_refused_kindly_and_left(
    polling: Clinic, phone: Phone, api: BotApi, kind: str
) -> None:
    group = api.chat(-100, kind)
    api.push(api.new_update("message", api.message_from(group, "/start@backplan_test_bot")))
    await until(lambda: api.left)
    assert api.left == [-100]
    assert group.texts == [texts.PRIVATE_ONLY]
    assert polling.store.conversation_for_external("telegram", "-100") is None
    assert polling.player.greetings == 0


async def test_a_channel_is_left_even_if_the_bot_may_not_write_there(polling: Clinic, api: BotApi) -> None:
    channel = api.chat(-200, "channel")
    send = api._send_message

    async def only_private(parameters: Json) -> Any:
        if parameters["chat_id"] == "-200":
            raise Refused(403, "Forbidden: bot is not a member of the channel chat")
        return await send(parameters)

    api._send_message = only_private  # type: ignore[method-assign]
    post = api.message_from(channel, "numb legs")
    api.push(api.new_update("channel_post", {**post, "sender_chat": channel.json}))
    await until(lambda: api.left)
    assert api.left == [-200]


async def test_what_was_written_a_day_ago_is_heard_like_anything_else(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    message = {**api.message_from(phone.chat, "I cannot feel my legs"), "date": int(time.time()) - 86_400}
    api.push(api.new_update("message", message))
    await phone.sees("You said: I cannot feel my legs")


async def test_a_tap_that_telegram_has_forgotten_still_counts(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    tap = phone.tap_update(*phone.button("Yes"))
    api.taps.clear()
    await phone.do(tap)
    await phone.sees("You said: Yes")
    assert ("answerCallbackQuery", "Bad Request: query is too old and response timeout expired") in (
        api.refusals
    )


async def test_a_tap_on_a_message_too_old_to_be_shown_still_counts(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    tap = phone.tap_update(*phone.button("No"))
    old = tap["callback_query"]["message"]
    tap["callback_query"]["message"] = {"chat": old["chat"], "message_id": old["message_id"], "date": 0}
    await phone.do(tap)
    await phone.sees("You said: No")
    await polling.settled()
    assert "reply_markup" not in phone.chat.messages[old["message_id"]]


async def test_a_thousand_duplicated_and_shuffled_updates_cause_no_extra_turn(
    webhook: Clinic, api: BotApi
) -> None:
    phones = [Phone(api, 500 + n, posts=True) for n in range(4)]
    for phone in phones:
        await phone.say("/start")
        await phone.say("several")
        await phone.say("fever")
        await phone.sees("Do you have a fever?", "Where is it?")
    once: list[Json] = []
    for phone in phones:
        chat = phone.chat
        said = api.new_update("message", api.message_from(chat, f"my back hurts {phone.id}"))
        start = api.new_update("message", api.message_from(chat, "/start"))
        command = api.new_update("message", api.message_from(chat, "/plan"))
        tap = phone.tap_update(*phone.button("Yes"))
        picture = api.new_update("message", api.message_from(chat, photo=PHOTO))
        once += [said, start, command, tap, picture]
    many = once * 50
    random.Random(20261125).shuffle(many)
    assert len(many) == 1000
    headers = {"X-Telegram-Bot-Api-Secret-Token": api.webhook["secret_token"]}
    async with httpx.AsyncClient(headers=headers) as telegram:
        answers = [await telegram.post(api.webhook["url"], json=update) for update in many]
    assert {answer.status_code for answer in answers} == {200}
    await webhook.settled()
    for phone in phones:
        assert sorted(webhook.heard(phone)) == sorted(
            ["several", "fever", f"my back hurts {phone.id}", "hello", texts.WORDS["plan"], "Yes"]
        )
        assert phone.screen.count(texts.NO_FILES) == 1
    assert webhook.player.greetings == 4


async def test_after_a_restart_updates_that_were_taken_before_change_nothing(
    database_url: str, api: BotApi, api_url: str, phone: Phone
) -> None:
    async with clinic(database_url, api, api_url, webhook=True) as first:
        phone.posts = True
        taken = [await phone.say("/start"), await phone.say("my back hurts")]
        await phone.sees("You said: my back hurts")
        await first.settled()
    before = list(phone.screen)
    async with clinic(database_url, api, api_url, webhook=True) as again:
        for update in taken[1:] * 3:
            assert (await api.post(update)).status_code == 200
        await again.settled()
        assert again.player.heard == {}
        assert phone.screen == before
