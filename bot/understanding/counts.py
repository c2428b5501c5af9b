"""Counts in the unit of the question: minutes to spare, minutes of stiffness, falls, days off work, small sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from bot.understanding.activity import activity, times_a_day
from bot.understanding.bare_numbers import bare_number, nothing
from bot.understanding.check_in_answers import change, share_done
from bot.understanding.durations import Stretch, parts_of_a_day
from bot.understanding.falls import falls, falls_told
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

_STIFF = re.compile(r"\b(?:stiff\w*|seized|loosen\w*|get going|get moving|warm up|rigid)\b")
_MORNING = re.compile(
    r"\b(?:morning\w*|get up|got up|getting up|waking|wake|woken|out of bed|first thing|when i rise)\b"
)
_NOT_OFF = re.compile(
    r"\b(?:not (?:been )?off|no (?:time|days?) off|none|never off|still (?:working|at work|going in|"
    r"going to work)|"
    r"working (?:as normal|through|normally)|havent (?:been off|missed|taken any|had any)|not missed|"
    r"havent had)\b"
)
_OFF_WORK = re.compile(
    r"\b(?:off (?:work|sick|school)|(?:been|im|i am|still|have been|was) off(?= (?:since|for|\d|a|the|all|now|with)\b)|"
    r"cant (?:go to )?work|couldnt (?:go to )?work|(?:took|take|taken|taking|had|have) (?:to take )?"
    r"(?=(?:the|a|\d|this|all|few|couple)(?: \w+){0,2} off\b)|(?:called|phoned|rang) in sick|called out|"
    r"signed off|sick leave|on the sick|missed(?=.{0,30}\b(?:work|shifts?|job|"
    r"office|college|school|lectures?|classes|uni)\b)|not been (?:able )?(?:to|"
    r"at) work|away from work|"
    r"out of work(?=.{0,40}\b(?:with|w|because of|due to|from|over) (?:this|my|the) (?:\w+ )?(?:back|pain|sciatica)\b)|"
    r"sick note|fit note|havent (?:worked|been (?:to|at|in) work))\b"
)


def read_counts(utterance: Utterance) -> Iterator[Mention]:
    """The asked count in its own unit, and stiffness or days off work told unasked."""
    reader = _ASKED.get(utterance.asks or "")
    if reader is not None:
        one = reader(utterance)
        if one is not None:
            yield one
    told = (
        ("morning_stiffness_min", _stiffness_told),
        ("off_work_days", _days_off_told),
        ("activity_min_week", _activity_told),
        ("falls_last_year", falls_told),
        ("pref_minutes_day", _spare_told),
    )
    for field, found in told:
        if utterance.asks != field:
            one = found(utterance)
            if one is not None:
                yield one


_MOVES = re.compile(
    r"\b(?:walk|swim|cycle|run|jog|exercise|go to the gym|do (?:yoga|pilates|the gym))(?: \w+){0,3}? (?:for )?"
    r"(?:about |around )?(?=\d|half|an? )"
)
_NOT_DONE = re.compile(r"\b(?:cant|could|cannot|used to|before|want|would|goal|only manage|hurts?|pain)\b")


#: "Out with the ramblers 2 hours a week", "gym three times a week, an hour a go".
_OFTEN_AT_IT = re.compile(
    r"\b(?:ramblers|walks?|walking|swim|swimming|swims|cycling|cycle|gym|pilates|yoga|tai chi|parkrun|run|"
    r"running|"
    r"jog(?:ging)?|aqua ?fit|zumba|dancing|tennis|golf|bowls|football|badminton|the dog|"
    r"exercise)\b[^.;!?]{0,40}"
    r"\b(?:(?:a|per|every|each) (?:week|day)|daily|weekly|(?:\d|twice|once) ?(?:x|times)? a week|"
    r"morning and night)"
)
_NOT_MOVING = re.compile(
    r"\b(?:sit\w*|sat|desk|sleep\w*|driv\w+|stand\w*|lying|lie|screen|laptop|only|stiff\w*|spare|lasts?|"
    r"tablets?)\b"
)


def _activity_told(utterance: Utterance) -> Mention | None:
    """ "I walk the dog an hour every day": minutes and how often, told unasked."""
    if utterance.asks is not None or not parts_of_a_day(utterance.text):
        return None
    match = _MOVES.search(utterance.text) or _OFTEN_AT_IT.search(utterance.text)
    if match is None or (match.re is _OFTEN_AT_IT and _NOT_MOVING.search(utterance.clause(*match.span()))):
        return None
    begin, stop = utterance.scopes.clause(*match.span())
    clause = utterance.text[begin:stop].split(",")
    if any(_NOT_DONE.search(piece) for piece in clause if match.group() in piece):
        return None
    return activity(utterance)


def _spare_minutes(utterance: Utterance) -> Mention | None:
    parts = parts_of_a_day(utterance.text)
    if not parts:
        most = _AT_MOST.search(utterance.text)
        if most is not None:
            told = int(most["minutes"]) * times_a_day(utterance.text)
            return mention("pref_minutes_day", told, *most.span("minutes"))
        return nothing(utterance, "pref_minutes_day") or bare_number(utterance, "pref_minutes_day")
    part = parts[0]
    minutes = part.minutes() * times_a_day(utterance.text)
    if (
        len(parts) == 2
        and _MORNING_TIME.match(utterance.text, part.end)
        and _EVENING_TIME.match(utterance.text, parts[1].end)
    ):
        minutes = part.minutes() + parts[1].minutes()
    return mention("pref_minutes_day", round(minutes), part.start, part.end, about=part.about)


#: "Half an hour in the morning and ten minutes at night" are added up.
_MORNING_TIME = re.compile(r" (?:in the |each |every |of a )?(?:mornings?|before work|at breakfast|am)\b")
_EVENING_TIME = re.compile(
    r" (?:in the |at |each |every |before |after |of an )?(?:nights?|evenings?|bed\w*|work|dinner|tea|pm|"
    r"lunch\w*|afternoons?)\b"
)
#: "Ten max, I've got toddlers".
_AT_MOST = re.compile(
    r"^(?:\w+ ){0,3}?(?P<minutes>\d{1,3}) (?:max\w*|tops|at (?:the |a )?(?:very )?(?:most|push|stretch)|if|ish|"
    r"maybe|before|when|while|in the|at a time)\b"
)
_SPARES = re.compile(
    r"\bcan (?:only )?(?:do|manage|give(?: it)?) (?:about |maybe |around )?\d+ ?(?:min\w*) (?:a|per|"
    r"each) day\b(?! walk)|"
    r"\bmin\w* (?:each|every|in the|before|after) (?:\w+ ){0,3}?(?:for|to do) (?:the |my |some )?(?:exercises?|them|it|"
    r"stretch\w*)|\bhour (?:before|after) work (?:each|every) day\b|"
    r"\b(?:a|per|each) day (?:max\w*|tops|at (?:the )?most)\b|\b(?:spare|set aside|give (?:it|you|this)|"
    r"commit(?: to)?|fit in|squeeze in|free up)\b|"
    r"\b(?:a|per|each) day (?:is (?:all|what) )?i can (?:give|spare|do|manage|find)\b|\bday before (?:the )?(?:kids|"
    r"work)\b|"
    r"\b(?:is|be|thats) (?:about )?(?:all|the most) i (?:can|have|could|ve)\b|\b(?:time for|got|"
    r"only have) (?:it )?(?:about )?$"
)
_MOST_TO_SPARE = 180


def _spare_told(utterance: Utterance) -> Mention | None:
    """ "I could spare 15 minutes a day", told unasked."""
    if utterance.asks is not None:
        return None
    for part in parts_of_a_day(utterance.text):
        clause = utterance.clause(part.start, part.end)
        minutes = round(part.minutes() * times_a_day(clause))
        if _SPARES.search(clause) and minutes <= _MOST_TO_SPARE:
            return mention("pref_minutes_day", minutes, part.start, part.end, about=part.about)
    return None


def _stiffness(utterance: Utterance) -> Mention | None:
    parts = parts_of_a_day(utterance.text)
    if parts:
        return mention(
            "morning_stiffness_min",
            round(parts[0].minutes()),
            parts[0].start,
            parts[0].end,
            about=parts[0].about,
        )
    none = re.search(
        r"\b(?:no stiffness|not (?:really )?stiff|no,? not stiff|straight away|no time)\b", utterance.text
    )
    if none is not None:
        return Mention("morning_stiffness_min", 0, none.start(), none.end())
    return nothing(utterance, "morning_stiffness_min") or bare_number(utterance, "morning_stiffness_min")


def _stiffness_told(utterance: Utterance) -> Mention | None:
    for part in parts_of_a_day(utterance.text):
        sentence = utterance.scopes.sentence(part.start, part.end)
        if _STIFF.search(sentence) and _MORNING.search(sentence) and part.amount.high <= 240:
            return mention(
                "morning_stiffness_min", round(part.minutes()), part.start, part.end, about=part.about
            )
    return None


def _days_off(utterance: Utterance) -> Mention | None:
    never = _NEVER_OFF.search(utterance.text)
    if never is not None:
        return Mention("off_work_days", 0, never.start(), never.end())
    shifts = _SHIFTS.search(utterance.text)
    if shifts is not None:
        return mention("off_work_days", int(shifts["shifts"]), *shifts.span())
    none = _NOT_OFF.search(utterance.text)
    working = _WORKING_DAYS.search(utterance.text)
    if working is not None:
        return mention("off_work_days", int(working["days"]), *working.span())
    for stretch in utterance.stretches:
        return mention("off_work_days", stretch.days(), stretch.start, stretch.end, about=stretch.about)
    if none is not None:
        return Mention("off_work_days", 0, none.start(), none.end())
    for day in utterance.anchors:
        return mention("off_work_days", day.days(), day.start, day.end, about=day.about)
    return nothing(utterance, "off_work_days") or bare_number(utterance, "off_work_days")


_WORKING_DAYS = re.compile(r"\b(?P<days>\d{1,3}) (?:working|work|full|whole) days\b")
_NEVER_OFF = re.compile(
    r"\b(?:never|not|havent|didnt|hasnt|aint)(?: \w+){0,2}? (?:missed|miss|lost|lose|taken|took|take|had|"
    r"needed)"
    r"(?: off)? (?:a|1|one|any|so much as a)(?: single| whole)? (?:days?|shifts?|hour|minute)\b|"
    r"\b(?:soldier(?:ed|ing)|plough(?:ed|ing)|push(?:ed|ing)|struggl(?:ed|ing)|battl(?:ed|ing)|carr(?:ied|"
    r"ying)|"
    r"drag(?:ged|ging) myself) (?:on|through|in)\b|\b(?:havent|not|never) stopped work|"
    r"\bcant afford (?:to be off|time off|it|to)|"
    r"\b(?:work|worked|working|go|going|went) (?:right |straight )?(?:through it|in regardless|in anyway)"
)


def _piece(utterance: Utterance, start: int, end: int) -> str:
    """The words between the commas around a time."""
    clause = utterance.clause(start, end)
    at = max(clause.find(utterance.text[start:end]), 0)
    return clause[:at].rsplit(",", 1)[-1] + clause[at:].split(",", 1)[0]


def _days_off_told(utterance: Utterance) -> Mention | None:
    never = _NEVER_OFF.search(utterance.text)
    denies = never is not None and never.group().startswith(
        ("never", "not", "havent", "didnt", "hasnt", "aint")
    )
    if (
        never is not None
        and denies
        and re.search(r"\b(?:work|shifts?|job)\b", utterance.clause(*never.span()))
    ):
        return Mention("off_work_days", 0, never.start(), never.end())
    yet = _NOT_MISSED.search(utterance.text)
    if yet is not None and not utterance.scopes.of_another(*yet.span()):
        return Mention("off_work_days", 0, *yet.span())
    shifts = _SHIFTS_MISSED.search(utterance.text)
    if shifts is not None and not utterance.scopes.of_another(*shifts.span()):
        return mention("off_work_days", int(shifts["shifts"]), *shifts.span())
    for stretch in utterance.stretches:
        if _of_work(utterance, stretch):
            return mention("off_work_days", stretch.days(), stretch.start, stretch.end, about=stretch.about)
    week = _THE_WEEK_OFF.search(utterance.text)
    if week is not None and not utterance.scopes.of_another(*week.span()):
        return Mention("off_work_days", 7 if week["unit"] == "week" else 1, *week.span())
    for day in utterance.anchors:
        if _SINCE.search(utterance.text[max(0, day.start - 8) : day.end]) and _of_work(utterance, day):
            return mention("off_work_days", day.days(), day.start, day.end, about=day.about)
    return None


def _of_work(utterance: Utterance, stretch: Stretch) -> bool:
    """Whether a time is told of being off work."""
    clause = _piece(utterance, stretch.start, stretch.end)
    return _OFF_WORK.search(clause) is not None and not (
        _NOT_OF_WORK.search(clause) or utterance.scopes.of_another(stretch.start, stretch.end)
    )


#: "Missed three shifts": each is a day.
_SHIFTS = re.compile(r"\b(?P<shifts>\d{1,2}) (?:\w+ )?(?:shifts|shift)\b(?! (?:a|per|each|every) )")
_SHIFTS_MISSED = re.compile(
    r"\b(?:missed|lost|miss|called (?:in sick|out)(?: for| on)?|dropped|had to (?:cancel|drop|miss)|off(?: for)?) "
    r"(?:about |the last |already )?(?P<shifts>\d{1,2}) (?:\w+ )?(?:shifts?|(?:work ?)?days? (?:of|at|off) work)\b"
)
_NOT_MISSED = re.compile(
    r"\b(?:not|havent|never) (?:missed|lost|had) (?:a|1|one) (?:single )?(?:day|shift)(?: off)?(?: yet| so far)?\b"
)
_THE_WEEK_OFF = re.compile(
    r"\b(?:took|take|taking|had|called out|called in sick) (?:to take )?(?:the |this |a )?(?:whole |full )?"
    r"(?P<unit>week|day) off(?: work| sick)?(?= ?(?:$|[,.;]| (?:because|cos|with|work|for (?:it|this|my back))\b))"
)
_SINCE = re.compile(r"\bsince\b")
#: Off the tablets, off my food; and a day off for a wedding is no sick leave.
_NOT_OF_WORK = re.compile(
    r"\b(?:(?:pain|back|hip|leg|cooker|heating)s? (?:has|have|had|is) been off|off (?:the|my|all) (?:tablets|pills|"
    r"meds|food|drink|booze|fags|ciga\w+)|for (?:a|the|my) "
    r"(?:wedding|funeral|holiday|birthday)|painkillers|retired|on and off|day off (?:today|tomorrow))\b"
)


#: Answers to each of two questions, as the questionnaire scores them.
_OFTEN = (
    (re.compile(r"\b(?:nearly|almost) every ?day\b|\bevery (?:single )?day\b|\bdaily\b|\ball the time\b"), 3),
    (re.compile(r"\bmore than half(?: of)?(?: the)?(?: days)?\b|\bmost days\b"), 2),
    (re.compile(r"\bseveral days\b|\bsome days\b|\ba few days\b"), 1),
    (re.compile(r"\bnot at all\b|\bnever\b|\bneither\b|\bnone\b"), 0),
)
_ITEMS = 2
_FOR_BOTH = re.compile(r"\b(?:both|each|neither|pair|either|the 2|(?<!at )all|1 and 2)\b")


def _small_sum(field: str) -> Callable[[Utterance], Mention | None]:
    """Sums of two items of 0 to 3: a bare number or "not at all"."""

    def read(utterance: Utterance) -> Mention | None:
        said = re.search(r"\bso (?:(?:thats|its|call it|a|about|maybe) )*(?P<sum>[0-6])\b", utterance.text)
        if said is not None:
            return mention(field, int(said["sum"]), *said.span("sum"))
        for pattern, each in _OFTEN:
            match = pattern.search(utterance.text)
            if match is not None and _FOR_BOTH.search(utterance.text):
                return mention(field, 2 * each, *match.span())
        each_told = sorted(
            (match.start(), match.end(), score)
            for pattern, score in _OFTEN
            for match in pattern.finditer(utterance.text)
        )
        if len(each_told) == _ITEMS:
            # "First one several days, second one not at all"
            (begin, _, first), (_, stop, second) = each_told
            return mention(field, first + second, begin, stop)
        return nothing(utterance, field) or bare_number(utterance, field, higher=True)

    return read


_ASKED: Mapping[str, Callable[[Utterance], Mention | None]] = {
    "activity_min_week": activity,
    "pref_minutes_day": _spare_minutes,
    "morning_stiffness_min": _stiffness,
    "falls_last_year": falls,
    "off_work_days": _days_off,
    "adherence_pct": share_done,
    "gpe": change,
    "phq2": _small_sum("phq2"),
    "gad2": _small_sum("gad2"),
}
