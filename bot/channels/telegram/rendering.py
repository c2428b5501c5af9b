"""How a message looks in Telegram: HTML in pieces that fit, and the keyboard under the last one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram import texts
from bot.store.records import IssuedChoice, Message

#: Telegram's limit, in UTF-16 code units after the markup is read.
LONGEST = 4096
MOST_BUTTON_BYTES = 64

#: What a button sends back: a choice, a tick to set or take away, or the end of ticking.
CHOOSE, TICK, DONE = "c:", "t:", "d"
TICKED = "✅ "

_SEVERAL = frozenset({"multi_choice", "body_map"})
_SHORT_LABEL = 12
_MOST_IN_A_ROW = 3
_SCALE_NUMBER = re.compile(r"\d{1,2}")
#: Where a long text is best cut: between paragraphs, lines, sentences, words.
_SEAMS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?:;])\s"), re.compile(r"\s"))


def pieces(message: Message, longest: int = LONGEST) -> list[str]:
    """The text of a message as HTML, in pieces that Telegram takes."""
    return [_as_html(piece, message.kind) for piece in split(_with_ends_of_scale(message), longest)]


def plain_pieces(message: Message, longest: int = LONGEST) -> list[str]:
    """The same pieces without any markup."""
    return split(_with_ends_of_scale(message), longest)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Cut a text at the best seam before `longest`; never inside a character."""
    rest, cut = text.strip(), []
    while _units(rest) > longest:
        head = _first_units(rest, longest)
        at = _seam(head)
        cut.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*cut, rest] if rest or not cut else cut


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The buttons of a question; None when it has no choices."""
    if not message.choices:
        return None
    if message.input == "scale":
        return InlineKeyboardMarkup(list(_scale_rows(message.choices)))
    if message.input in _SEVERAL:
        rows = [[_button(choice.label, TICK + choice.id)] for choice in message.choices]
        return InlineKeyboardMarkup([*rows, [_button(texts.DONE, DONE)]])
    return InlineKeyboardMarkup(list(_rows(message.choices)))


def ticked(markup: InlineKeyboardMarkup) -> list[str]:
    """The ids of the choices that carry a tick, in order."""
    return [_id(button) for button in _tickable(markup) if button.text.startswith(TICKED)]


def with_ticks(markup: InlineKeyboardMarkup, ids: Iterable[str]) -> InlineKeyboardMarkup:
    """The same keyboard with exactly these choices ticked."""
    wanted = set(ids)
    return InlineKeyboardMarkup(
        [[_retick(button, wanted) for button in row] for row in markup.inline_keyboard]
    )


def labels(markup: InlineKeyboardMarkup, ids: Iterable[str]) -> list[str]:
    """What the buttons of these choices say, without ticks."""
    wanted = set(ids)
    buttons = [button for row in markup.inline_keyboard for button in row]
    return [button.text.removeprefix(TICKED) for button in buttons if _id(button) in wanted]


def answered(question_html: str, chosen: Sequence[str]) -> str:
    """The question once it is answered: its text, and the answer in place of the keyboard."""
    return f"{question_html}\n\n<b>✓ {html.escape(', '.join(chosen), quote=False)}</b>"


def _as_html(text: str, kind: str) -> str:
    escaped = html.escape(text, quote=False)
    return f"<b>{escaped}</b>" if kind == "safety" else escaped


def _with_ends_of_scale(message: Message) -> str:
    """The buttons of a scale are too small for words, so its ends are explained above them."""
    if message.input != "scale":
        return message.text
    ends = [choice.label for choice in message.choices if not choice.label.isdigit()]
    return "\n\n".join([message.text, "\n".join(ends)]) if ends else message.text


def _scale_rows(choices: Sequence[IssuedChoice]) -> Iterator[list[InlineKeyboardButton]]:
    """Two rows: 0 to 5 and 6 to 10."""
    first = (len(choices) + 1) // 2
    for row in (choices[:first], choices[first:]):
        if row:
            yield [_button(_number(choice.label), CHOOSE + choice.id) for choice in row]


def _number(label: str) -> str:
    found = _SCALE_NUMBER.match(label)
    return found.group() if found else label


def _rows(choices: Sequence[IssuedChoice]) -> Iterator[list[InlineKeyboardButton]]:
    short = len(choices) <= _MOST_IN_A_ROW and all(len(each.label) <= _SHORT_LABEL for each in choices)
    if short:
        yield [_button(choice.label, CHOOSE + choice.id) for choice in choices]
    else:
        for choice in choices:
            yield [_button(choice.label, CHOOSE + choice.id)]


def _button(label: str, data: str) -> InlineKeyboardButton:
    if len(data.encode()) > MOST_BUTTON_BYTES:
        raise ValueError("a choice id is too long for a Telegram button")
    return InlineKeyboardButton(label, callback_data=data)


def _tickable(markup: InlineKeyboardMarkup) -> Iterator[InlineKeyboardButton]:
    for row in markup.inline_keyboard:
        for button in row:
            if str(button.callback_data).startswith(TICK):
                yield button


def _id(button: InlineKeyboardButton) -> str:
    return str(button.callback_data).partition(":")[2]


def _retick(button: InlineKeyboardButton, wanted: set[str]) -> InlineKeyboardButton:
    if not str(button.callback_data).startswith(TICK):
        return button
    label = button.text.removeprefix(TICKED)
    return _button(TICKED + label if _id(button) in wanted else label, str(button.callback_data))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _first_units(text: str, units: int) -> str:
    """The longest beginning with at most `units` UTF-16 code units."""
    head = text[:units]
    while _units(head) > units:
        head = head[: len(head) - max(1, (_units(head) - units) // 2)]
    return head


def _seam(head: str) -> int:
    """Where to cut: after the last seam of the best kind that does not leave a very short piece."""
    for kind in _SEAMS:
        ends = [match.end() for match in kind.finditer(head)]
        if ends and ends[-1] > len(head) // 2:
            return ends[-1]
    return len(head)
