"""What is made of the second look: which messages it is worth, and how likely a sign must be to be believed.

It only ever adds danger (clinical.md §1): it never takes a fact away and never says no. What it finds alone is
asked about by the dialogue before anything follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.clinical.facts import FIELDS, FactValue
from bot.clinical.urgency import Urgency
from bot.understanding.danger import Danger, danger_in
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import LIKELY, ReadFact
from bot.understanding.reading import Reading
from bot.understanding.second_look import Sign, Suspicion

_FEWEST_LEFT = 2  #: telling words beyond what was read; fewer are a turn of phrase ("on average")
_FEWEST_WORDS = 3  #: a shorter message is an answer or a greeting

#: Words of somebody who may be denying, explaining or telling of then: likeness does not hear those.
_MAY_DENY = re.compile(
    r"\b(?:no|not|never|none|nothing|nope|nah|nor|neither|without|cannot say|\w+n['\u2019]?t|fine|normal\w*|"
    r"ok|okay|usual\w*|always|same|only (?:when|if|after|because|cos)|years ago|as a (?:kid|child)|used to|"
    r"lol|haha|film|movie|like a)\b",
    re.IGNORECASE,
)


def worth_a_look(reading: Reading, text: str) -> bool:
    """Whether the message may tell more than was read: words are left over, and the questions go on."""
    interrupted = reading.safety is not None and reading.safety.interrupts
    own_words = any(fact.field in OWN_WORDS for fact in reading.facts)
    understood = reading.says_something and reading.left < _FEWEST_LEFT and not own_words
    return not (understood or interrupted or len(text.split()) < _FEWEST_WORDS)


def looked_again(
    reading: Reading, text: str, asks: str | None, suspicion: Suspicion, least: Mapping[str, float]
) -> Reading:
    """`reading` with the signs that are likely enough and of whose field nothing was read."""
    found = list(_believed(reading, text, asks, suspicion, least))
    if not found:
        return reading
    added = tuple(ReadFact(field, value, text, 0, len(text), source=LIKELY) for field, value in found)
    return replace(reading, facts=(*reading.facts, *added), outright=True)


def doubted(
    reading: Reading, looked: Reading, suspicion: Suspicion, least: Mapping[str, float]
) -> tuple[str, ...]:
    """The fields of signs that are not likely enough to count, but likely enough to be asked about next.

    `reading` is what the rules read, `looked` that with what is believed. Every red flag is asked about anyhow
    in an intake, so a doubt costs a patient nothing but the order of the questions.
    """
    if suspicion.danger < least["doubt"]:
        return ()
    known = {fact.field for fact in (*reading.facts, *looked.facts)}
    fields = (
        field for (field, _), share in suspicion.signs if share >= least["share"] and field not in known
    )
    return tuple(dict.fromkeys(fields))


def danger_of(reading: Reading, asks: str | None) -> Danger | None:
    """The danger in everything that was found; `Reading.safety` holds only what the rules alone found."""
    return danger_in({fact.field: fact.value for fact in reading.facts}, asks) or reading.safety


def _believed(
    reading: Reading, text: str, asks: str | None, suspicion: Suspicion, least: Mapping[str, float]
) -> Iterator[Sign]:
    known = {fact.field for fact in reading.facts}
    may_deny = _MAY_DENY.search(text) is not None
    for (field, value), share in suspicion.signs:
        if field in known or share < least["share"]:
            continue
        needed = _needed(field, value, None if may_deny else asks, least)
        if may_deny and needed < least["unclear"]:
            needed = least["denying"]
        if suspicion.danger >= (needed if share >= least["clear"] else max(needed, least["unclear"])):
            known.add(field)
            yield field, value


def least_believed(text: str, asks: str | None, least: Mapping[str, float]) -> float:
    """The least likelihood at which any sign is believed of `text` as an answer to `asks`."""
    alone = min(least["emergency"], least["same_day"])
    if _MAY_DENY.search(text):
        return max(alone, least["denying"])
    return min(alone, least["asked"]) if asks is not None and FIELDS[asks].red_flag else alone


def _needed(field: str, value: FactValue, asks: str | None, least: Mapping[str, float]) -> float:
    if field == asks:
        return least["asked"]
    alone = danger_in({field: value})
    if alone is None:
        return least["unclear"]
    return least["emergency" if alone.urgency == Urgency.EMERGENCY_NOW.value else "same_day"]
