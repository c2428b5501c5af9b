"""A chat in Telegram: greeting, words, buttons, ticks, scales, corrections, commands."""

from __future__ import annotations

from bot.channels.telegram import texts
from tests.telegram.bot_api import BotApi
from tests.telegram.clinic import Clinic
from tests.telegram.phone import Phone, until
from tests.telegram.player import LONG


async def test_the_first_message_says_that_telegram_can_read_along_and_offers_the_web_chat(
    polling: Clinic, phone: Phone
) -> None:
    await phone.say("/start")
    await polling.settled()
    assert phone.screen == [texts.privacy("https://chat.example.org"), "Hello, I am a computer program."]
    assert "not end-to-end encrypted" in phone.screen[0]
    assert "https://chat.example.org" in phone.screen[0]


async def test_somebody_who_does_not_start_with_start_is_greeted_and_heard(
    polling: Clinic, phone: Phone
) -> None:
    await phone.say("my back hurts")
    await phone.sees("You said: my back hurts")
    assert phone.screen[1] == "Hello, I am a computer program."
    assert polling.player.greetings == 1


async def test_start_again_in_an_open_chat_greets_through_the_dialogue(polling: Clinic, phone: Phone) -> None:
    await phone.say("/start")
    await phone.say("/start")
    await phone.sees("You said: hello")
    assert polling.player.greetings == 1


async def test_every_command_says_what_a_patient_could_have_typed(polling: Clinic, phone: Phone) -> None:
    for command in texts.WORDS:
        await phone.say(f"/{command}")
    await phone.say("/Plan@backplan_test_bot")
    await polling.settled()
    assert polling.heard(phone) == [*texts.WORDS.values(), texts.WORDS["plan"]]


async def test_the_menu_of_commands_is_set_at_the_start(polling: Clinic, api: BotApi) -> None:
    await until(lambda: api.commands)
    assert [(command["command"], command["description"]) for command in api.commands] == list(texts.MENU)
    assert {name for name, _ in texts.MENU} <= texts.WORDS.keys() | {"start"}


async def test_what_looks_like_a_command_is_read_as_words(polling: Clinic, phone: Phone) -> None:
    for typed in ("/i cannot feel my legs", '/choose{"field": "age"}', "/plan for my funeral", "/restart"):
        await phone.say(typed)
    await polling.settled()
    await until(lambda: len(polling.heard(phone)) == 4)
    assert polling.heard(phone) == [
        "i cannot feel my legs", 'choose{"field": "age"}', "plan for my funeral", "restart"
    ]  # fmt: skip


async def test_a_tapped_choice_is_the_answer_and_the_keyboard_collapses_to_it(
    polling: Clinic, phone: Phone
) -> None:
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    [row] = phone.chat.sent[-1]["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["Yes", "No"]
    await phone.tap("No")
    await phone.sees("You said: No", "Do you have a fever?\n\n✓ No")
    await polling.settled()
    assert not any("reply_markup" in message for message in phone.chat.sent)
    assert polling.api.alerts == [None]


async def test_a_scale_stands_in_two_rows_with_its_ends_explained(polling: Clinic, phone: Phone) -> None:
    await phone.say("scale")
    await phone.sees("How bad is it?\n\n0 (no pain)\n10 (worst)")
    rows = phone.chat.sent[-1]["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["0", "1", "2", "3", "4", "5"],
        ["6", "7", "8", "9", "10"],
    ]
    await phone.tap("10")
    await phone.sees("You said: 10 (worst)")


async def test_ticks_are_set_and_taken_away_in_place_and_sent_together(polling: Clinic, phone: Phone) -> None:
    await phone.say("several")
    await phone.sees("Where is it?")
    for label in ("Lower back", "Leg", "Hip", "Leg"):
        await phone.tap(label)
        await polling.settled()
    shown = [
        b["text"] for row in phone.chat.sent[-1]["reply_markup"]["inline_keyboard"] for b in row
    ]  # fmt: skip
    assert shown == ["✅ Lower back", "Leg", "✅ Hip & groin <both>", "Done"]
    assert polling.heard(phone) == ["several"]
    await phone.tap("Done")
    await phone.sees("You said: Lower back, Hip & groin <both>")
    await phone.sees("Where is it?\n\n✓ Lower back, Hip & groin <both>")


async def test_two_taps_in_quick_succession_both_count(polling: Clinic, phone: Phone) -> None:
    await phone.say("several")
    await phone.sees("Where is it?")
    # Both are sent before the first tick is on the screen.
    first, second = (phone.tap_update(*phone.button(label)) for label in ("Lower back", "Leg"))
    polling.api.push(first, second)
    await polling.settled()
    await phone.tap("Done")
    await phone.sees("You said: Lower back, Leg")


async def test_done_without_a_tick_asks_for_one(polling: Clinic, phone: Phone) -> None:
    await phone.say("several")
    await phone.sees("Where is it?")
    await phone.tap("Done")
    await until(lambda: polling.api.alerts)
    assert polling.api.alerts == [texts.TICK_FIRST]
    assert polling.heard(phone) == ["several"]


async def test_an_older_keyboard_still_answers(polling: Clinic, phone: Phone) -> None:
    await phone.say("fever")
    await phone.say("something else")
    await phone.sees("You said: something else")
    await phone.tap("Yes")
    await phone.sees("You said: Yes")


async def test_a_button_of_somebody_else_is_worth_nothing(polling: Clinic, phone: Phone, api: BotApi) -> None:
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    thief = Phone(api, 666)
    await thief.say("/start")
    await thief.sees("Hello")
    button, message = phone.button("Yes")
    await thief.do(thief.tap_update(button, message))
    await until(lambda: api.alerts)
    assert api.alerts == [texts.BUTTON_OVER]
    assert polling.heard(thief) == []
    assert polling.heard(phone) == ["fever"]


async def test_a_forged_button_is_worth_nothing(polling: Clinic, phone: Phone) -> None:
    await phone.say("fever")
    await phone.sees("Do you have a fever?")
    _, message = phone.button("Yes")
    for data in ("c:nothing", "c:", "x", "d", "t:" + "a" * 62):
        await phone.do(phone.tap_update({"callback_data": data}, message))
    await polling.settled()
    assert polling.heard(phone) == ["fever"]


async def test_markup_in_words_is_shown_as_it_is(polling: Clinic, phone: Phone) -> None:
    for said in ("<b>bold</b> & *star* _line_ [a](b)", "a < b > c &amp; </b>", "<script>alert(1)</script>"):
        await phone.say(said)
        await phone.sees(f"You said: {said}")
    assert polling.api.refusals == []


async def test_danger_stands_out(polling: Clinic, phone: Phone) -> None:
    await phone.say("danger")
    await phone.sees("Call 112 <now> & do not wait.")
    [entity] = phone.chat.sent[-1]["entities"]
    assert (entity["type"], entity["offset"], entity["length"]) == ("bold", 0, 29)


async def test_a_long_plan_comes_in_pieces_that_begin_at_paragraphs(polling: Clinic, phone: Phone) -> None:
    await phone.say("long")
    await phone.sees("Part 24.")
    await polling.settled()
    pieces = phone.screen[2:]
    assert "\n\n".join(pieces) == LONG
    assert len(pieces) == 3
    assert all(piece.startswith("Part ") for piece in pieces)


async def test_typing_is_shown_while_the_bot_thinks(polling: Clinic, phone: Phone) -> None:
    await phone.say("/start")
    await phone.say("my back hurts")
    await phone.sees("You said: my back hurts")
    await until(lambda: polling.api.actions)
    assert polling.api.actions[0] == (phone.id, "typing")


async def test_an_edited_answer_corrects_it(polling: Clinic, phone: Phone) -> None:
    await phone.say("/start")
    said = await phone.say("5")
    await phone.sees("You said: 5")
    await phone.edit(said, "4")
    await phone.sees("You said: Sorry, I meant: 4")
    await phone.edit(said, "3")
    await phone.sees("You said: Sorry, I meant: 3")
    await polling.settled()
    assert polling.heard(phone) == ["5", "Sorry, I meant: 4", "Sorry, I meant: 3"]


async def test_an_edited_answer_to_a_question_that_is_still_open_is_simply_the_answer(
    polling: Clinic, phone: Phone
) -> None:
    await phone.say("scale")
    await phone.sees("How bad is it?")
    said = await phone.say("scale")  # not understood: asked again
    await until(lambda: sum("How bad" in text for text in phone.screen) == 2)
    await phone.edit(said, "4")
    await phone.sees("You said: 4")


async def test_a_short_edit_of_an_older_message_is_not_taken_for_the_open_question(
    polling: Clinic, phone: Phone
) -> None:
    older = await phone.say("5")
    await phone.say("monday")
    await phone.sees("You said: monday")
    await phone.edit(older, "4")
    await phone.sees(texts.WHICH_ANSWER)
    assert polling.heard(phone) == ["5", "monday"]
    await phone.edit(older, "5, and I cannot feel my legs")
    await phone.sees("You said: 5, and I cannot feel my legs")


async def test_a_message_that_arrives_after_its_own_correction_is_dropped(
    polling: Clinic, phone: Phone, api: BotApi
) -> None:
    await phone.say("/start")
    await phone.sees("Hello")
    message = api.message_from(phone.chat, "my pain is five")
    late = api.new_update("message", message)
    edit = api.new_update("edited_message", {**message, "text": "my pain is four", "edit_date": 1})
    api.push(edit)
    await phone.sees("You said: my pain is four")
    api.push({**late, "update_id": edit["update_id"] + 1})
    await phone.say("hello")
    await phone.sees("You said: hello")
    assert polling.heard(phone) == ["my pain is four", "hello"]
