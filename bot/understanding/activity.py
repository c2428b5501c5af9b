"""Minutes of activity in a week: "30 min 3 times a week" is 90, "half an hour a day" is 210."""

from __future__ import annotations

import re

from bot.understanding.bare_numbers import bare_number, nothing
from bot.understanding.durations import parts_of_a_day
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

DAYS_A_WEEK = 7
#: So many minutes, told without a rate where a week was asked for, are those of the week.
_A_WEEKS_WORTH = 60
#: Days a week meant by a phrase, and whether it is vague; "most days" as five is our reading.
_DAYS = (
    (
        r"(?:every|each|per|a)(?: single)? ?day|daily|everyday|(?:every|each|a)(?: single)? (?:morning|"
        r"evening|night)|all days|"
        r"7 days(?: a week)?",
        7,
        False,
    ),
    (r"(?:every )?week ?days?|monday to friday|work ?days?|on workdays", 5, False),
    (r"most days|nearly every day|almost every day|most (?:mornings|evenings|nights)", 5, True),
    (r"every other day|every second day|alternate days|alternative days", 3.5, True),
    (r"at (?:the )?week ?ends?|(?:only )?week ?ends?(?: only)?|on (?:the )?week ?ends?", 2, True),
    (r"some days|few days(?: a week)?|several (?:days|times)(?: a week)?", 3, True),
    (r"(?:twice|couple of times)(?: a| per| every| each|/)? ?week(?:ly)?", 2, False),
    (r"(?:once|1 times?|1x)(?: a| per| every|/)? ?(?:week|wk)|weekly|once a week", 1, False),
)
_TIMES = re.compile(
    r"\b(?P<low>\d{1,2})(?: ?(?:-|to|or) ?(?P<high>\d{1,2}))? ?(?:times?|x|days|nights|mornings|evenings|"
    r"sessions|"
    r"classes)(?: (?:a|per|each|every|out of|in a|of the)(?: the)?|/)? ?(?P<per>week|7|day)?"
)
_TIMES_DAY = re.compile(
    r"\b(?P<word>twice|two times|2 times|3 times|thrice|\d times) (?:a|per|each|every) ?day|"
    r"\b(?P<daily>twice|thrice) daily|"
    r"\b(?P<both>mornings? and (?:again )?(?:at |in the )?(?:nights?|evenings?|afternoons?|bed\w*)|am and pm|"
    r"night and morning|before (?:and after) work)\b"
)
_PER_WEEK = re.compile(r"\b(?:a|per|each|every|/) ?(?:week|wk)\b|weekly|in (?:a|the) week|total")


#: "Two gym sessions, an hour each".
_EACH = re.compile(
    r"\b(?P<times>[1-9]) (?:\w+ )?(?:sessions?|classes|class|walks|swims|runs|rides|games|times)\b"
    r"(?=.{0,24}\b(?:each|a time|a go|every time|apiece)\b)"
)


#: "Mon, Wed and Fri": two short names together, or a name in full.
_WEEKDAY = re.compile(
    r"\b(?:(?:on|every|each|a) )?((?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
    r"(?:mon|tues?|weds?|thurs?|fri|sat|sun)(?=s?,? (?:and |n )?(?:mon|tue|wed|thu|fri|sat|sun))|"
    r"(?<=mon |wed |tue |thu |fri |sat |and )(?:tues?|weds?|thurs?|fri|sat|sun)(?=s?$|s?[ ,.]))"
)
#: "Used to play football, since this started nothing at all".
_NOTHING_NOW = re.compile(
    r"(?:^|[,.;] ?)(?:but )?(?:(?:since|now|lately|at the moment|these days|nowadays|currently)\b[^,.;\d]{0,24} )"
    r"(?P<nothing>nothing|none|zero|0|nil|zilch|not a thing|bugger all|sod all|no exercise)(?: at all| really|"
    r" much)?[ .!]*$"
)
#: "So maybe 2 hours total" is the sum of what stands before.
_ALTOGETHER = re.compile(r" ?(?:in )?(?:total|altogether|all in|all together|all told|overall)\b")


def _days_a_week(text: str) -> tuple[float, bool] | None:
    for pattern, days, about in _DAYS:
        if re.search(rf"\b(?:{pattern})\b", text):
            return float(days), about
    named = {name[:3] for name in _WEEKDAY.findall(text)}
    if named:
        return float(len(named)), False
    match = _TIMES.search(text)
    if match is not None and match["per"] != "day":
        low, high = int(match["low"]), int(match["high"] or match["low"])
        return (low + high) / 2, low != high
    return None


def times_a_day(text: str) -> int:
    match = _TIMES_DAY.search(text)
    if match is None:
        return 1
    if match["both"]:
        return 2
    word = match["word"] or match["daily"]
    return 3 if word == "thrice" else 2 if word == "twice" else int(word[0]) if word[0].isdigit() else 2


def activity(utterance: Utterance) -> Mention | None:
    """Minutes a week: "30 min 3 times a week", "half an hour a day", "2 hours a week", or a bare number."""
    text = utterance.text
    parts = parts_of_a_day(text)
    each = _EACH.search(text)
    if each is not None and parts:
        return mention(
            "activity_min_week",
            round(int(each["times"]) * parts[0].minutes()),
            each.start(),
            parts[0].end,
            about=True,
        )
    if not parts and (now := _NOTHING_NOW.search(text)) is not None:
        return Mention("activity_min_week", 0, *now.span("nothing"))
    if not parts:
        return nothing(utterance, "activity_min_week") or bare_number(utterance, "activity_min_week")
    for part in parts:
        if len(parts) == 1 and _ALTOGETHER.match(text[part.end :]):
            return mention("activity_min_week", round(part.minutes()), part.start, part.end, about=True)
    total, about, known = 0.0, False, False
    for index, part in enumerate(parts):
        begin = parts[index - 1].end if index else 0
        stop = parts[index + 1].start if index + 1 < len(parts) else len(text)
        after = text[part.end : stop]
        rate = _days_a_week(after) or _days_a_week(text[begin : part.start])
        twice = max(times_a_day(after), times_a_day(text[begin : part.start]))
        if rate is None and twice > 1:
            rate = (float(DAYS_A_WEEK), False)
        if rate is None and (_PER_WEEK.search(after) or len(parts) == 1):
            known = known or _PER_WEEK.search(after) is not None
            rate = (1.0, not _PER_WEEK.search(after))
        elif rate is None:
            continue
        else:
            known = True
        total += part.minutes() * rate[0] * twice
        about = about or rate[1] or part.about
    if not known and not (utterance.asks == "activity_min_week" and total >= _A_WEEKS_WORTH):
        return None
    return mention("activity_min_week", round(total), parts[0].start, parts[-1].end, about=about)
