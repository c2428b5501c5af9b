"""Progress: how many check-ins were missed or worse, and a report that nobody asked for ("check in: 3 now from 7")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.bare_numbers import bare_number
from bot.understanding.check_in_answers import change, share_done
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

DAYS_A_WEEK = 7
_COUNTED = frozenset({"low_adherence_count", "worse_count", "missed_checkins"})
_SO_MANY = re.compile(
    r"\bso (?:(?:thats|its|call it|make it|id say|say|about|maybe|only) )*(?P<number>\d{1,2})\b|"
    r"\b(?:miss(?:ed)?|skipp?(?:ed)?|slack(?:ed)?|slipped|worse)(?: (?:for|on|about|maybe|like|only|just|at|in))* "
    r"(?P<after>\d{1,2})\b(?! ?(?:%|percent|minutes?|exercises?))|"
    r"\b(?P<times>\d{1,2})(?:st|nd|rd|th)? (?:times?|check ?ins?|weeks?|of them|in a row|on the trot|now)\b"
)
_NEVER = re.compile(
    r"\b(?:never|none|zero|not (?:once|1|one|any|a single|been)|(?:havent|hasnt|didnt|wasnt|not) (?:\w+ )?(?:miss\w*|"
    r"skip\w*|been worse|slack\w*|got worse)|every (?:single )?(?:one|1))\b"
)
_ONCE = re.compile(
    r"\b(?:(?:first|1st|only) (?:time|1|one)|just (?:the )?(?:once|one|1)|only (?:the )?(?:once|one|1)|once|"
    r"just this (?:1|one|week))\b"
)
_TWICE = re.compile(
    r"\b(?:both(?: times| weeks| of them)?|twice|(?:second|2nd) (?:time|1|one)|(?:this|last) (?:week|time|1|"
    r"one) and (?:the )?"
    r"(?:last|this|one before|week before)|(?:2|a couple) in a row)\b"
)
_WHICH_DAY = re.compile(
    r"\b(?:day (?P<day>\d{1,3})|week (?P<week>\d{1,2})|(?P<days>\d{1,3}) days?|(?P<weeks>\d{1,2}) weeks?|(?P<fortnight>"
    r"(?:a )?fortnight)|(?P<one>a week))\b"
)
_A_REPORT = re.compile(
    r"^\W*(?:hi|hello|hey|ok|so|right|just|a|my|quick|little|small|heres|here is|the|weekly|"
    r"[ ,.!])*(?:check(?:ing)?(?: |-)?ins?\b"
    r"(?! (?:at|for|to|with the|desk|luggage))|updates?(?! (?:my|the|it|this|that|your|a)\b)|"
    r"progress (?:report|update|check)\b|progress ?[:-]|"
    r"reporting\b|week \d{1,2} (?:here|done|down|over|update|report|gone)|day \d{1,3} (?:here|done|update|report)|"
    r"finished (?:all )?(?:the )?\d{1,2} weeks)"
)
#: What only somebody tells who follows a plan.
_OF_THE_PLAN = re.compile(
    r"\b(?:exercis\w*|stretch\w*|walks|plan|programme|program|side effects?|check ?ins?|goal|\d ?%|percent|pain|better|"
    r"worse|same|sessions?|out of 10)\b|/10\b"
)
_PIECE = re.compile(r"[^,.;!?]+(?:\.\d+[^,.;!?]*)*")
_DID = re.compile(
    r"\b(?:did|done|doing|managed|kept up|stuck (?:to|with)|completed|keeping up|got through|missed|skipped)\b"
)
_HOW_MUCH = re.compile(
    r"%|\b(?:percent|every\w*|all|most|mostly|half|days?|daily|out of|of \d|nothing|none|whole|religiously|full)\b"
)
_NOT_DONE = re.compile(r"\b(?:missed|skipped|forgot)\b")
_OF_CHECK_INS = re.compile(r"\bcheck(?: |-)?ins?\b")
_COMPARED = re.compile(r"\b(?:better|worse|same|improv\w*|no change|unchanged)\b")
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:numb\w*|tingl\w*|weak\w*|bladder|bowels?|pee\w*|wee|fever|mood|sleep\w*|stress\w*|in the morning|at night|"
    r"when i|if i|worse (?:with|after|for|on)|better (?:with|after|for|on|in)|legs?|than (?:the|my) (?:left|right))\b"
)
_NO_EFFECTS = re.compile(
    r"\b(?:no|without(?: any)?|not any|zero|havent had any|didnt have any) (?:bad |ill |nasty )?(?:side |"
    r"after )?effects\b"
)
_REACHED = re.compile(
    r"\bgoal (?:is |was |has been |all )*(?:done|reached|achieved|met|smashed|ticked|hit|sorted|complete\w*|"
    r"accomplished)\b|"
    r"\b(?:reached|hit|met|achieved|smashed|done|nailed) (?:my|the) goal\b"
)
_MISSED_CHECK_INS = re.compile(
    r"\bmissed (?:(?:just|only|about|maybe|the|out on) )*(?P<number>\d{1,2}|a|an|one) (?:of (?:the|my|"
    r"your) )?check(?: |-)?ins?\b"
)


#: "Pain is 3 now from 7": what it was at the start.
_CAME_FROM = re.compile(
    r"\b(?:from|started (?:out |off )?at|was)(?: an?| about)? (?P<number>10|\d)(?:/10)?(?= ?(?:$|[,.;!]|"
    r" (?:at|when|to|before|last|and|so)\b))"
)


def reports_progress(utterance: Utterance) -> bool:
    """Whether an open message is a report on the plan, so that its score is of now."""
    if utterance.asks is not None:
        return False
    opening = _A_REPORT.match(utterance.text)
    return opening is not None and _OF_THE_PLAN.search(utterance.text, opening.end()) is not None


def read_progress(utterance: Utterance) -> Iterator[Mention]:
    """The counts of a check-in when they were asked for, and everything that a report tells unasked."""
    one: Mention | None = None
    if utterance.asks in _COUNTED:
        one = _how_many(utterance, utterance.asks)
    elif utterance.asks == "checkin_day":
        one = _day(utterance) or bare_number(utterance, "checkin_day")
    elif reports_progress(utterance):
        yield from _report(utterance)
    if one is not None:
        yield one


def _how_many(utterance: Utterance, field: str) -> Mention | None:
    text = utterance.text
    told = _SO_MANY.search(text)
    if told is not None:
        number = next(group for group in told.groups() if group is not None)
        return mention(field, int(number), *told.span())
    for pattern, count in ((_TWICE, 2), (_ONCE, 1), (_NEVER, 0)):
        match = pattern.search(text)
        if match is not None and not (count and _NEVER.search(text[: match.end()])):
            return mention(field, count, *match.span())
    return bare_number(utterance, field)


def _day(utterance: Utterance) -> Mention | None:
    match = _WHICH_DAY.search(utterance.text)
    if match is None:
        return None
    days = match["day"] or match["days"]
    weeks = match["week"] or match["weeks"] or ("2" if match["fortnight"] else "1")
    return mention("checkin_day", int(days) if days else DAYS_A_WEEK * int(weeks), *match.span())


def _report(utterance: Utterance) -> Iterator[Mention]:
    opening = _A_REPORT.match(utterance.text)
    if opening is not None and opening.group().lstrip().startswith(("week", "day")):
        day = _day(utterance)
        if day is not None:
            yield day
    for field, pattern, value in (
        ("adverse_event", _NO_EFFECTS, "none"),
        ("goal_reached", _REACHED, True),
    ):
        match = pattern.search(utterance.text)
        if match is not None and not (value is True and utterance.scopes.negated(*match.span())):
            yield Mention(field, value, *match.span())
    missed = _MISSED_CHECK_INS.search(utterance.text)
    if missed is not None:
        number = int(missed["number"]) if missed["number"].isdigit() else 1
        yield Mention("missed_checkins", number, *missed.span())
    before = _CAME_FROM.search(utterance.text)
    if before is not None:
        yield Mention("nprs_baseline", int(before["number"]), *before.span())
    told: set[str] = set()
    for piece in _PIECE.finditer(utterance.text):
        for one in _of_a_piece(utterance, piece):
            if one.field not in told:
                told.add(one.field)
                yield one


def _of_a_piece(utterance: Utterance, piece: re.Match[str]) -> Iterator[Mention]:
    """The share that was done and the change, each where its words stand."""
    words = piece.group()
    alone = Utterance.of(words, None, utterance.today, utterance.spell)
    if _DID.search(words) and _HOW_MUCH.search(words) and not _OF_CHECK_INS.search(words):
        share = share_done(alone)
        whole_days = share is not None and re.search(r"%|percent|\bdays?\b", words) is not None
        if share is not None and (whole_days or not _NOT_DONE.search(words)):
            yield mention_at(share, piece)
    if _COMPARED.search(words) and not _OF_SOMETHING_ELSE.search(words) and not re.search(r"\d", words):
        changed = change(alone)
        if changed is not None:
            yield mention_at(changed, piece)


def mention_at(one: Mention, piece: re.Match[str]) -> Mention:
    """The mention of a piece, where it stands in the message."""
    return Mention(one.field, one.value, piece.start(), piece.end(), one.about)
