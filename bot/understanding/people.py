"""Who is writing: age, age at the first pain, weeks pregnant, weight and body mass index."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.ages_told import age_in_passing, age_of_birth, age_reckoned, of_a_thing
from bot.understanding.gestation import gestation
from bot.understanding.mentions import Mention, mention
from bot.understanding.quantities import ABOUT_BEFORE, NUMBER
from bot.understanding.sex_told import sex_told
from bot.understanding.utterance import Utterance

_KG_PER_STONE, _KG_PER_POUND, _CM_PER_FOOT, _CM_PER_INCH = 6.35029, 0.453592, 30.48, 2.54

_NOT_AN_AGE = (
    r"(?! ?(?:%|percent|/|\.\d|:|-\d|weeks?|days?|months?|hours?|minutes?|kg|kilos?|stone|st\b|pounds|lbs?|"
    r"feet|foot|ft|"
    r"cm|mg|mm|yards|degrees|pints|beers|drinks|mph|hrs|mins|stairs|kids|children|times|miles|tablets|"
    r"out of|or \d|to \d|steps|years (?:ago|back|of|smok|on|in|now|since|sober|"
    r"clean|married)"
    r"|years?(?: or so)?(?: \w+)? (?:ago|back)))"
)
_SAID_AGE = re.compile(
    rf"\b(?<!when )(?<!since )(?<!before )(?<!after )(?:(?:im|i am|i was|am|"
    rf"(?<!when i )(?<!since i )(?<!before i )turned|just turned|nearly|almost|being|aged|age(?: is| of|:)?|"
    rf"(?:fe)?male(?:,| and| aged)?|"
    rf"man(?:,| of| aged)|woman(?:,| of| aged)|lady(?:,| of| aged)|pensioner of|now|at(?= \d\d (?:i|"
    rf"years)\b)) (?:only |just |still |already |now |im )?"
    rf"(?P<about>(?:{ABOUT_BEFORE} ){{0,3}})(?:an? )?(?P<age>\d{{1,3}})(?![\da-z]){_NOT_AN_AGE}(?! ?(?:th|"
    rf"st|nd|"
    rf"rd)\b)"
    r"|(?P<old>\d{1,3})(?: and a half)?(?: |-)?(?:(?:years?|year)(?: |-)?(?:old|of age|young)|y ?/? ?\.?o\b|"
    r"yo\b|yrs? old)"
    r"|(?:^|(?<!seat)(?<!flat)(?<!row)(?<!gate)(?<!room)(?<!size)(?<!ward)(?<!bus)[ ,.;] ?)(?P<short>\d\d)(?: ?(?:yrs?|"
    r"years?|y))?(?: |/|, ?|-)?(?:m|f|male|female)(?=$|[ ,.])(?! ago)"
    r"|(?:^|(?<!the)(?<!on)(?<!code)(?<!error)(?<! a)[ ,.;] ?)(?:m|f|male|female)(?: |/|, ?)?(?P<after_sex>\d\d)(?=$|"
    r"[ ,.])(?! (?:code|error|motorway|junction|fault)))"
    r"|^(?P<first>[1-9]\d),? (?:years? )?(?:young|smoker|non smoker|diabetic|overweight|obese|married|single|widow\w*|"
    r"student|pensioner|self employed|and|i|im|live|living|here|with|fell|had|have|got|retired|lady|man|woman|male|"
    r"female|worried|"
    r"never|bad|back|pain|sudden\w*|slipped|tripped)\b"
    r"|^(?P<alone>[1-9]\d)(?=, [a-z])"
    r"|(?:^|[.,;] )(?P<offered>[1-9]\d) (?:here\b|if you (?:need|want|must)|in case you|by the way|btw)"
    r"|\b(?:mum|mom|mother|dad|father|husband|wife|partner|gran|nan|grandma|grandad|sister|brother|sons?|"
    r"daughter)s?"
    r"(?:,| is| aged)? (?P<kin>\d{1,3})(?=$|,| (?:and|is|was|has|with|slid|fell|slipped|tripped|had|in)\b)"
)
#: Said of the patient by somebody who writes for them.
_THEIR_AGE = re.compile(
    rf"\bi(?: is| are)(?: now| just| only)? (?P<about>(?:{ABOUT_BEFORE} ){{0,3}})"
    rf"(?P<age>\d{{1,3}})(?![\da-z]){_NOT_AN_AGE}"
)
#: Asked about an illness, "since I was twelve" is the age at which that began.
_OF_AN_ILLNESS = frozenset(
    {"epilepsy", "asthma", "psoriasis", "ibd", "smoker", "past_arthritis", "immunosuppressed"}
)
#: Asked for one of these, a number at the beginning is the answer and no age.
_ASKS_FOR_A_NUMBER = frozenset(
    {
        *("pain_avg", "pain_worst", "fear_of_movement", "recovery_expectation", "sleep_problem", "stress"),
        *(
            "age_at_first_onset",
            "duration_weeks",
            "leg_pain_onset_days",
            "leg_weakness_onset_days",
            "nprs_now",
        ),
        *(
            "activity_min_week",
            "pref_minutes_day",
            "morning_stiffness_min",
            "falls_last_year",
            "off_work_days",
        ),
        *(
            "weight_kg",
            "bmi",
            "gestation_weeks",
            "adherence_pct",
            "phq2",
            "gad2",
            "psfs",
            "psfs_now",
            "fever",
        ),
    }
)
_ILLNESS_JUST_BEFORE = re.compile(
    r"\b(?:crohns?|colitis|ibs|asthma\w*|epilep\w*|seizures|diabet\w*|psoriasis|smok\w*|coeliac|celiac|hiv|migraines?|"
    r"eczema|hay ?fever|deaf|scoliosis|rheumatoid|lupus|thyroid|anxiety|depress\w*)(?: \w+){0,2} ?$"
)
#: "Bones of a 30 year old" is nobody's age.
_LIKENED = re.compile(r"\b(?:of|like|than|for|as) an? $")
#: "Mum is 70, my back hurts": the age is not the patient's.
_MY_OWN = re.compile(r"\bmy (?:own )?(?:lower |low )?(?:back|pain|legs?|spine|hips?|sciatica)\b|\bmine\b")
_AGES = ("age", "old", "short", "after_sex", "first", "alone", "offered", "kin")
_BEGAN_THEN = re.compile(
    r"\b(?:since|when|began|started|had (?:it|this|one|that|an?|my|\w+itis)|broke|did|used|hurt|put|was|were|first|"
    r"back in|his|her|their)\b"
)
#: "Back started at age 19", "first time it ever hurt I was 19".
_BEGAN_AGED = re.compile(
    r"\b(?:started|began|begun|came on|first|since|went|used to)\b(?: (?!now\b|im\b)\w+){0,6} ?$"
)
_MONTH_NAME = (
    r"(?:jan\w*|feb\w*|march|april|may|june|july|aug\w*|sept\w*|oct\w*|nov\w*|dec\w*|"
    r"spring|summer|autumn|winter)"
)
_NOW_IN_DECADE = re.compile(r"\b(?:im|i am|(?<!since )(?<!when )(?<!back )in my)\b")
_BARE_AGE = re.compile(rf"(?<![\d.,/])(?P<age>\d{{1,3}})(?!\d){_NOT_AN_AGE}")
_DECADE = re.compile(
    r"\b(?:in )?(?:my )?(?P<part>early|mid|late|middle)?(?: |-)?(?:of )?(?:my )?(?P<decade>[2-9]0|twenties|"
    r"thirties|forties|"
    r"fifties|sixties|seventies|eighties|nineties)(?P<s>s)?\b"
)
_DECADES = {
    **{"twenties": 20, "thirties": 30, "forties": 40, "fifties": 50},
    **{"sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90},
}
_PARTS = {"early": 2, "late": 8}
_FIRST_AT = re.compile(
    r"\b(?:since|from when|ever since|started when|began when|first (?:had|got|started|time|"
    r"happened)(?: \w+){0,4}?) "
    r"(?:i was|i were|at|when i was|aged?|the age of)(?: (?:about|around|only|aged|like|"
    r"just))* (?P<age>\d{1,2})\b(?! (?:weeks|months|stone|kg))"
)
#: "I was 19 when it first kicked in", "it first went when I was 30", "the first bout was at 25".
_THEN = (
    r"(?:started|began|begun|kicked in|came on|went|happened|hit|struck|put my back out|hurt (?:it|my back))"
)
_AGED_THEN = re.compile(
    rf"\b(?:i was|i were|aged|at) (?:about |only |just |around |like )?(?P<age>\d{{1,2}}) when (?:it|this|"
    rf"my back|the back|"
    rf"the pain|all this|i)(?: \w+){{0,2}}? {_THEN}\b|"
    rf"\b(?:first|originally)(?: \w+){{0,3}}? (?:{_THEN}|was|bout|episode|attack|"
    rf"time)(?: \w+){{0,2}}? (?:when i was|at|"
    rf"aged|was at|age) (?:about |only |just |around |like )?(?P<after>\d{{1,2}})\b(?! ?(?:am|pm|oclock|"
    rf"weeks|months|mph))"
    r"|\b(?:back|pain|it|this|trouble|sciatica)(?: \w+){0,2}? "
    r"(?:started|began|came on|first (?:went|hurt|started|came))"
    r"(?: (?:off|out|up|when i was|at|aged|age))+ (?:about |only |just |around |like )?(?P<from>\d{1,2})\b"
    r"(?! ?(?:am|pm|oclock|weeks|months|mph|in the|this|last|on|\d|%|:|today|yesterday|to \d))(?!\.\d)"
    r"|\b(?:when i was|aged) (?:about |only |just |around |like )?(?P<since>\d{1,2})\b[^.;!?]{0,50}\b"
    r"(?:ever since|since then)\b"
)
_BACK = re.compile(r"\b(?:backs?|spine|pain\w*|sciatica|disc)\b")
_SINCE_DECADE = re.compile(r"\bback\b[^.;!?]{0,40}\b(?:since|from)(?: i was in)? my (?:early |late |mid )?$")
_FIRST_ASKED = re.compile(
    r"\b(?:(?:when i was|i was|at|aged?|about|around|age)(?: (?:about|around|of))* )?(?P<age>\d{1,3})\b"
    r"(?! ?(?:years? ago|weeks?|months?|days?))"
)
_YOUNG = re.compile(
    r"\b(?:(?P<teens>teen\w*|at school|high school|secondary)|child\w*|kid|little|primary school)\b"
)
_WEIGHT = re.compile(
    rf"(?<![\w.])(?P<about>(?:{ABOUT_BEFORE} ){{0,3}})(?:"
    rf"(?P<kg>{NUMBER}) ?(?:kgs?|kilos?|kilograms?|kilogrammes?)\b"
    rf"|(?P<stone>{NUMBER})(?P<half> and a half)? ?(?:stones?|"
    rf"st)\b(?:,? ?(?:and )?(?P<and_pounds>\d{{1,2}})(?: ?(?:lbs?|pounds?|lb))?(?! ?[a-z]))?"
    rf"|(?P<pounds>{NUMBER}) ?(?:lbs?|pounds?)\b)"
)
_NOT_MY_WEIGHT = re.compile(
    r"\b(?:lost|lose|losing|gain\w*|put on|dropped|shed|lift\w*|carry\w*|carried|weights?(?= of)|box\w*|"
    r"bag\w*|"
    r"deadlift\w*|squat\w*|press\w*|heavy|over(?:weight)? by|down|suitcase|sack)\b"
)
#: A bare number that is called a weight is in kilograms, unless it may well be pounds.
_WEIGHT_NAMED = re.compile(
    r"\b(?:my weight(?: is| now|:)*|i weigh) (?:about |around |now )?(?P<kg>(?:[4-9]\d|"
    r"1[0-2]\d)(?:\.\d)?)(?= ?(?:$|[,.;!]| and))"
)
_WEIGH = re.compile(r"\b(?:weigh\w*|weight|overweight|obese|tall)\b")
#: So many kilograms, told unasked of nothing that is lifted or lost, are the patient's own.
_LIGHTEST_UNASKED = 45.0
_BMI = re.compile(
    r"\b(?:bmi|body mass(?: index)?)(?: \w+){0,3}? ?(?:of|is|was|about|around|:|=|"
    r"at)? ?(?P<bmi>\d\d(?:\.\d)?)\b"
)
_BARE_BMI = re.compile(r"(?<![\d.])(?P<bmi>\d\d(?:\.\d)?)(?![\d.]| ?(?:kg|stone|st\b|years|lb))")
_HEIGHT = re.compile(
    r"\b(?:(?P<feet>[4-7]) ?(?:foot|feet|ft|')(?: |,|and )*(?:(?P<inches>\d{1,2})(?:\.5)?(?: ?(?:inch\w*|in|"
    r"\"))?)?"
    r"|(?P<metres>[12]\.\d\d?) ?(?:m|metres?|meters?)\b|(?P<cm>1\d\d|2[0-2]\d) ?(?:cm|cms|centimet\w+)\b)"
)


def read_people(utterance: Utterance) -> Iterator[Mention]:
    """Age, age at first onset, weeks of pregnancy, weight, BMI: asked for, or volunteered in plain terms."""
    for found in (_first_onset, _age, gestation, _weight, _bmi):
        one = found(utterance)
        if found is _age:
            yield from sex_told(utterance, one)
        if one is not None:
            yield one
            if found is gestation and not _only_the_weeks(utterance):
                yield Mention("pregnant", "yes", one.start, one.end)


def _only_the_weeks(utterance: Utterance) -> bool:
    """Asked how many weeks, the number alone tells nothing more."""
    return utterance.asks == "gestation_weeks" and len(utterance.text) < _A_BARE_ANSWER


_A_BARE_ANSWER = 30
#: "8 last week, now 4": so low a number alone is a score.
_HIGHEST_SCORE, _AFTER_AN_AGE = 10, 12
_YEARS_OLD = re.compile(r"\b(?:years?|yrs?|yo|y o|old|aged?)\b|\d ?(?:yo|yrs?)\b")


def _age(utterance: Utterance) -> Mention | None:
    asked = utterance.asks == "age"
    unprompted = asked or utterance.asks not in _ASKS_FOR_A_NUMBER
    reckoned = age_reckoned(utterance)
    if reckoned is not None:
        return reckoned
    theirs = _THEIR_AGE.search(utterance.text) if utterance.written_for else None
    if theirs is not None:
        return mention("age", int(theirs["age"]), *theirs.span(), about=bool(theirs["about"]))
    for match in _SAID_AGE.finditer(utterance.text):
        digits = next(filter(None, match.group(*_AGES)))
        start = match.start("kin") if match["kin"] else match.start()
        own = match.group().startswith(("im ", "i am "))
        if (match["alone"] or match["first"]) and not unprompted:
            continue
        said = utterance.text[match.start() : match.end() + _AFTER_AN_AGE]
        if int(digits) <= _HIGHEST_SCORE and not asked and not _YEARS_OLD.search(said):
            continue
        if match["kin"] and not utterance.written_for and _MY_OWN.search(utterance.text):
            continue
        if match["old"] and _LIKENED.search(utterance.text[max(0, match.start() - 12) : match.start()]):
            continue
        if not own and of_a_thing(utterance.text, match.start()):
            continue
        if (own or not utterance.scopes.of_another(start, match.end())) and not _long_ago(
            utterance.text, match
        ):
            return mention("age", int(digits), *match.span(), about=bool(match["about"]))
    decade = _DECADE.search(utterance.text)
    if decade is not None and (decade["s"] or not decade["decade"].isdigit()) and _is_now(utterance, decade):
        return mention("age", _of_decade(decade), *decade.span(), about=True)
    if not asked:
        return age_in_passing(utterance) if unprompted else None
    born = age_of_birth(utterance, alone=True)
    if born is not None:
        return born
    bare = _BARE_AGE.search(utterance.text)
    return mention("age", int(bare["age"]), *bare.span()) if bare is not None else None


def _is_now(utterance: Utterance, decade: re.Match[str]) -> bool:
    """ "I'm in my seventies" tells the age; "it began in my twenties" does not."""
    if utterance.asks in ("age", "age_at_first_onset"):
        return utterance.asks == "age"
    if utterance.asks is not None and not re.search(r"\b(?:im|i am)\b", utterance.text[: decade.start()]):
        return False
    clause = utterance.clause(*decade.span())
    return _NOW_IN_DECADE.search(clause) is not None and _BEGAN_THEN.search(clause) is None


def _of_decade(match: re.Match[str]) -> int:
    tens = _DECADES.get(match["decade"]) or int(match["decade"])
    return tens + _PARTS.get(match["part"] or "", 5)


def _long_ago(text: str, match: re.Match[str]) -> bool:
    """ "I was 30" and "it began aged 19" tell of then, unless it was "I was 30 in June"."""
    if _BEGAN_AGED.search(text[max(0, match.start() - 40) : match.start()]):
        return not match.group().startswith("now")
    return match.group().startswith(("i was", " i was")) and not re.match(
        rf" (?:(?:in|on) (?:the )?(?:\d|{_MONTH_NAME})|last|on my|this|yesterday|today)\b",
        text[match.end() :],
    )


def _first_onset(utterance: Utterance) -> Mention | None:
    match = _FIRST_AT.search(utterance.text)
    if match is not None and (utterance.asks in _OF_AN_ILLNESS or _began_an_illness(utterance, match)):
        return None
    if match is None and utterance.asks == "age_at_first_onset":
        match = _FIRST_ASKED.search(utterance.text)
        if match is None:
            return _first_onset_about(utterance.text)
    if match is None:
        then = _AGED_THEN.search(utterance.text)
        if then is not None:
            age = next(filter(None, then.group("age", "after", "from", "since")))
            if then["since"] and not _BACK.search(utterance.scopes.sentence(*then.span())):
                return None
            return mention("age_at_first_onset", int(age), *then.span())
        decade = _DECADE.search(utterance.text)
        if decade is not None and _SINCE_DECADE.search(utterance.text[: decade.start()]):
            return _first_onset_about(utterance.text)
        return None
    return mention("age_at_first_onset", int(match["age"]), *match.span())


def _began_an_illness(utterance: Utterance, match: re.Match[str]) -> bool:
    """ "Had crohns since I was 19"."""
    begin = utterance.scopes.sentence_start(match.start())
    return _ILLNESS_JUST_BEFORE.search(utterance.text[begin : match.start()]) is not None


def _first_onset_about(text: str) -> Mention | None:
    decade = _DECADE.search(text)
    if decade is not None:
        return mention("age_at_first_onset", _of_decade(decade), *decade.span(), about=True)
    young = _YOUNG.search(text)
    if young is None:
        return None
    return mention("age_at_first_onset", 16 if young["teens"] else 10, *young.span(), about=True)


def _weight(utterance: Utterance) -> Mention | None:
    asked = utterance.asks in ("weight_kg", "bmi")
    for match in _WEIGHT.finditer(utterance.text):
        clause = utterance.clause(*match.span())
        plainly = utterance.asks is None and _kilograms(match) >= _LIGHTEST_UNASKED
        if not asked and not _WEIGH.search(clause) and not plainly:
            continue
        if _NOT_MY_WEIGHT.search(clause) or utterance.scopes.of_another(*match.span()):
            continue
        return mention("weight_kg", round(_kilograms(match), 1), *match.span(), about=bool(match["about"]))
    named = _WEIGHT_NAMED.search(utterance.text)
    if named is not None and not utterance.scopes.of_another(*named.span()):
        return mention("weight_kg", float(named["kg"]), *named.span())
    bare = re.fullmatch(r"\D*?(?P<kg>\d{2,3}(?:\.\d)?)(?: now| i think| today)?[ .]*", utterance.text)
    if utterance.asks == "weight_kg" and bare is not None and float(bare["kg"]) <= _HEAVIEST_WITHOUT_UNIT:
        return mention("weight_kg", float(bare["kg"]), *bare.span("kg"))
    return None


#: A bare number above this may well be pounds.
_HEAVIEST_WITHOUT_UNIT = 130.0


def _kilograms(match: re.Match[str]) -> float:
    if match["kg"]:
        return float(match["kg"])
    if match["pounds"]:
        return float(match["pounds"]) * _KG_PER_POUND
    stone = float(match["stone"]) + (0.5 if match["half"] else 0.0)
    return stone * _KG_PER_STONE + float(match["and_pounds"] or 0) * _KG_PER_POUND


def _bmi(utterance: Utterance) -> Mention | None:
    match = _BMI.search(utterance.text)
    if match is None and utterance.asks == "bmi":
        weight, height = _weight(utterance), _HEIGHT.search(utterance.text)
        if weight is not None and height is not None and isinstance(weight.value, float):
            value = round(weight.value / _metres(height) ** 2, 1)
            return mention("bmi", value, *height.span(), about=True)
        match = _BARE_BMI.search(utterance.text) if height is None and weight is None else None
    return mention("bmi", float(match["bmi"]), *match.span()) if match is not None else None


def _metres(match: re.Match[str]) -> float:
    if match["metres"]:
        return float(match["metres"])
    if match["cm"]:
        return float(match["cm"]) / 100
    return (float(match["feet"]) * _CM_PER_FOOT + float(match["inches"] or 0) * _CM_PER_INCH) / 100
