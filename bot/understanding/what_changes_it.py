"""What sets the pain off and what eases it: what is done, paired with what that does to the pain.

"Sitting and driving kill me but a hot bath sorts it" names three things and two effects. Each effect takes the
thing that follows it with a "when", "if" or "with", and else the one before it, with those joined to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.understanding.effects import BETTER, DONE, NEITHER, NOT, PAIN, WORSE, Item, Pairs
from bot.understanding.lexicon.changes import load_changes
from bot.understanding.mentions import Mention
from bot.understanding.utterance import Utterance

AGGRAVATED, RELIEVED, IMPROVES = "aggravated_by", "relieved_by", "improves_with_movement"
_SENTENCE = re.compile(r"(?:[^.;!?]|\.(?=\d))+[.;!?]?")
#: "Does heat help", "they say walking is good", "I want to lift": nothing is told of the patient's own pain.
_ASKED = re.compile(
    r"^ ?(?:would|will|does|do|can|could|should|which|whats)\b|\b(?:should i|shall i|can i|could i|may i|"
    r"is it (?:ok|okay|safe|bad|good|better|best)|(?<!so )(?<!neither )(?<!nor )(?:does|do|will|would|could|"
    r"can|might) (?:it|heat|ice|sitting|walking|lying|rest\w*|exercis\w*|massage|swimming|yoga|driving|stretch\w*|"
    r"you)\b|which (?:is|are|ones?)|what (?:helps|makes|else)|any good (?:for|to)|(?:want|need) to know|"
    r"tell me|advi[cs]e|do you|supposed to|they say|told me|apparently|heard that|ive read|how do|"
    r"wonder\w*|worried (?:that|about)|hoping|hope to|want to be able|will (?:it|that) (?:help|make)|"
    r"might help|may help|"
    r"would help|i want|id like|my goal|last time|back then|used to|years ago)\b"
)
#: What hurts there is not the back.
_ELSEWHERE = re.compile(
    r"\b(?:knees?|chest|head|tummy|stomach|belly|shoulder(?! ?blade)|throat|wrist|elbow|eyes?|ears?)(?: \w+){0,2}? "
    r"(?:hurts?|ach(?:e|es|ing)|pain\w*|sore|is|are|kills?|feels?)\b|"
    r"\b(?:belly|tummy|stomach|abdomen)(?: \w+){0,5}? (?:jump\w*|beat\w*|puls\w*|throb\w*|hard|tight)\b"
)
_BACK = re.compile(r"\b(?:backs?|spine|lumbar|waist|sciatica|hips?|buttocks?|bum|tail ?bone|coccyx)\b")
_ELLIPSIS = re.compile(
    r"\b(?:doesnt|dont|does not|do not|isnt|arent|is not|didnt|not so much|not really)(?= ?(?:$|[,.;!]|"
    r"but |though|at all|tbh))"
)
_NEITHER = re.compile(r"\b(?:neither|nor)\b(?: (?:do|does|did|is|are))?")
_WHEN_I = re.compile(
    r"(?:,|\b(?:only|just|mainly|mostly|always|especially)) ?(?:when(?:ever)?|if|every time|each time) (?:i|im) $"
)
_SIGN = re.compile(
    r"\b(?:numb\w*|tingl\w*|wee|pee\w*|leak\w*|bladder|bowels?|weak\w*|faint\w*|dizz\w*|fell|went|did|done|was)\b"
)
_PAINFUL = re.compile(
    r"\b(?:backs?|spine|pain\w*|hurt\w*|sore\w*|ach(?:e|es|ing|y)|agony|sciatica|kills?|killing|stiff\w*|"
    r"spasms?|worse|worst)\b"
)
_ASKS_FOR_THE_PAIN = frozenset(
    {
        *("pain_avg", "pain_worst", "pain_site", "pain_side", "pain_character", "pain_pattern", "pain_trend"),
        *("duration_weeks", "onset", "onset_cause", "aggravated_by", "relieved_by", "improves_with_movement"),
        *(
            "morning_stiffness_min",
            "leg_pain",
            "leg_pain_walking_eased_by_sitting",
            "prev_helpful",
            "read_back",
        ),
        *(
            "past_treatments",
            "fear_of_movement",
            "sleep_problem",
            "work_type",
            "activity_min_week",
            "psfs",
            "goals",
        ),
    }
)
_MOVES = frozenset({"moving", "active", "exercise"})


@dataclass(frozen=True)
class WhatChangesIt:
    """What was paired: facts, values that are denied, and the places of the things and effects."""

    mentions: tuple[Mention, ...] = ()
    denied: frozenset[tuple[str, str]] = frozenset()
    effects: tuple[tuple[int, int], ...] = ()
    set_off: tuple[tuple[int, int], ...] = ()  #: things that set it off and did not begin it

    def sifted(self, others: Iterable[Mention]) -> Iterator[Mention]:
        """The other readers' mentions without those that the pairs speak against."""
        yield from self.mentions
        yield from (one for one in others if not self._against(one))

    def _against(self, one: Mention) -> bool:
        if one.field in (AGGRAVATED, RELIEVED) and isinstance(one.value, tuple) and len(one.value) == 1:
            return (one.field, one.value[0]) in self.denied
        if one.field == IMPROVES and one.value is True:
            return (RELIEVED, "movement") in self.denied or (RELIEVED, "walking") in self.denied
        if one.field == "pain_trend":
            return any(start < one.end and one.start < end for start, end in self.effects)
        if one.field == "onset_cause":
            return any(start < one.end and one.start < end for start, end in self.set_off)
        return False


def what_changes_it(utterance: Utterance) -> WhatChangesIt:
    """Pairs what is done with what it does, sentence by sentence."""
    text = utterance.text
    items = _items(utterance)
    if not any(one.kind == DONE for one in items):
        return WhatChangesIt()
    mentions: list[Mention] = []
    denied: set[tuple[str, str]] = set()
    effects: list[tuple[int, int]] = []
    set_off: list[tuple[int, int]] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if sentence.group().endswith("?") or _ASKED.search(sentence.group()):
            continue
        if _of_something_else(utterance, sentence.group()):
            continue
        if _ELSEWHERE.search(sentence.group()) and not _BACK.search(sentence.group()):
            continue
        own = _own_effects([one for one in items if start <= one.start and one.end <= end], text)
        pairs = Pairs(text, start, own)
        mentions.extend(_only_when(utterance, sentence.group(), own))
        for kind, effect, thing in pairs.found():
            if thing.name not in ("massage", "heat", "lifting") and utterance.scopes.of_another(
                thing.start, thing.end
            ):
                continue
            if kind in (WORSE, BETTER):
                effects.append((effect.start, effect.end))
            if kind == WORSE and (pairs.whenever(thing) or not pairs.began(effect, thing)):
                set_off.append((thing.start, thing.end))
            denied.update(_denied(kind, thing))
            mentions.extend(one for one in _mentions(kind, effect, thing) if not _told_twice(one, utterance))
    told = {(one.field, value) for one in mentions if isinstance(one.value, tuple) for value in one.value}
    return WhatChangesIt(tuple(mentions), frozenset(denied - told), tuple(effects), tuple(set_off))


def _of_something_else(utterance: Utterance, sentence: str) -> bool:
    """Asked about blood pressure, "tablets keep it in check" is not of the pain."""
    asks = utterance.asks
    return asks is not None and asks not in _ASKS_FOR_THE_PAIN and _PAINFUL.search(sentence) is None


def _only_when(utterance: Utterance, sentence: str, items: list[Item]) -> Iterator[Mention]:
    """ "Middle of my back, when I twist": nothing but the place is told, and when."""
    if any(one.kind != DONE for one in items) or not _BACK.search(sentence) or _SIGN.search(sentence):
        return
    for one in items:
        if one.worse and _WHEN_I.search(utterance.text[max(0, one.start - 24) : one.start]):
            yield Mention(AGGRAVATED, (one.worse,), one.start, one.end)


def _own_effects(items: list[Item], text: str) -> list[Item]:
    """Without "pain" where a word beside it says what becomes of the pain."""
    kept: list[Item] = []
    for index, one in enumerate(items):
        beside = [items[at] for at in (index - 1, index + 1) if 0 <= at < len(items)]
        if one.kind != PAIN or not any(
            other.kind in (WORSE, BETTER)
            and text[min(one.end, other.end) : max(one.start, other.start)].count(" ") <= 3
            for other in beside
        ):
            kept.append(one)
    return kept


def _mentions(kind: str, effect: Item, thing: Item) -> Iterator[Mention]:
    start, end = min(effect.start, thing.start), max(effect.end, thing.end)
    if kind == WORSE and thing.worse:
        yield Mention(AGGRAVATED, (thing.worse,), start, end)
    if kind == BETTER and thing.better:
        yield Mention(RELIEVED, (thing.better,), start, end)
        if thing.name in _MOVES:
            yield Mention(IMPROVES, True, start, end)


def _told_twice(one: Mention, utterance: Utterance) -> bool:
    """Asked whether moving helps, "once I get going it eases" is the answer and nothing more."""
    return utterance.asks == IMPROVES and one.value == ("movement",)


def _denied(kind: str, thing: Item) -> Iterator[tuple[str, str]]:
    if kind != WORSE and thing.worse:
        yield AGGRAVATED, thing.worse
    if kind != BETTER and thing.better:
        yield RELIEVED, thing.better


def _items(utterance: Utterance) -> list[Item]:
    """Things and effects in order; one that begins inside another is part of it."""
    changes, words, found = load_changes(), utterance.words, list[Item]()
    for done in changes.done:
        for match in done.words.finditer(words):
            found.append(Item(DONE, match.start(), match.end(), done.name, done.worse, done.better))
    for kind, pattern in changes.effects.items():
        found.extend(Item(kind, match.start(), match.end()) for match in pattern.finditer(words))
    found.extend(Item(NOT, *match.span()) for match in _ELLIPSIS.finditer(utterance.text))
    found.extend(Item(NEITHER, *match.span()) for match in _NEITHER.finditer(utterance.text))
    found.sort(key=lambda one: (one.start, -one.end))
    apart: list[Item] = []
    for one in found:
        last = apart[-1] if apart else None
        if last is None or one.start >= last.end:
            apart.append(one)
        elif last.kind == one.kind == DONE and last.start == one.start:
            # "Sitting down" is what hurts for one and the rest for another.
            apart[-1] = Item(
                DONE, last.start, last.end, last.name, last.worse or one.worse, last.better or one.better
            )
    return apart
