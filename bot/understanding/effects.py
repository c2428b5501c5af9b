"""Which effect belongs to which thing that is done, within one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORSE, BETTER, PAIN, CANNOT, HARD_TO = "worse", "better", "pain", "cannot", "hard_to"
NO_EFFECT, ALSO, DONE, NOT, NEITHER = "no_effect", "also", "done", "not", "neither"

_NEGATED = re.compile(
    r"\b(?:doesnt|dont|didnt|does not|do not|did not|not|isnt|arent|is not|never|no|nothing|without|wont|hardly|barely|"
    r"hasnt|havent|wouldnt|cant say|scarcely|stopped|no longer|cant|cannot|couldnt|"
    r"unable to)(?: (?:really|even|actually|seem to|always|"
    r"much|a|any|the|"
    r"make it|ever|exactly|particularly|it|all that|do|been|feel|get|gets|is|got)){0,3} ?$"
)
_STOP = (
    r"but|because|cos|(?<!longer )(?<!more )than|although|however|except|though|whereas|unlike|since|started|"
    r"began|happened|so(?! (?:much|long|far|bad|sore)\b)"
)
_WORD = rf"(?: (?!(?:{_STOP})\b)[a-z0-9/%-]+)"
_WHEN = (
    r"when(?:ever)?|if|every ?time|each time|any ?time|as soon as|the (?:minute|moment|second)(?: that)?|"
    r"once|only|while|"
    r"whilst|during"
)
#: "Worse when I", "relief by", "the only thing that helps is".
_AHEAD = _WORD.replace("(?:but", "(?:then|but")
_FORWARD = re.compile(
    rf"^(?: ?[:-])?{_AHEAD}{{0,4}}?,? ?(?:{_WHEN}|after|by|with|from|on|upon|to|in|at|is|are|was|as|until|"
    rf"till|til|unless|for|"
    rf"the (?:more|longer)){_AHEAD}{{0,5}}? ?$|^ ?[:-] ?$"
)
_PAIN_WHEN = re.compile(
    rf"^{_AHEAD}{{0,12}}?,? ?(?:{_WHEN}|until|till|til|unless|after|on|going|from|with){_AHEAD}{{0,5}}? ?$"
)
_EVERY_TIME = re.compile(r"\b(?:when(?:ever)?|if|every time|each time)(?: (?:i|im|ive|try|to|have|go))* ?$")
_AFTERWARDS = re.compile(r"\b(?:after|on|from|with|going)\b")
#: Things that one does for long, which then hurt; "pain after lifting" tells how it began.
_AT_EVERY = re.compile(r"\b(?:on|with|at) (?:any|every|each|all|most|deep)(?: \w+)? ?$")
_FOR_LONG = frozenset({"sitting", "standing", "walking", "driving", "lying", "stairs", "morning", "evening"})
_STRAIGHT = re.compile(r"^ ?(?:the |a |my |being |more |most |me |it |a bit |with )*$")
_CANNOT = re.compile(
    r"^(?: (?:even|really|properly|physically|actually|just|to|do|with|the|any|my|a|be|get|go|use|face))* ?$"
)
#: Said of these only with how long: who cannot stand or walk at all tells something else.
_SO_LONG = re.compile(
    r"^ ?(?:\w+ ){0,3}?(?:long|far|more|without|distance|in|through|still|at(?! all)|for|past|to|over|round|any|\d+)\b"
)
_WITH_LIMIT = frozenset({"standing", "walking"})
#: Who cannot do these may be weak or in pain all over.
_NOT_OF_CANNOT = frozenset({"turning", "stairs", "lifting", "moving", "exercise", "active", "coughing"})
#: Doing these eases the pain where they do not hurt.
_AT_REST = frozenset({"lying", "rest", "heat", "position", "sitting_down"})
_IS_WELL = re.compile(
    r"\b(?:fine|ok|okay|alright|all right|grand|no pain|without pain|pain free)\b|\bno pain"
)
_TIME_OF_DAY = frozenset({"morning", "evening"})
#: "Ache climbing stairs", "sore of an evening".
_WHILE_DOING = re.compile(r"\w+ing\b(?! (?:when|if))|(?:in|of|by|every|each|first|come|most|towards)\b")
_THATS_WHEN = re.compile(r"\b(?:thats|that is|its) when\b")
_AND_PAIN = re.compile(r"^ (?:\w+ ){0,4}?and (?:then )?(?:both|my|the|me)(?: \w+){0,3} $")
#: "Any movement and it grabs".
_ANY = re.compile(
    r"\b(?:any|every|each|the (?:slightest|least|smallest|wrong)|1 wrong|a wrong|wrong)(?: \w+){1,4}$"
)
_AND_IT_HURTS = re.compile(
    r"^,? (?:and|then|and then) (?:it|i|im|my back|theres|there is|the pain|bang|the back)(?: \w+)? $"
)
_BESIDES = re.compile(r"\b(?:after|before|during)(?: \w+)? $")
_BACKWARD = re.compile(
    rf"^(?:{_WORD}|(?:,| -) ?(?:and )?(?:thats|that|its|it|is|they|the pain|always|really|absolutely|pure|"
    rf"sheer|just|which|"
    rf"this|im|i|then|theres|my back|and)\b){{0,12}},? ?$"
)
_AND_IT = re.compile(
    r"\band (?!it\b|its\b|the pain|that\b|thats\b|im\b|i get|my\b|both\b|things|then\b|i cant|theres|"
    r"so (?:is|does|do)\b)"
)
_WHEN_BEFORE = re.compile(
    rf"(?:\b(?:{_WHEN}|the more|the longer|after)|^)(?: (?:i|im|ive|me|try|trying|to|have|had|my|so|much|"
    rf"as|even|the|a|an|go|"
    r"do|been|get|being|for|having|got|am|using|just|need))* ?$"
)
_WHENEVER = re.compile(r"\b(?:when(?:ever)?|if|every time|each time|to)(?: (?:i|im|try|to|have|go|am))* $")
_GLUE = re.compile(
    rf"^{_WORD}{{0,4}}? ?(?:,|/|\+|\band\b|\bor\b|\bn\b|\bplus\b|\bthen\b) ?(?:(?:and|or|also|even|when|if|whenever|"
    rf"anything|the|a|my|long|too|after|with|i|im|to|both|having|doing|by|on|any|in|of|from|just)\b ?)*$|"
    rf"^ (?:\w+ ){{0,2}}$"
)
_UNTIL = re.compile(r"\b(?:until|till|til|unless)\b")
_WAS = re.compile(r"\b(?:was|were|had)\b")
_NOT_BEFORE = re.compile(r"\bnot (?:the |so much |just (?:the )?|when i |when im )?$")
#: "Fine walking, it's the sitting", "doesn't bother me lying, just standing".
_CONTRAST = re.compile(
    r"\b(?:its|just|only|but)(?: (?:only|just|the|when|i|im|with|a|mainly|more|really))* ?$"
)
#: "Sitting doesn't help" says more than it says of heat.
_MADE_WORSE = frozenset({"sitting", "standing", "driving", "bending", "lifting", "stairs"})
_BEGAN = re.compile(
    r"\b(?:since|started|began|begun|came on|happened|went|cause\w*|did it|done it|fell|ago|yesterday|"
    r"last \w+|(?:day|week|month|year)s? (?:before|back)|popped|"
    r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_TO_LIFT_A_LIMB = re.compile(r" ?(?:up )?(?:my|the) (?:\w+ )?(?:leg|foot|toes?|heels?|arm|knee)s?\b")


@dataclass(frozen=True)
class Item:
    kind: str
    start: int
    end: int
    name: str = ""
    worse: str | None = None
    better: str | None = None


@dataclass(frozen=True)
class Pairs:
    """The things and effects of one sentence that begins at `begin`."""

    text: str
    begin: int
    items: list[Item]

    def found(self) -> Iterator[tuple[str, Item, Item]]:
        """Each thing with its effect and what that comes to: worse, better or neither."""
        primary: dict[int, int] = {}
        for index, one in enumerate(self.items):
            if one.kind != DONE and self._takes_next(index):
                primary[index + 1] = index
        for index, one in enumerate(self.items):
            if one.kind != DONE and primary.get(index + 1) != index:
                at = self._taken_before(index, primary)
                if at is not None:
                    primary[at] = index
        claimed = dict(primary)
        for thing, effect in primary.items():
            step = 1 if thing > effect else -1
            at = thing
            while 0 <= at + step < len(self.items) and self._joined(min(at, at + step)):
                at += step
                if at in claimed or (at and self.items[at - 1].kind == CANNOT):
                    break
                claimed[at] = effect
        kinds = {effect: self._kind(effect, thing) for thing, effect in sorted(primary.items())}
        for thing, effect in sorted(primary.items()):
            after = thing + 1
            if after < len(self.items) and self.items[after].kind == DONE and _UNTIL.search(self._gap(thing)):
                claimed.pop(after, None)
                if kinds[effect] == WORSE:
                    yield BETTER, self.items[effect], self.items[after]
        for thing, effect in sorted(claimed.items()):
            kind = kinds[effect]
            if kind == ALSO:
                kind = next((kinds[at] for at in sorted(kinds, reverse=True) if at < effect), None)
            if kind == NOT:
                kind = self._opposite(effect, thing, kinds)
            if kind is not None:
                yield kind, self.items[effect], self.items[thing]
        yield from self._contrasted(claimed, kinds)

    def began(self, effect: Item, thing: Item) -> bool:
        """Whether the words around both tell how it began."""
        left, right = min(effect.start, thing.start), max(effect.end, thing.end)
        begin = max(self.begin, self.text.rfind(",", 0, left))
        stop = self.text.find(",", right)
        return _BEGAN.search(self.text, begin, stop if stop >= 0 else right + 30) is not None

    def whenever(self, thing: Item) -> bool:
        """Whether it is told of every time: "when I pick her up"."""
        before = self.text[max(self.begin, thing.start - 40) : thing.start]
        return _WHENEVER.search(before) is not None

    def _gap(self, left: int) -> str:
        return self.text[self.items[left].end : self.items[left + 1].start]

    def _before(self, index: int) -> str:
        return self.text[max(self.begin, self.items[index].start - 40) : self.items[index].start]

    def _takes_next(self, index: int) -> bool:
        if index + 1 >= len(self.items) or self.items[index + 1].kind != DONE:
            return False
        effect, thing, gap = self.items[index], self.items[index + 1], self._gap(index)
        if effect.kind == NOT:
            return False
        if effect.kind in (NEITHER, ALSO):
            return _STRAIGHT.match(gap) is not None
        if effect.kind in (CANNOT, HARD_TO):
            if effect.kind == CANNOT and thing.name in _NOT_OF_CANNOT:
                return False
            after = self.text[thing.end : thing.end + 40]
            limit = _SO_LONG.match(after) or "long" in self.text[thing.start : thing.end]
            if effect.kind == CANNOT and thing.name in _WITH_LIMIT and not limit:
                return False
            limb = thing.name == "lifting" and _TO_LIFT_A_LIMB.match(after)
            return _CANNOT.match(gap) is not None and not limb
        if effect.kind == PAIN:
            said = self.text[thing.start : thing.end]
            if _STRAIGHT.match(gap) and _WHILE_DOING.match(said) and "night" not in said:
                return not self.began(effect, thing)
            if _AT_EVERY.search(gap):
                return True
            if not _PAIN_WHEN.match(gap) or _WAS.search(gap):
                return False
            return (
                not _AFTERWARDS.search(gap)
                or _EVERY_TIME.search(gap) is not None
                or (thing.name in _FOR_LONG and not self.began(effect, thing))
            )
        if "," in gap and index and self.items[index - 1].kind == DONE and self._reaches_back(index - 1):
            return False
        if _FORWARD.match(gap):
            return not _WAS.search(gap) or effect.kind == BETTER
        return _STRAIGHT.match(gap) is not None and not self._has_its_own(index + 1)

    def _has_its_own(self, index: int) -> bool:
        """Whether the thing is followed by another effect that takes nothing after it."""
        after = index + 1
        return (
            after < len(self.items)
            and self.items[after].kind not in (DONE, PAIN, CANNOT, HARD_TO, ALSO)
            and self._reaches_back(index)
            and not self._takes_next(after)
        )

    def _reaches_back(self, index: int, effect: int | None = None) -> bool:
        """Whether an effect, the next item unless named, can be said of the thing before it."""
        end, start = self.items[index].end, self.items[index + 1 if effect is None else effect].start
        gap = self.text[end:start]
        joined = _AND_IT.search(self.text, end, start + 12)
        return _BACKWARD.match(gap) is not None and (joined is None or joined.start() >= start)

    def _taken_before(self, index: int, primary: dict[int, int]) -> int | None:
        """The thing before an effect, over those of which the effect says nothing: "lying on the sofa helps"."""
        effect, at = self.items[index], index - 1
        while at > 0 and self.items[at].kind == DONE and self.items[at - 1].kind == DONE:
            value = self.items[at].better if effect.kind == BETTER else self.items[at].worse
            besides = effect.kind == BETTER and _BESIDES.search(self._before(at))
            if (value is not None and not besides) or effect.kind not in (BETTER, WORSE) or at in primary:
                break
            at -= 1
        if at < 0 or self.items[at].kind != DONE or effect.kind in (HARD_TO, ALSO):
            return None
        if effect.kind == CANNOT:
            near = effect.start - self.items[at].end <= 8
            return at if near and self.items[at].name in _TIME_OF_DAY else None
        if at in primary:
            return None
        if effect.kind == PAIN:
            began = self.began(effect, self.items[at])
            return at if not began and self._hurts_then(at, effect) else None
        return at if self._reaches_back(at, index) else None

    def _hurts_then(self, at: int, effect: Item) -> bool:
        """ "Whenever I bend there is a sharp pain", "I walk two blocks and my thighs ache"."""
        thing = self.items[at]
        gap = self.text[thing.end : effect.start]
        if _ANY.search(self._before(at) + self.text[thing.start : thing.end]) and _AND_IT_HURTS.match(gap):
            return True
        if _THATS_WHEN.search(gap) or (thing.name in _FOR_LONG and _AND_PAIN.match(gap)):
            return True
        first = at
        while first > 0 and self._joined(first - 1):
            first -= 1
        when = any(_WHEN_BEFORE.search(self._before(one)) for one in (first, at))
        return when and _BACKWARD.match(gap) is not None

    def _joined(self, left: int) -> bool:
        both = self.items[left].kind == self.items[left + 1].kind == DONE
        return both and _GLUE.match(self._gap(left)) is not None

    def _kind(self, index: int, thing: int) -> str | None:
        effect = self.items[index]
        if effect.kind == NO_EFFECT and self._eased(effect, self.items[thing]):
            return BETTER
        if effect.kind in (NOT, NEITHER, NO_EFFECT):
            return NOT if effect.kind == NOT else NO_EFFECT
        if effect.kind == ALSO:
            return ALSO
        kind = BETTER if effect.kind == BETTER else WORSE
        if thing < index and _NOT_BEFORE.search(self._before(thing)):
            return NO_EFFECT
        if effect.kind not in (CANNOT, HARD_TO) and (found := _NEGATED.search(self._before(index))):
            does_not = found.group().startswith(("does", "do", "is", "are", "not"))
            if (
                kind == WORSE
                and does_not
                and self.items[thing].name in _AT_REST
                and self._with_a_when(index, thing)
            ):
                return BETTER
            if kind == BETTER and does_not and self.items[thing].name in _MADE_WORSE:
                return WORSE
            return NO_EFFECT
        if thing > index and _UNTIL.search(self._gap(index)):
            return WORSE if kind == BETTER else BETTER
        return kind

    def _eased(self, effect: Item, thing: Item) -> bool:
        """ "Fine when I lie flat", "no pain at all lying": at rest, being well is being eased."""
        said = self.text[effect.start : effect.end]
        return thing.name in _AT_REST and _IS_WELL.search(said) is not None

    def _with_a_when(self, index: int, thing: int) -> bool:
        gap = self.text[self.items[index].end : self.items[thing].start]
        return thing > index and re.search(r"\b(?:only|so)\b", gap) is None

    def _opposite(self, index: int, thing: int, kinds: dict[int, str | None]) -> str | None:
        """ "Walking helps, sitting doesn't": the contrary of what was said last, where that says something."""
        last = next((kinds[at] for at in sorted(kinds, reverse=True) if at < index), None)
        plain_no = any(one.kind == NO_EFFECT for one in self.items[:index])
        if (last == BETTER or plain_no) and self.items[thing].name in _MADE_WORSE:
            return WORSE
        return None if last is None else NO_EFFECT

    def _contrasted(
        self, claimed: dict[int, int], kinds: dict[int, str | None]
    ) -> Iterator[tuple[str, Item, Item]]:
        first = next(
            (
                at
                for at in sorted(kinds)
                if kinds[at] == NO_EFFECT or (kinds[at] == BETTER and self.items[at].kind != BETTER)
            ),
            None,
        )
        for index, one in enumerate(self.items):
            free = one.kind == DONE and index not in claimed and first is not None and index > first
            if free and _CONTRAST.search(self._before(index)):
                yield WORSE, one, one
