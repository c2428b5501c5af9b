"""Scores from 0 to 10: "6 or 7 out of ten", "8/10", "a 4 usually, 9 at worst", "zero pain"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.mentions import Mention, mention
from bot.understanding.other_scores import scores_of_other_things
from bot.understanding.progress_told import reports_progress
from bot.understanding.quantities import ABOUT_AFTER, ABOUT_BEFORE, NUMBER
from bot.understanding.scores_now import came_from, is_now, told_as_now, told_now, was
from bot.understanding.utterance import Utterance

LOWEST, HIGHEST = 0, 10

PAIN_FIELDS = frozenset({"pain_avg", "pain_worst", "pain_now", "leg_pain_score", "nprs_now", "nprs_baseline"})
SCORE_FIELDS = PAIN_FIELDS | {
    *("fear_of_movement", "recovery_expectation", "sleep_problem", "stress"),
    *("psfs_baseline", "psfs_now"),
}
_IN_A_CHECK_IN = frozenset({"nprs_now", "psfs_now", "gpe", "adherence_pct", "adverse_event", "goal_reached"})

_OUT_OF = (
    r" ?(?:/|out(?: ?of| if)?|outta|from|of(?= 10\b(?! (?:day|time|night|session|people)))) ?(?:a "
    r"|an )?(?P<scale>100?)(?!\d|/)"
)
_SCORE = re.compile(
    rf"(?<![\w.,/-])(?<!out of )(?<!outta )(?<!1 to )(?<!0 to )(?<!zero to )(?P<before>(?:{ABOUT_BEFORE} (?:a |"
    rf"an )?){{0,3}})(?:(?:between|"
    rf"from) )?(?:an? )?(?P<low>{NUMBER})"
    rf"(?:(?: ?(?:-|to|or|and|/(?! ?10\b)|maybe)+ ?(?:an? |maybe |even |sometimes |possibly )*| (?=\d))"
    rf"(?P<high>{NUMBER}))?(?P<after>{ABOUT_AFTER})?(?:{_OUT_OF}|(?P<percent> ?(?:%|percent|per cent)))?"
    r"(?!\d| ?(?:/|am\b|pm\b|oclock|st\b|nd\b|rd\b|th\b|mg|ml|kg|years?|months?|weeks?|days?|hours?|minutes?|"
    r"times|"
    r"tablets?|nights?|stone|pounds|lbs?|feet|ft|steps|miles|km|weeks|yo\b|:\d))"
)
_NO_PAIN = re.compile(
    r"\b(?:no|zero|0|without)(?: back)? pain\b(?! (?:in|down|into|below|when|on|at|going|killers?|relief|"
    r"free))|"
    r"\bpain ?(?:-| )?free\b|^(?:none|nothing|nil|not any|zero|no pain)(?: at all| really| today| now|"
    r" at the moment)?[ .!]*$|"
    r"\bpainless\b|\bnot (?:in )?(?:any )?pain\b"
)
_HALF_WAY = re.compile(
    r"\b(?:half ?way(?! (?:down|up))|middling|(?:down|in) the middle|mid ?way|so so|right in between)\b"
)
_TOP = re.compile(
    r"\b(?:worst (?:pain )?(?:imaginable|possible|you can imagine|i can imagine|ever)|off the scale|"
    r"through the roof|"
    r"top of the scale|cant get (?:any )?worse)\b"
)
_NONE = re.compile(
    r"^(?:no|nope|none|not at all|nothing|zero|nil|never|not really|no problems?|not a problem|no (?:stress|"
    r"trouble|"
    r"worries|fear)|not (?:worried|afraid|scared|stressed))(?: (?:at all|really|thanks|thank you|there|"
    r"with that|in the (?:slightest|least)|whatsoever|one bit|a bit|of (?:it|moving|that)|about (?:it|that)|tbh|"
    r"honestly|mate|me))*[ .!]*$|^(?:i )?(?:sleep|slept) like a (?:log|baby|top|lamb|rock)[ .!]*$"
)
#: "Not scared one bit, the doctor told me to move", "what have i got to be stressed about. Nil."
_NONE_AND_WHY = re.compile(
    r"^(?:im |i am |honestly |well )*not (?:at all )?(?:worried|afraid|scared|stressed|bothered|frightened|fussed)"
    r"(?: (?:at all|really|one bit|a bit|1 bit|in the (?:slightest|least)|whatsoever|of (?:it|moving|that)|"
    r"about (?:it|that)))*"
    r" ?[,.;!](?! ?(?:but|though|just|only|well|more|until|unless)\b)|"
    r"[,.;!?] ?(?:so )?(?:nil|zero|zilch|none|nada|none at all|not at all|0)[ .!]*$"
)
_WORST = re.compile(
    r"\b(?:worst|bad (?:days?|ones?|times?|patch|nights?)|peak\w*|max\w*|at most|highest|up to|flares?|"
    r"spik\w+|"
    r"bad 1|tops|shoots? (?:up )?to|jumps? (?:up )?to|climbs? to|rises? to|(?:getting|get) (?:up|out)|"
    r"goes to|goes up|gets to|"
    r"if i (?:twist|move|bend|lift|cough|sneeze|walk|stand|sit|turn|get)\w*|"
    r"when (?:its|it is|it gets) (?:really )?bad|at times)\b"
)
#: Beside another score: "normally 6, but when I lift it is 9".
_WORST_WHEN = re.compile(
    r"^ ?when (?:i|im|ive) (?:lift|bend|twist|cough|sneeze|get up|stand|climb|carry|turn|move|work|been)\w*\b"
)
_WORST_BEFORE = re.compile(
    r"\b(?:(?:shot|shoots|shooting|jumps?|jumped|went|goes|gets|got|spikes?|spiked|climbs?|climbed|"
    r"flares?) up to|up to|"
    r"(?:at its |the |its )?worst(?: (?:it gets|it has been|its been|it was|day))? ?(?:is|its|was|it is|"
    r"its been|about)?|peaks? at|"
    r"hits|hit)(?: (?:an?|about|around|like))* ?$"
)
_USUAL = re.compile(
    r"\b(?:average|avg|usual\w*|normal\w*|most(?:ly| of (?:the )?time| days)?|typical\w*|generally|in general|"
    r"overall|"
    r"day to day|(?:on )?an? average day|mostly|rest of the time|otherwise|ordinar\w+|steady|baseline|"
    r"in between|on (?:a )?(?:good|"
    r"normal|regular|ordinary) day)\b"
)
#: "Average 4 worst 7": the word stands just before its number.
_LABEL_BEFORE = re.compile(
    r"\b(?:(?P<worst>worst(?: ever| yet)?,?|max(?:imum)?|peak)|average|avg|usual(?:ly)?|normal(?:ly)?|typical(?:ly)?)"
    r"(?: (?:is|at|of|about|around|its|an?|day|pain|score))* ?$"
)
_OTHER_SUBJECT = re.compile(
    r"\b(?:stress\w*|sleep\w*|anxi\w+|mood|worry|worried|fear|scared|legs?|sciatica|foot|hip|neck)\b"
)
_NO_HOPE = re.compile(
    r"^(?:no (?:hope|chance)|none|zero|nil|not a hope|not at all|never)(?: (?:at all|really|whatsoever|of that|"
    r"in hell))*[ .!]*$"
)
_STRESS = re.compile(r"\bstress\w*\b")
_SAID_AS_PAIN = re.compile(
    r"(?:\b(?:its|it is) (?:a|an) (?:steady|solid|constant|good|strong|firm|definite) ?|"
    r"\b(?:call|put|rate|score|say) it(?: at| a| an| as| is| no| not| more| than| about| around)* ?|"
    r"\bid say (?:its )?(?:a|an|about(?: an?)?|around) ?)$|"
    r"\bpain\b.{0,24}\b(?:average|avg|on average|usually|normally)(?: is| about| around| of)? $|"
    r"\bpain(?: level| score| rating)?(?: is| was|s| at| of| about| around| now| today| usually| =|"
    r":)* ?(?:an? )?$"
)
_STILL_A = re.compile(r"(?:^|[,.;!] ?)(?:its |it is |im )?still (?:at |on |about )?(?:an? )?$")
_ONLY_A_SCORE_AFTER = re.compile(
    r" (?:on (?:avg|average)|tops|for (?:the |my )?(?:worst|average|usual)(?: pain)?|at (?:its |the )?worst|at most|"
    r"on a (?:bad|good|normal) day|when its bad|most days)\b"
)
_ONLY_A_SCORE = re.compile(
    r"(?:\b(?:about|around|roughly|maybe|id say|say|call it|a solid|a steady|easily) an? \d\d?|\ba \d\d?)$"
)
_ENDS = re.compile(r" ?(?:$|[,.;!])")
#: "Stops before the knee. Worst is 7 when I cough".
_WORST_IS = re.compile(r"\bworst(?: (?:is|its|at|was|about|pain|day|be))* (?:an? )?$")
_WORST_IS_SO = re.compile(r" ?(?:$|[,.;!]| (?:when|if|on|after|with|and|usual\w*|average)\b)")
#: "8/10 worst 5/10 usual": the word stands after its number.
_LABEL_AFTER = re.compile(
    r" ?(?:at |is |on )?(?:(?P<worst>worst|max(?:imum)?|peak)|usual(?:ly)?|average|avg|normal(?:ly)?|typical(?:ly)?|"
    r"most days|mostly|most of the time|on average|as a rule|day to day)\b"
)
#: "7 on a bad day", beside the usual score.
_BAD_DAY_AFTER = re.compile(
    r" (?:on|in|for) (?:a |the |my |those )?(?:really |very )?(?:bad|worst|off) (?:days?|ones?|nights?|1s?)\b"
)
#: "3. only a 9 when the steelers lose".
_ONLY_BEFORE = re.compile(r"\bonly (?:ever )?(?:(?:gets?|goes|hits|is|its|be) )?(?:to |up to )?(?:an? )?$")
_ONLY_WHEN = re.compile(r" (?:when|if|after|on)\b")
#: Somebody who bends tells the worst of it: "8 out of 10 when i bend", "9/10 bending over".
_DOING_IT = re.compile(
    r"^ ?(?:(?:when|if|whenever|as soon as) (?:i|im) )?(?:bend|lift|twist|cough|sneez|turn over|get up|stand up|climb|"
    r"stairs|getting up)\w*\b"
)
#: "Dead to the world by 10 so 1".
_CONCLUDES = re.compile(
    r"\bso (?:(?:id say|ill say|say|its|thats|call it|make it|about|maybe|probably|an?|like) )*$"
)
_ENDS_IT = re.compile(r"(?: (?:lol|then|really|i guess|i think|maybe))?[ .!]*$")
#: "Way better than when we started": told at a check-in, the score is how it is now.
_SINCE_WE_BEGAN = re.compile(
    r"\b(?:when|since) (?:we|you|i first) (?:started|began|talked|chatted|spoke)\b|\bat (?:the )?(?:start|"
    r"beginning)\b.{0,12}\bnow\b"
)
_PAIN_WORD = re.compile(
    r"\b(?:backs?|spine|pain\w*|hurt\w*|kill(?:s|ing)(?: me)?|agony|sore|ach(?:e|es|ing)|sciatica)\b"
)
_BESIDE = re.compile(
    r"\b(?:its|it is|is|was|hits|to|at|be|say|like|about|maybe|worst|average|usually|usual|best|"
    r"normally|peaks?|now(?: maybe| about| only| its)?) (?:an? )?\d\d?$|"
    r"\b(?:shoots?|jumps?|goes|gets|climbs?|rises?)(?: up)?(?: to)? (?:an? )?\d\d?$"
)
_NUMBERED_ITEM = re.compile(r"\bl ?$|\b(?:number|question|(?<=\w )no|stage|type|grade|option|age|aged) $")


@dataclass(frozen=True)
class Score:
    """`top` is the higher end, rounded up; `of_ten` says that the patient named the scale."""

    top: int
    about: bool
    of_ten: bool
    percent: bool
    start: int
    end: int


def scores(text: str) -> Iterator[Score]:
    """Every number that can be a score. Above ten on a scale of ten counts as ten, and as vague."""
    for match in _SCORE.finditer(text):
        if _NUMBERED_ITEM.search(text[max(0, match.start() - 9) : match.start()]):
            continue
        low, high = float(match["low"]), float(match["high"] or match["low"])
        about = bool(match["before"] or match["after"]) or low != high
        scale = match["scale"] or ("100" if match["percent"] else None)
        if scale == "100":
            low, high = low / 10, high / 10
        top = int(max(low, high) + 0.5)
        if scale == "10" and top > HIGHEST:
            top, about = HIGHEST, True
        if LOWEST <= top <= HIGHEST:
            rounded = max(low, high) != top
            yield Score(
                top, about or rounded, scale is not None, bool(match["percent"]), match.start(), match.end()
            )


def read_scores(utterance: Utterance) -> Iterator[Mention]:
    """Scores for the field that was asked, and pain or stress scores volunteered as "n out of 10"."""
    if utterance.asks == "psfs":
        return
    asks = utterance.asks if utterance.asks in SCORE_FIELDS else None
    found = [
        one
        for one in scores(utterance.text)
        if asks or (one.of_ten and not one.percent) or _said_as_pain(utterance.text, one)
    ]
    if asks is None and not found:
        found = _usual_and_worst(utterance.text) or list(_told_as_scores(utterance.text))
    if asks is None and found:
        beside = _spoken_beside(utterance.text, found)
        found = sorted([*found, *beside], key=lambda one: one.start)
    if asks is None:
        named = tuple(
            one
            for one in scores_of_other_things(utterance.text)
            if not utterance.scopes.of_another(one.start, one.end)
        )
        yield from named
        taken = [(one.start, one.end) for one in named]
        found = [one for one in found if not any(a <= one.start < b or a < one.end <= b for a, b in taken)]
    if not found:
        yield from _in_words(utterance, asks)
        return
    concluded = [
        one
        for one in found
        if _CONCLUDES.search(utterance.text[: one.start]) and _ENDS_IT.match(utterance.text, one.end)
    ]
    if asks is not None and concluded:
        yield Mention(asks, concluded[-1].top, concluded[-1].start, concluded[-1].end, concluded[-1].about)
        return
    ends = [one.end for one in named] if asks is None else []
    for field, several in _by_field(utterance, found, asks, ends).items():
        best = max(several, key=lambda one: one.top) if field in PAIN_FIELDS else several[0]
        about = best.about or len({one.top for one in several}) > 1
        one = mention(field, best.top, best.start, best.end, about=about)
        if one is not None:
            yield one


def _spoken_beside(text: str, found: list[Score]) -> Iterator[Score]:
    """ "Usually 4/10 but it's an 8 on the stairs": the second needs no scale."""
    for one in scores(text):
        if one in found or one.percent:
            continue
        if (
            _BESIDE.search(text[max(0, one.start - 24) : one.end])
            or _LABEL_AFTER.match(text, one.end)
            or _BAD_DAY_AFTER.match(text, one.end)
        ):
            yield one


def _usual_and_worst(text: str) -> list[Score]:
    """ "Ordinarily 3, at its worst 7": a pair of both kinds can only be scores."""
    found = [one for one in scores(text) if not one.percent]
    if len(found) != 2 or _OTHER_SUBJECT.search(text):
        return []
    kinds = {
        _field(text, one, 0 if not n else found[0].end, len(text), "", several=True)
        for n, one in enumerate(found)
    }
    return found if kinds == {"pain_avg", "pain_worst"} else []


def _told_as_scores(text: str) -> Iterator[Score]:
    """ "It's an 8 when I move and a 3 when I sit", "5 on average", "about a 6": numbers that can only be scores."""
    for one in scores(text):
        if one.percent or one.of_ten:
            continue
        before, after = text[max(0, one.start - 40) : one.start], text[one.end : one.end + 24]
        if (
            _ONLY_A_SCORE_AFTER.match(after)
            or told_as_now(before, after, text)
            or (
                _PAIN_WORD.search(text)
                and _ONLY_A_SCORE.search(text[max(0, one.start - 24) : one.end])
                and _ENDS.match(after)
            )
            or _SAID_AS_PAIN.search(before)
            or (_STILL_A.search(before) and _ENDS.match(after))
            or (_PAIN_WORD.search(text) and _WORST_IS.search(before) and _WORST_IS_SO.match(after))
        ):
            yield one


def _by_field(
    utterance: Utterance, found: list[Score], asks: str | None, ends: list[int]
) -> dict[str, list[Score]]:
    """The scores of each field; at `ends` the score of something else is over."""
    checked = utterance.asks in _IN_A_CHECK_IN or (
        utterance.asks is None
        and (_SINCE_WE_BEGAN.search(utterance.text) is not None or reports_progress(utterance))
    )
    default = asks or ("nprs_now" if checked else "pain_avg")
    if default in PAIN_FIELDS and any(not one.percent for one in found):
        # "A 3 now, done 90 percent of the exercises"
        found = [one for one in found if not one.percent]
    labels_follow = _labels_follow(utterance.text, found[0])
    fields: dict[str, list[Score]] = {}
    for index, one in enumerate(found):
        begin = max([found[index - 1].end if index else 0, *(end for end in ends if end <= one.start)])
        stop = found[index + 1].start if index + 1 < len(found) else len(utterance.text)
        field = _field(
            utterance.text, one, begin, stop, default, several=len(found) > 1, unasked=utterance.asks is None
        )
        if labels_follow and (named := _LABEL_AFTER.match(utterance.text, one.end)) is not None:
            field = "pain_worst" if named["worst"] else "pain_avg"
        if checked and asks is None and len(found) > 1 and came_from(utterance.text, one.start):
            field = "nprs_baseline"
        over = asks is None or default == "nprs_now"
        if over and field == default and len(found) > 1 and was(utterance.text, one.start):
            continue
        if field is not None and (field == default or asks is None or field in PAIN_FIELDS):
            fields.setdefault(field, []).append(one)
    if asks is not None and not fields:
        fields[asks] = found
    return fields


def _labels_follow(text: str, first: Score) -> bool:
    """Whether the words for "worst" and "usual" stand after their numbers."""
    return (
        _LABEL_AFTER.match(text, first.end) is not None
        and _LABEL_BEFORE.search(text[max(0, first.start - 32) : first.start]) is None
    )


def _field(
    text: str, one: Score, begin: int, stop: int, default: str, *, several: bool, unasked: bool = False
) -> str | None:
    before, after = text[max(begin, one.start - 32) : one.start], text[one.end : min(stop, one.end + 32)]
    after = re.split(r"[.;,]| and | but ", after, maxsplit=1)[0]
    near = f"{re.split(r'[;,] ?| and | but ', before)[-1]} {after}"
    if default in PAIN_FIELDS or not default:
        if (named := _LABEL_BEFORE.search(before)) is not None and default != "nprs_now":
            return "pain_worst" if named["worst"] else "pain_avg"
        if _STRESS.search(near):
            return "stress"
        if (
            _OTHER_SUBJECT.search(near)
            and not re.search(r"\bback\b", near)
            and (several or default != "pain_avg")
        ):
            return None
        if (
            several
            and default != "nprs_now"
            and _ONLY_BEFORE.search(text[max(0, one.start - 24) : one.start])
            and _ONLY_WHEN.match(text, one.end)
        ):
            return "pain_worst" if _DOING_IT.match(after) else None
        if default == "nprs_baseline" and several and told_now(text, one.start, one.end):
            return "nprs_now"
        if _WORST.search(near) and default != "nprs_now":
            return "pain_worst"
        if several and (
            _WORST_BEFORE.search(text[max(begin, one.start - 32) : one.start])
            or text.startswith("up to", one.start)
            or _WORST_WHEN.search(near)
            or (default != "nprs_now" and _DOING_IT.match(after))
        ):
            return "pain_worst"
        if unasked and not several and default == "pain_avg" and _DOING_IT.match(after):
            return "pain_worst"
        if _USUAL.search(near) and default != "nprs_now":
            return "pain_avg"
        if (
            (default == "pain_avg" or several)
            and default not in ("pain_now", "nprs_now")
            and is_now(text, one.start, one.end)
        ):
            return "pain_now"
    return default


def _said_as_pain(text: str, one: Score) -> bool:
    return _SAID_AS_PAIN.search(text[max(0, one.start - 40) : one.start]) is not None


def _in_words(utterance: Utterance, asks: str | None) -> Iterator[Mention]:
    if asks is None:
        return
    in_pain = asks in PAIN_FIELDS
    none = (_NO_PAIN if in_pain else _NONE).search(utterance.text)
    if none is None and not in_pain:
        none = _NONE_AND_WHY.search(utterance.text)
    if none is not None and asks != "recovery_expectation":
        yield Mention(asks, LOWEST, none.start(), none.end())
        return
    half = _HALF_WAY.search(utterance.text)
    if half is not None:
        yield Mention(asks, (LOWEST + HIGHEST) // 2, half.start(), half.end(), about=True)
        return
    if asks == "recovery_expectation" and (hopeless := _NO_HOPE.search(utterance.text)) is not None:
        yield Mention(asks, LOWEST, *hopeless.span(), about=True)
        return
    top = (
        _TOP.search(utterance.text)
        if in_pain or asks in ("stress", "sleep_problem", "fear_of_movement")
        else None
    )
    if top is not None:
        yield Mention(asks, HIGHEST, top.start(), top.end(), about=True)
