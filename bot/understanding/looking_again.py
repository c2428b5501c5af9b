"""What is made of the second look: which messages it is worth, and how likely a sign must be to be believed.

It only ever adds danger (clinical.md §1): it never takes a fact away and never says no. What it finds alone is
asked about by the dialogue before anything follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from bot.clinical.facts import FIELDS, FactValue
from bot.clinical.urgency import Urgency
from bot.understanding.danger import Danger, danger_in, urgency_of
from bot.understanding.own_words import OWN_WORDS
from bot.understanding.read_fact import LIKELY, ReadFact
from bot.understanding.reading import Reading
from bot.understanding.second_look import Sign, Suspicion

_FEWEST_LEFT = 2  #: telling words beyond what was read; fewer are a turn of phrase ("on average")
_FEWEST_WORDS = 3  #: a shorter message is an answer or a greeting
#: How much more it counts that a message tells danger at all than which sign it is (benchmarks/understanding.md).
_POWER = 4


def worth_a_look(reading: Reading, text: str) -> bool:
    """Whether the message may tell more than was read: words are left over, and the questions go on."""
    interrupted = reading.safety is not None and reading.safety.interrupts
    own_words = any(fact.field in OWN_WORDS for fact in reading.facts)
    understood = reading.says_something and reading.left < _FEWEST_LEFT and not own_words
    return not (understood or interrupted or len(text.split()) < _FEWEST_WORDS)


def looked_again(
    reading: Reading, text: str, asks: str | None, suspicion: Suspicion, least: Mapping[str, float]
) -> Reading:
    """`reading` with the signs that are likely enough, of whose field nothing was read and that make it worse.

    `least` gives the least likelihood of a sign for what the message would then be: an emergency or same day.
    """
    for (field, value), share in suspicion.signs:
        likely = suspicion.danger**_POWER * share
        if likely < _lowest(least):
            continue  # before the triage rules are asked, which takes longer than all the rest
        facts = {fact.field: fact.value for fact in reading.facts}
        if field not in facts and likely >= _needed(facts, (field, value), asks, least):
            added = ReadFact(field, value, text, 0, len(text), source=LIKELY)
            reading = replace(reading, facts=(*reading.facts, added), outright=True)
    return reading


def rest_of(reading: Reading, text: str, suspicion: Suspicion, least: Mapping[str, float]) -> str | None:
    """`text` without the words that told red flags, where these may hide another; None where it is not worth it.

    "No fever, but my husband has poo in his pyjamas": the fever is what the message is most like.
    """
    if suspicion.danger**_POWER < _lowest(least):
        return None
    left = list(text)
    for fact in reading.facts:
        if FIELDS[fact.field].red_flag:
            left[fact.start : fact.end] = " " * (fact.end - fact.start)
    rest = "".join(left)
    return rest if rest != text and len(rest.split()) >= _FEWEST_WORDS else None


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


def _lowest(least: Mapping[str, float]) -> float:
    """The least likelihood at which any sign is believed."""
    return min(least["emergency"], least["same_day"])


def _needed(
    facts: Mapping[str, FactValue], sign: Sign, asks: str | None, least: Mapping[str, float]
) -> float:
    """How likely `sign` must be to be believed beside `facts`; more than certain if it makes nothing worse."""
    before = urgency_of(danger_in(facts, asks))
    after = urgency_of(danger_in({**facts, sign[0]: sign[1]}, asks))
    if after <= before:
        return inf
    return least["emergency" if after is Urgency.EMERGENCY_NOW else "same_day"]
