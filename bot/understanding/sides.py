"""Which leg: left, right or both, wherever a leg symptom is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.understanding.mentions import Mention
from bot.understanding.utterance import Utterance

LEG_SIDE = "leg_side"
_LIMB = r"(?:leg|foot|ankle|calf|thigh|knee|shin|toes?|big toe|heel|sole|hamstring|hip and leg)"
_ONE = re.compile(
    rf"\b(?P<side>left|right)(?: hand(?: side)?)?(?: lower| upper| big| little)?(?:(?: and| or) (?P<other>left|"
    rf"right))? {_LIMB}s?\b"
    rf"|\b{_LIMB} (?:is |on |was )?(?:the |my )?(?P<after>left|right)\b(?! (?:now|away|after|before|down|up))"
    r"|\b(?:leg|sciatica|leg pain)(?: \w+){0,4}? (?:on|in|down)(?: the| my)? (?P<far>left|right)(?: side)?\b"
)
_BOTH = re.compile(
    rf"\b(?:both|each)(?: of)?(?: my| the)? {_LIMB}?(?:legs?|feet|calves|thighs|knees)\b|"
    rf"\bboth sides of my legs\b"
)
#: Asked about a leg, "the left one" is a leg.
_OF_ONE_LEG = frozenset({"leg_pain", "leg_numbness", "leg_weakness", "foot_drop"})
_THE_ONE = re.compile(
    r"\b(?P<side>left|right) (?:one|1|(?:little |big )?toes?|buttock|bum cheek|cheek|hip|heel)\b(?! of (?:my|the) back)"
)
_BARE = re.compile(r"\b(?P<side>left|right|both|l|r|lt|rt)\b(?! (?:now|away|after|before|in the middle))")
_SHORT = {"l": "left", "lt": "left", "r": "right", "rt": "right"}


#: Where a sign is told of both legs, the side adds nothing; asked for, it is the answer.
_IN_BOTH = frozenset({("leg_pain", "both_legs"), ("leg_numbness", "both"), ("leg_weakness", "both")})
_ASKS_WHICH = frozenset({LEG_SIDE, "gait_unsteady_new"})


def tells_of_both(told: Iterable[Mention]) -> bool:
    """Whether a sign was told of both legs."""
    return any((one.field, one.value) in _IN_BOTH for one in told)


def read_sides(utterance: Utterance, *, both_told: bool = False) -> Iterator[Mention]:
    """The side of a leg symptom; a bare "left" only when the side of the leg was asked."""
    if utterance.asks == "calf_swelling":
        return
    sides: dict[str, re.Match[str]] = {}
    for match in _ONE.finditer(utterance.text):
        span = match.span()
        if utterance.scopes.negated(*span) or utterance.scopes.of_another(*span):
            continue
        for name in ("side", "other", "after", "far"):
            if match[name]:
                sides.setdefault(match[name], match)
    both = _BOTH.search(utterance.text)
    if len(sides) == 2 or (both is not None and not utterance.scopes.negated(*both.span())):
        found = both or next(iter(sides.values()))
        if not both_told or utterance.asks in _ASKS_WHICH:
            yield Mention(LEG_SIDE, "both", *found.span())
    elif sides:
        side, found = next(iter(sides.items()))
        yield Mention(LEG_SIDE, side, *found.span())
    elif utterance.asks in _OF_ONE_LEG and (one := _THE_ONE.search(utterance.text)) is not None:
        yield Mention(LEG_SIDE, one["side"], *one.span())
    elif utterance.asks == LEG_SIDE and (bare := _BARE.search(utterance.text)) is not None:
        yield Mention(LEG_SIDE, _SHORT.get(bare["side"], bare["side"]), *bare.span())
