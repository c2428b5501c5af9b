"""The fake Bot API is checked by a second client that shares no code with the first: aiogram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import pytest_asyncio
import telegram
from aiogram import Bot, types
from aiogram.bot.api import TelegramAPIServer
from aiogram.utils import exceptions

from tests.telegram.bot_api import TOKEN, BotApi, Refused, script
from tests.telegram.markup import CannotParse, read_html
from tests.telegram.phone import Phone


@pytest_asyncio.fixture
async def aiogram_bot(api: BotApi, api_url: str) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, server=TelegramAPIServer.from_base(api_url))
    yield bot
    session = await bot.get_session()
    await session.close()


async def test_aiogram_has_a_whole_conversation_with_it(aiogram_bot: Bot, api: BotApi, phone: Phone) -> None:
    assert (await aiogram_bot.get_me()).username == "backplan_test_bot"
    assert await aiogram_bot.set_my_commands([types.BotCommand("plan", "Show my plan")])
    assert [each.command for each in await aiogram_bot.get_my_commands()] == ["plan"]
    await phone.say("/start payload")
    [update] = await aiogram_bot.get_updates()
    assert update.message.get_args() == "payload"
    assert await aiogram_bot.get_updates(offset=update.update_id + 1, timeout=0) == []
    assert await aiogram_bot.send_chat_action(phone.id, "typing")
    markup = types.InlineKeyboardMarkup().add(types.InlineKeyboardButton("Yes", callback_data="c:1"))
    sent = await aiogram_bot.send_message(
        phone.id, "<b>1 &lt; 2?</b>", parse_mode="HTML", reply_markup=markup
    )
    assert (sent.text, sent.html_text) == ("1 < 2?", "<b>1 &lt; 2?</b>")
    await phone.tap("Yes")
    [update] = await aiogram_bot.get_updates(offset=update.update_id + 1)
    assert (update.callback_query.data, update.callback_query.message.message_id) == ("c:1", sent.message_id)
    assert await aiogram_bot.answer_callback_query(update.callback_query.id)
    edited = await aiogram_bot.edit_message_text("Yes it is", phone.id, sent.message_id)
    assert (edited.text, edited.reply_markup) == ("Yes it is", None)
    assert phone.screen == ["Yes it is"]


async def test_aiogram_sends_it_a_document_and_is_refused_as_by_telegram(
    aiogram_bot: Bot, api: BotApi, phone: Phone
) -> None:
    assert phone.chat
    sent = await aiogram_bot.send_document(
        phone.id, types.InputFile(BytesIO(b"%PDF-"), "plan.pdf"), caption="Here"
    )
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("plan.pdf", 5, "Here")
    assert api.files[sent.document.file_id] == b"%PDF-"
    assert phone.screen == ["Here"]
    with pytest.raises(exceptions.BadRequest, match="aption is too long"):
        await aiogram_bot.send_document(phone.id, types.InputFile(BytesIO(b"x"), "x"), caption="x" * 1025)
    with pytest.raises(exceptions.BadRequest, match="non-empty"):
        await aiogram_bot.send_document(phone.id, types.InputFile(BytesIO(b""), "x"))


@pytest.mark.parametrize(
    ("text", "options", "refusal"),
    [
        ("x" * 4097, {}, exceptions.MessageIsTooLong),
        ("\U0001f600" * 2049, {}, exceptions.MessageIsTooLong),
        (" ", {}, exceptions.MessageTextIsEmpty),
        ("<b>bold", {"parse_mode": "HTML"}, exceptions.CantParseEntities),
        ("a < b", {"parse_mode": "HTML"}, exceptions.CantParseEntities),
        ("<h1>x</h1>", {"parse_mode": "HTML"}, exceptions.CantParseEntities),
    ],
    ids=["4097", "counted in UTF-16", "empty", "unclosed", "bare bracket", "unknown tag"],
)
async def test_it_refuses_texts_as_telegram_does(
    aiogram_bot: Bot, phone: Phone, text: str, options: dict[str, str], refusal: type[Exception]
) -> None:
    assert phone.chat
    with pytest.raises(refusal):
        await aiogram_bot.send_message(phone.id, text, **options)
    assert await aiogram_bot.send_message(phone.id, "x" * 4096)


async def test_it_refuses_calls_as_telegram_does(aiogram_bot: Bot, phone: Phone, api: BotApi) -> None:
    with pytest.raises(exceptions.ChatNotFound):
        await aiogram_bot.send_message(12345, "hello")
    assert phone.chat
    too_long = types.InlineKeyboardMarkup().add(types.InlineKeyboardButton("Yes", callback_data="x" * 65))
    with pytest.raises(exceptions.ButtonDataInvalid):
        await aiogram_bot.send_message(phone.id, "hello", reply_markup=too_long)
    sent = await aiogram_bot.send_message(phone.id, "hello")
    with pytest.raises(exceptions.MessageNotModified):
        await aiogram_bot.edit_message_text("hello", phone.id, sent.message_id)
    with pytest.raises(exceptions.MessageToEditNotFound):
        await aiogram_bot.edit_message_text("hello", phone.id, 99999)
    with pytest.raises(exceptions.BadRequest, match="Query is too old"):
        await aiogram_bot.answer_callback_query("forgotten")
    with pytest.raises(exceptions.BadRequest):
        await aiogram_bot.send_message(phone.id, "hello", protect_content=True)
    phone.block()
    with pytest.raises(exceptions.BotBlocked):
        await aiogram_bot.send_message(phone.id, "hello")
    phone.chat.refusal = Refused(400, "Bad Request: migrated", migrate_to_chat_id=-1001)
    with pytest.raises(exceptions.MigrateToChat):
        await aiogram_bot.send_message(phone.id, "hello")


async def test_its_faults_look_like_faults_to_aiogram_too(
    aiogram_bot: Bot, phone: Phone, api: BotApi
) -> None:
    assert phone.chat
    api.faults.extend(script("429:7", "500", "502", "reset", "reset+"))
    with pytest.raises(exceptions.RetryAfter) as limited:
        await aiogram_bot.send_message(phone.id, "hello")
    assert limited.value.timeout == 7
    for _ in range(4):
        with pytest.raises((exceptions.TelegramAPIError, exceptions.NetworkError)):
            await aiogram_bot.send_message(phone.id, "hello")
    assert phone.screen == ["hello"]


async def test_what_its_users_send_is_read_without_loss_by_python_telegram_bot(
    phone: Phone, api: BotApi
) -> None:
    await phone.say("/start payload")
    await phone.say(location={"latitude": 1.0, "longitude": 2.0})
    await phone.membership("kicked")
    for content in list(api._updates.values()):
        update = telegram.Update.de_json(content, None)
        read = update.to_dict()
        kind = next(key for key in content if key != "update_id")
        assert read["update_id"] == content["update_id"]
        assert read[kind]["chat"]["id"] == phone.id
        assert not getattr(update, kind).api_kwargs


def test_telegrams_markup_is_read_and_counted_in_utf_16() -> None:
    read = read_html("\U0001f600 <b>a &amp; b</b> &lt;i&gt;")
    assert read.text == "\U0001f600 a & b <i>"
    assert read.entities == [{"type": "bold", "offset": 3, "length": 5}]
    for wrong in ("</b>", "<b>", "<i><b></i></b>", "<a onclick=x>", "1 < 2"):
        with pytest.raises(CannotParse):
            read_html(wrong)
