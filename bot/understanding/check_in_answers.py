"""Answers of a check-in: the share of the plan that was done, and the change since the start."""

from __future__ import annotations

import re

from bot.understanding.bare_numbers import bare_number, nothing
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

DAYS_A_WEEK = 7
_SHARE = re.compile(r"\b(?P<percent>\d{1,3}) ?(?:%|percent|per cent)")
_SHARES = (
    (
        r"all of (?:it|them)|every(?:thing| (?:single )?(?:day|one|time))|always|fully|completely|each day|"
        r"daily|the lot|without fail|never (?:missed|skipped|failed)|havent missed|religiously|to the letter",
        100,
        False,
    ),
    (
        r"most (?:days|of (?:it|them)|times)|nearly (?:all|every)|almost (?:all|every)|mostly|"
        r"nearly every day",
        80,
        True,
    ),
    (r"half|about half|every other day|alternate days|50/50", 50, True),
    (
        r"some(?: of (?:it|them)| days)?|few (?:days|times)|now and (?:then|again)|occasionally|not many|"
        r"a bit|bits",
        30,
        True,
    ),
    (r"(?:hardly|barely|scarcely)(?: \w+)?|not much|very little|once or twice", 15, True),
)
_GPE = (
    (
        r"(?:no|not any|hasnt|not)(?: \w+){0,2}? (?:change\w*|different|difference|better|improve\w*)|"
        r"(?:about |just |much |exactly )?(?:the )?same|unchanged|no better|not better",
        0,
    ),
    (
        r"(?:very much|much,? much|completely|totally|fully|100 ?%|massively|hugely|so so much|miles|a "
        r"million times) better|new (?:man|woman|person)|back to normal|cured|"
        r"fully recovered|all gone",
        3,
    ),
    (
        r"(?:very much|completely|a lot|lots|massively|hugely|far,? far) worse than ever|worst its ever been|"
        r"very much worse",
        -3,
    ),
    (
        r"(?:a |quite a )?(?:bit|little|slight\w*|tad|touch|somewhat|marginal\w*|small) (?:\w+ )?(?:better|"
        r"improve\w*)|slight improvement|getting better slowly|slowly getting better",
        1,
    ),
    (r"(?:a |quite a )?(?:bit|little|slight\w*|tad|touch|somewhat|marginal\w*) (?:\w+ )?(?:worse)", -1),
    (
        r"(?:much|lot|lots|way|far|loads|so much|great deal|definitely|really) (?:\w+ )?(?:better|improve\w*)",
        2,
    ),
    (r"(?:much|lot|lots|way|far|loads|so much|great deal|definitely|really) (?:\w+ )?worse", -2),
    (r"better|improv\w+|easier", 1),
    (r"worse\w*", -1),
)
_GPE_NUMBER = re.compile(r"(?<![\d.])(?P<sign>minus ?|plus ?|- ?|\+ ?)?(?P<number>[0-3])(?![\d.])")


def share_done(utterance: Utterance) -> Mention | None:
    """Percent of the plan done. A bare number up to seven counts days of a week."""
    bar = re.search(
        r"\b(?:every day|all|everything|all of (?:it|them)) (?:bar|but|except)(?: for)? "
        r"(?P<missed>[1-6]|one|two|a couple)\b",
        utterance.text,
    )
    if bar is not None:
        missed = {"one": 1, "two": 2, "a couple": 2}.get(bar["missed"]) or int(bar["missed"])
        return mention(
            "adherence_pct", round(100 * (DAYS_A_WEEK - missed) / DAYS_A_WEEK), *bar.span(), about=True
        )
    percent = _SHARE.search(utterance.text)
    if percent is not None:
        return mention("adherence_pct", int(percent["percent"]), *percent.span())
    days = re.search(
        r"(?<![\d.])(?P<low>\d)(?: ?(?:-|to|or|/(?!7)) ?(?P<high>\d))?(?: ?(?:days?|times|nights|"
        r"x))?(?: ?(?:out )?(?:of|/) ?(?P<of>\d{1,2}))?(?![\d.%])",
        utterance.text,
    )
    if days is not None:
        done = float(days["high"] or days["low"]) / 2 + float(days["low"]) / 2
        of = float(days["of"] or DAYS_A_WEEK)
        if of > 0 and done <= of:
            return mention(
                "adherence_pct", round(100 * done / of), *days.span(), about=days["high"] is not None
            )
    if (none := nothing(utterance, "adherence_pct")) is not None:
        return none
    for pattern, share, about in _SHARES:
        match = re.search(rf"\b(?:{pattern})\b", utterance.text)
        if match is not None and not utterance.scopes.negated(*match.span()):
            return Mention("adherence_pct", share, match.start(), match.end(), about)
    return bare_number(utterance, "adherence_pct")


def change(utterance: Utterance) -> Mention | None:
    """The change since the start, from -3 very much worse to +3 very much better."""
    for pattern, score in _GPE:
        match = re.search(rf"\b(?:{pattern})", utterance.text)
        if match is not None:
            return Mention("gpe", score, match.start(), match.end())
    number = _GPE_NUMBER.search(utterance.text)
    if number is None:
        return None
    negative = (number["sign"] or "").strip() in ("-", "minus")
    return Mention(
        "gpe", -int(number["number"]) if negative else int(number["number"]), number.start(), number.end()
    )
