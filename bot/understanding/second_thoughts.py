"""An answer that corrects itself: "41. no wait, 42", "i said 2 months, its nearer 5", "right. i mean left"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.clinical.facts import FIELDS, FieldKind
from bot.understanding.mentions import Mention
from bot.understanding.scores import PAIN_FIELDS, SCORE_FIELDS
from bot.understanding.utterance import Utterance

#: Reads the field that is asked out of an utterance.
Reader = Callable[[Utterance], Mention | None]

#: A correction is short, and nobody turns round more often than this.
_LONGEST = 300
_MOST_TURNS = 4

#: Choices that are facts of daily life; what is danger is never taken back by a turn of phrase.
_CHOICES = frozenset(
    {
        *("pain_trend", "pain_side", "pain_pattern", "onset", "leg_side", "leg_pain_trend"),
        *("work_type", "pref_budget"),
    }
)
_NUMERIC = (FieldKind.INT, FieldKind.FLOAT)

_ITS = (
    r"(?:its|it is|it was|thats|id say|say|make (?:it|that)|call it|more like|nearer|closer to|really|more|"
    r"about|im|be)"
)
#: Words after which a patient gives the answer once more.
_TURN = re.compile(
    r"\b(?:no,? wait|wait,? no|wait|hang on|hold on|hang about|hold up|scratch that|scrap that|strike that|"
    r"(?:actually|well|sorry|er+m?|um+|hm+|oh|or),? no|no,? (?:actually|sorry|no|hang on|hold on|i mean|i meant)|"
    r"sorry(?:,? i (?:mean|meant))?|i mean|i meant|oops|whoops|correction|my mistake|or rather|"
    r"(?:no,? )?(?:i )?tell a lie|on second thoughts?|(?:now )?(?:thinking|come to think)(?: back)?(?: of|"
    r" about)? ?(?:it)?|"
    r"let me (?:think|check|count|see|recount)|just (?:looked|checked|remembered|counted)|"
    r"actually|make (?:it|that)|call it)\b"
    rf"|(?<=[a-z\d.,]) no,?(?= (?:{_ITS} )*(?:an? |like |about )*\d)"
    rf"|(?<=[.,;] )no,?(?= (?:{_ITS}|more)\b)"
)
#: "I put 2 before, its more like a 5": what was put, and that it was another.
_PUT = re.compile(
    r"\b(?:i|ive|id) (?:said|put|typed|told (?:you|u)|wrote|answered|entered)(?: (?:it was|it|that|about|down|its|a|an|"
    r"like|as|age|only))* \d+(?:\.\d+)?(?:/10| out of 10|%)?(?: (?:day|week|month|year|minute|min|hour|kilo|"
    r"kg|stone)s?)?"
    r"(?P<turn>(?: (?:before|earlier|last time)\b(?! (?:my|the|this|i)\b)|"
    r"(?: (?:first|there|for that|down))?(?:,| -|\.+)? ?"
    r"(?:(?:but|actually|well|though|when|and|no|sorry|really)[ ,]+)*(?=(?:its|it is|it was|it should|say|"
    r"make|id say|call|"
    r"more|nearer|closer|im|that should|i meant|should|probably|really|now|thinking|looking)\b)))"
)
#: A value beside one of these is of something else, of another day or of long ago.
_NOT_THE_ANSWER = re.compile(
    r"\b(?:last (?:week|month|year|time|night|summer|winter|episode)|used to|years? (?:ago|back)|back (?:in|then)|"
    r"when (?:i was|it started|it began|i started)|(?:the|my|his|her) (?:husband|wife|mum|mom|dad|son|daughter|"
    r"sister|brother|partner|kids?|friend|mate)|(?:husband|wife|hubby)(?:s| is)|too|as well|"
    r"what (?:does|is|do|would|are)|is (?:a |an )?\d+ (?:the|a|too|ok|bad|normal)|(?:can|should|could|may) i\b|do you|"
    r"(?:got|getting|been|gone) (?:worse|bad|better|sorer)|"
    r"(?:last|other|previous) (?:question|one|1)|at (?:birth|school|the time)|(?:are|is) the same|"
    r"before (?:this|that|the))\b"
)
#: Of an average, these tell the bad days.
_BAD_DAYS = re.compile(
    r"\b(?:(?:on (?:a |the |my )?)?bad (?:day|one|night|patch)s?|at (?:its |the |my )?worst|worst|at times|"
    r"(?:when|if|after) (?:i|im|ive|the|it|its|she|he|we|they|my)\b|only when|sometimes)"
)
#: "I mean the right one is fine": that side is well.
_SIDES = frozenset({"pain_side", "leg_side"})
_IS_WELL = re.compile(r"\b(?:fine|ok|okay|good|grand|no pain|not|never|doesnt|isnt|nothing|used to)\b")
#: Of stress, sleep or fear, these tell the pain's score.
_OF_PAIN = re.compile(r"\b(?:pain|backs?|legs?) (?:is|was|its|score)\b|\bof pain\b|\bpain$")
_UNIT = re.compile(r"\d (?P<unit>minute|min|hour|day|week|month|year|kilo|kg|stone)s?\b")
_NUMBER = re.compile(
    r"(?<![\d./:])(?P<number>\d{1,3}(?:\.\d)?)(?![\d/%:]| (?:out of|am|pm)\b)"
    r"(?= ?(?:$|[,.;!)]| (?:now|with|so|and|today|really|actually|cos|because|maybe|probably|id|i|if|lol|haha|"
    r"sorry|then|"
    r"counting|including|since|at|in|on|as|not|thats|is|more|for|or|to be|tbh)\b))"
)
#: "Hang on, 3 with today".
_NUMBER_FIRST = re.compile(
    rf"[ ,.]*(?:{_ITS} )*(?:an? |like |about )*\d+ ?(?:$|[,.;!]| (?:with|if|now|so|because|cos|counting|"
    rf"including|as|today)\b)"
)
_TOLD_OUTRIGHT = re.compile(r"\b(?:make (?:it|that)|call it|say|so)(?: (?:an?|like|about|maybe|its))* $")
_SAID_SO = re.compile(rf"\b(?:so|{_ITS})(?: (?:an?|like|about|maybe|only|{_ITS}))* $")
_PIECE_ENDS = re.compile(r"[.;!?,](?!\d)|\b(?:but|though)\b")


def said_last(utterance: Utterance, read: Reader) -> Mention | None:
    """The value of the asked field that stands after the patient turned round; None when nobody did.

    Both halves must answer the question, or the turn was no more than a way of talking.
    """
    if len(utterance.text) > _LONGEST or not _can_turn(utterance.asks):
        return None
    turns = list(_turns(utterance.text))[-_MOST_TURNS:]
    for end_of_head, begin in reversed(turns):
        first = _of_part(utterance, 0, end_of_head, read)
        if first is None or first.dangerous:
            continue
        told = _second_answer(utterance, begin, end_of_head, read)
        if told is None or told.value == first.value:
            continue
        return first if _is_of_something_else(utterance, told, begin) else told
    return None


def what_was_put(text: str) -> Iterator[tuple[int, int]]:
    """Where "i put 10 before" stands, which tells of the conversation and of no earlier pain."""
    yield from (match.span() for match in _PUT.finditer(text))


def _can_turn(asks: str | None) -> bool:
    known = FIELDS.get(asks or "")
    return known is not None and (known.kind in _NUMERIC or known.name in _CHOICES)


def _turns(text: str) -> Iterator[tuple[int, int]]:
    """Where the first answer ends and where the second may begin."""
    found = [(match.start("turn"), match.end("turn")) for match in _PUT.finditer(text)]
    found += [match.span() for match in _TURN.finditer(text) if text[: match.start()].strip(" .,")]
    yield from sorted(found)


def _second_answer(utterance: Utterance, begin: int, end_of_head: int, read: Reader) -> Mention | None:
    def alone() -> Mention | None:
        return _number_alone(utterance, begin, end_of_head, read)

    def in_full() -> Mention | None:
        return _of_part(utterance, begin, len(utterance.text), read)

    if _NUMBER_FIRST.match(utterance.text, begin):
        return alone() or in_full()
    return in_full() or alone()


def _of_part(utterance: Utterance, start: int, end: int, read: Reader) -> Mention | None:
    if not utterance.text[start:end].strip(" .,;!"):
        return None
    begin, stop = utterance.plain.source(start, end)
    part = Utterance.of(
        utterance.plain.original[begin:stop],
        utterance.asks,
        utterance.today,
        utterance.spell,
        utterance.written_for,
    )
    one = read(part)
    if one is None:
        return None
    said = part.plain.source(one.start, one.end)
    at, until = (_plain_offset(utterance, begin + offset) for offset in said)
    return replace(one, start=at, end=max(at + 1, until))


def _plain_offset(utterance: Utterance, source: int) -> int:
    """Where a character of the message stands in the plain text."""
    for at in range(len(utterance.text)):
        if utterance.plain.source(at, at + 1)[0] >= source:
            return at
    return len(utterance.text)


def _number_alone(utterance: Utterance, begin: int, end_of_head: int, read: Reader) -> Mention | None:
    """ "Ten days... so 11": a bare number has the unit of the first answer."""
    numbers = list(_NUMBER.finditer(utterance.text, begin))
    if not numbers:
        return None
    plain = [one for one in numbers if _SAID_SO.search(utterance.text[begin : one.start()])]
    if len(numbers) > 1 and not plain:
        return None
    match = (plain or numbers)[-1]
    unit = _UNIT.search(utterance.text[:end_of_head])
    words = f"{match['number']} {unit['unit']}s" if unit is not None else match["number"]
    one = read(Utterance.of(words, utterance.asks, utterance.today, utterance.spell, utterance.written_for))
    return replace(one, start=match.start(), end=match.end()) if one is not None else None


def _is_of_something_else(utterance: Utterance, told: Mention, begin: int) -> bool:
    text = utterance.text
    if _TOLD_OUTRIGHT.search(text[begin : told.start]):
        return False
    before = _PIECE_ENDS.split(text[begin : told.start])[-1]
    after = _PIECE_ENDS.split(text[told.end :], maxsplit=1)[0]
    piece = f"{before} {after}"
    if _NOT_THE_ANSWER.search(piece) or utterance.scopes.of_another(told.start, told.end):
        return True
    if utterance.asks in _SIDES and _IS_WELL.search(piece):
        return True
    if utterance.asks in SCORE_FIELDS - PAIN_FIELDS and _OF_PAIN.search(piece):
        return True
    worst = utterance.asks in PAIN_FIELDS and utterance.asks != "pain_worst"
    return worst and _BAD_DAYS.search(piece) is not None
