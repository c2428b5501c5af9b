"""Reads a typed line as an answer to a question with choices: by number, by label, or as plain text."""

from __future__ import annotations

import re

from bot.channels.inbound import clean
from bot.store.records import Message

_NUMBERS = re.compile(r"\d{1,2}(?:\s*[,;\s]\s*\d{1,2})*")
_LEADING_NUMBER = re.compile(r"\d{1,3}(?!\d)")


def answer_to(question: Message | None, typed: str) -> tuple[str | None, list[str] | None]:
    """The line as `(text, None)` or `(None, choice ids)`. Raises `UnusableText` for what cannot be sent.

    On a scale a number means itself; elsewhere it means the choice with that number.
    """
    text = clean(typed)
    if question is None or not question.choices:
        return text, None
    for choice in question.choices:
        if choice.label.casefold() == text.casefold():
            return None, [choice.id]
    if not _NUMBERS.fullmatch(text):
        return text, None
    numbers = list(dict.fromkeys(int(number) for number in re.findall(r"\d+", text)))
    if question.input not in {"multi_choice", "body_map"} and len(numbers) > 1:
        return text, None
    ids = _by_number(question)
    if not all(number in ids for number in numbers):
        return text, None
    return None, [ids[number] for number in numbers]


def _by_number(question: Message) -> dict[int, str]:
    if question.input != "scale":
        return {number: choice.id for number, choice in enumerate(question.choices, start=1)}
    labelled = {}
    for choice in question.choices:
        if found := _LEADING_NUMBER.match(choice.label.strip()):
            labelled[int(found.group())] = choice.id
    return labelled
