"""Lexicon phrases in a message, each with what its surroundings make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.clinical.facts import FIELDS, UNSURE, FactValue
from bot.understanding.lasting import when_it_began
from bot.understanding.lexicon import Lexicon, Phrase
from bot.understanding.lexicon.phrase import Found, Style
from bot.understanding.mentions import Mention, is_red_flag
from bot.understanding.scopes import Scopes
from bot.understanding.utterance import Utterance
from bot.understanding.water_words import PEE

#: Fields whose phrases speak of the family on purpose.
_OF_THE_FAMILY = frozenset({"spa_family_history", "safeguarding_concern"})
#: Beside one's own child these are told of oneself: "since delivery of my baby, breast feeding still".
_BESIDE_A_CHILD = frozenset({"breastfeeding"})

#: Asked for these, other people are what is done: "lifting the kids, bending to the dishwasher".
_OF_WHAT_IS_DONE = frozenset({"aggravated_by", "relieved_by", "onset_cause"})

#: Saying the same more often than this adds nothing; nor does looking at more places of a long message.
_OFTEN_ENOUGH, _FAR_ENOUGH = 8, 60
#: Imagining these is telling them.
_EVEN_IF_IMAGINED = frozenset({"suicidal_thoughts", "self_harm_recent"})
#: Signs that a relative may write in for, of a patient who has them now (clinical.md §1.2 A, B).
_TOLD_FOR_ANOTHER = frozenset(
    {
        *("saddle_numbness", "bladder_change", "bowel_change", "leg_weakness", "leg_numbness"),
        *("foot_drop", "gait_unsteady_new"),
    }
)
#: Muscles that were worked hard feel dead or like jelly.
_WORKED_HARD = re.compile(
    r"\b(?:leg day|doms|spin class|(?:\d+ |split |\d+ \w+ )squats|lunges|"
    r"(?:after|from|since|did|following|post) (?:the |a |my |that |yesterdays )?"
    r"(?:\w+ )?(?:gym|marathon|squats|5k|10k|half marathon|leg press|workout|pt session|boot ?camp))\b"
)
#: Nerves, and a long day on one's feet, do the same.
_NERVES_OR_A_LONG_DAY = re.compile(
    r"\b(?:speak\w*|speech|sing(?:ing)?|present\w*|stage|interview|exam|wedding|nervous|nerves|scared stiff|"
    r"after (?:work|a (?:long |double |12 hour |busy )?(?:shift|day)|a day)|end of (?:the |my |a )?(?:day|shift))\b"
)
_FAILED = re.compile(
    r"\b(?:fell|fall\w*|collaps\w*|gave|giv\w*|since|worse|cant|cannot|numb\w*|weak\w*|drag\w*)\b"
)
#: What the patient says has another cause.
_FROM_ELSEWHERE = re.compile(
    r"\b(?:not from|nothing to do with|not (?:because of|down to)) (?:the|my) back\b"
)
#: Feet that hurt from shoes or from standing all day come from no nerve.
_SHOES = re.compile(
    r"\b(?:(?:in|from|with) (?:these|those|my|the|new) (?:\w+ )?(?:shoes|heels|boots|trainers|wellies|sandals)|"
    r"(?:after|from) (?:standing|being on my feet|stood) all day|bunions?|blisters?|plantar)\b"
)
_SORE = re.compile(r"\b(?:sore|ach(?:e|es|ing|y)|stiff)\b")
_FIGURE = re.compile(
    r"\b(?:dead|jelly|jello|lead|noodles?|spaghetti|heavy|wobbl\w*|shak\w*|concrete|bricks?|logs?)\b"
)
_OF_TIRED_LEGS = {
    **dict.fromkeys(("leg_numbness", "leg_weakness", "gait_unsteady_new"), _FIGURE),
    "leg_pain": _SORE,
}
#: A limb that was sat on and has woken up again is no sign.
_NUMB_FIELDS = frozenset({"saddle_numbness", "leg_numbness"})
_HELD_STILL = re.compile(
    r"\b(?:sat|sit\w*|knel\w*|kneel\w*|squat\w*|crouch\w*|cross\w*|pew|bench|stool|seats?|sofa|chair|desk|"
    r"train|plane|bus|coach|"
    r"flight|drive|driving|meeting|lecture|church|loo|toilet|bike|saddle|slept|leaning)\b"
)
_WORE_OFF = re.compile(
    r"\b(?:wakes? up (?:when|once|after|again|as soon as)|goes (?:off |away )?(?:in|after|"
    r"within) an? (?:min\w*|sec\w*|"
    r"bit|moment|few|jiffy)|comes? (?:right |straight )?back (?:when|once|after)|"
    r"comes? (?:right|straight) back\b|back to normal|normal again|awake now|"
    r"for (?:a |1 |one |a few |2 |few |couple of )?(?:min\w*|sec\w*)\b|"
    r"woke up again|wore off|passed off|went away|came back|"
    r"(?:gone|fine|ok|okay|better|normal) (?:when|once|after|as soon as) (?:i |a )?(?:stood|stand|moved?|got up|"
    r"walked|shake|stretch\w*|few|minute|bit|wiggle|walk)|felt (?:my |it )?(?:\w+ )?again)\b"
)
_NOT_OVER = re.compile(
    r"\b(?:keeps?|still|worse|wip\w+|comes? back|every (?:day|time)|since (?:then|yesterday))\b"
)
_MINE = re.compile(r"\b(?:i|im|ive|me|my|mine|myself)\b")
#: Between two pieces it begins a thought that an earlier "no" does not reach.
_NEW_SUBJECT = re.compile(
    r", ?(?:i|im|ive|it|its|my|we|they|he|she|there|and i)\b"
    r"(?! (?:just|only) (?:a bit |a little |very )*(?:sore|stiff|tight|achy|painful|uncomfortable|itchy|from|the)\b)"
)
_FIRST_PERSON = re.compile(r"\b(?:i|im|ive|me|my ?self|my (?:own )?life)\b")
#: Said without naming the pain, these belong to whatever was asked.
_OF_THE_PAIN = frozenset({"pain_trend", "pain_pattern", "pain_side", "onset"})
_ASKS_FOR_THE_PAIN = frozenset(
    {
        *_OF_THE_PAIN,
        *(
            "pain_avg",
            "pain_worst",
            "pain_site",
            "pain_character",
            "duration_weeks",
            "onset_cause",
            "aggravated_by",
        ),
        *("relieved_by", "sudden_severe_onset", "nprs_now", "gpe"),
    }
)
#: Facts that short words give away. In the answer to something else they count only beside a word that bears them out.
_BORNE_OUT = {
    **dict.fromkeys(
        (
            "pain_character",
            "pain_site",
            "aggravated_by",
            "relieved_by",
            "onset_cause",
            "improves_with_movement",
        ),
        re.compile(
            r"\b(?:backs?|spine|pains?|painful|hurt\w*|sore|lumbago|backache|since (?:i|lift\w*)|"
            r"what (?:did|caused|started) it|after (?:i|"
            r"lift\w*))\b"
        ),
    ),
    "previous_episode": re.compile(r"\b(?:backs?|spine|pains?|sciatica|episode|flare\w*)\b"),
    "work_type": re.compile(
        r"\b(?:work\w*|jobs?|retired|unemployed|im an?|i am an?|as an?|for a living|shifts?|employ\w*)\b"
    ),
    "sex_at_birth": re.compile(r"\b(?:born|sex|gender)\b"),
    **dict.fromkeys(
        (
            "pref_no_needles",
            "pref_no_medication",
            "pref_group",
            "pref_budget",
            "pref_no_manual",
            "pref_mind_body",
        ),
        re.compile(
            r"\b(?:want|wanna|prefer\w*|rather|hate|wont|like|love|keen|scared|terrified|avoid|please|afford|"
            r"money|skint|cheap\w*|budget|paying|pay|cost\w*|happy|phob\w+)\b"
        ),
    ),
}
#: Asked what makes it worse or better, "picking up my toddler" is that, and not how it began.
_ASKS_FOR_WHAT_CHANGES_IT = frozenset({"aggravated_by", "relieved_by"})
#: "Nine, that's bending down to the oven" tells when it is worst.
_ASKS_FOR_A_SCORE = frozenset({"pain_avg", "pain_worst", "pain_now", "nprs_now"})
_HOW_IT_BEGAN = re.compile(
    r"\b(?:since|after|start\w*|began|begun|came on|did (?:it|this|my back)|happened|went|cause\w*|fell|crash\w*)\b"
)
_SAME_SUBJECT = {
    **dict.fromkeys(("sex_at_birth",), frozenset({"pregnant", "age", "gestation_weeks", "breastfeeding"})),
    "improves_with_movement": frozenset({"morning_stiffness_min", "wakes_second_half_night", "relieved_by"}),
    "previous_episode": frozenset({"age_at_first_onset", "past_treatments", "recovery_expectation"}),
    "work_type": frozenset({"off_work_days", "stress"}),
}
_PAIN = re.compile(r"\b(?:backs?|spine|pain\w*|hurt\w*|ach(?:e|es|ing|y)|agony|sore\w*|lumbago|backache)\b")
#: Asked about a danger sign, "no change since the back" is told of that sign.
_SAYS_THE_PAIN = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach(?:e|es|ing|y)|agony|sore\w*|lumbago|backache|backs? (?:is|was|has|hasnt|isnt|stays|"
    r"feels|keeps|gets|getting|got worse))\b"
)
_SPINE = re.compile(r"\b(?:backs?(?! of (?:the|my|me|his|her)\b)|spine|backache|lumbar)\b")
_LEGS = re.compile(r"\b(?:legs?|thighs?|calf|calves|foot|feet|shins?|sciatica)\b")
_SIDE_OF_THE_BACK = re.compile(
    r"\bsides? of (?:my |the |me )?(?:lower |low )?back\b|\bback on (?:the|my) (?:left|right)\b|"
    r"\blow(?:er)? down both sides\b"
)
_IMPROVEMENT = re.compile(
    r"\bfeel(?:ing)? (?:any|much|no|a|an|the)? ?(?:\w+ )?(?:improvement|difference|benefit|better|change)\b"
)
_LEG_FAILS = re.compile(
    r"\b(?:weak\w*|flop\w*|drop\w*|drag\w*|slap\w*|giv\w* way|no (?:strength|power)|cant lift)\b"
)
#: A fall is told as one, from whatever height.
_FELL = re.compile(r"\b(?:fell|fall|fallen|falling|slipped|tumbled|toppled|plunged|gir\w*)\b")
_ANOTHER_SIGN = re.compile(
    rf"\b(?:numb\w*|weak\w*|tingl\w*|pins and needles|{PEE}|bladder|bowels?|fever\w*|tablets?|medication|"
    r"lithium|warfarin|diabet\w*|asthma|epilep\w*|blood pressure|weight|thyroid|mood|swell\w*|cough\w*)\b"
)

#: A time so near that an injury is the present one.
_OF_TODAY = re.compile(
    r"\b(?:today|yesterday|tonight|now|just|this (?:morning|week|month)|last (?:night|week|weekend|month)|"
    r"(?:\d+|a|few|couple of) (?:hours?|days?|weeks?|months?) ago|(?:on |last )?(?:mon|tues|"
    r"wednes|thurs|fri|satur|sun)day)\b"
)
_ONLY_LEAKS = re.compile(r"(?:is |are |keeps? |been |a |the )*(?:leak\w*|dribbl\w*|drip\w*)(?: it)?")
_PLUMBING = re.compile(
    r"\b(?:cistern|taps?|pipes?|boiler|roof|washing machine|dishwasher|radiator|sink|fridge|hose)\b"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?: ?degrees?| ?c)?")
_WEATHER = re.compile(r"\b(?:weather|forecast|heat ?wave|temperature outside|degrees outside|sunny|rain)\b")
_ONLY_TEMPERATURE = re.compile(r"(?:my |me |the |a |took |checked )*temperatures?")
_NORMAL_TEMPERATURE = re.compile(r"\b(?:3[56](?:\.\d)?|37(?:\.[0-4])?|9[78](?:\.\d)?)\b")
_FEVERISH = re.compile(r"\b(?:3[89]|4[0-2]|10[0-5]|fever\w*|shiver\w*|burning|high|up|sweat\w*)\b")
_LEAKS = re.compile(r"\b(?:leak\w*|dribbl\w*|accidents?)\b")
_WATER = re.compile(rf"\b(?:{PEE}|urin\w*|bladder|water ?works|piss\w*|peshab|wet\w*)\b")


def concepts(utterance: Utterance, lexicon: Lexicon) -> Iterator[Mention]:
    """Every lexicon phrase that says something about the patient."""
    for phrase in lexicon.candidates(utterance.words):
        if phrase.asked and utterance.asks not in phrase.asked:
            continue
        times: dict[FactValue, int] = {}
        for found in islice(phrase.find(utterance.words), _FAR_ENOUGH):
            if _is_of_something_else(phrase, found, utterance):
                continue
            value = _value(phrase, found, utterance.scopes)
            if value is None or not _is_about_it(phrase, found, utterance):
                continue
            if value == ("accident",) and _FELL.search(utterance.text, found.start, found.end):
                value = ("fall",)
            yield Mention(phrase.field, value, found.start, found.end, hinted=bool(phrase.asked))
            if phrase.field == "pain_trend" and (leg := _trend_of_a_leg(found, utterance)) is not None:
                yield Mention(leg, value, found.start, found.end)
            times[value] = times.get(value, 0) + 1
            if times[value] >= _OFTEN_ENOUGH:
                break


def _is_of_something_else(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Whether the question that was asked gives the words another sense."""
    return (
        _is_of_the_bowels(phrase, found, utterance)
        or _is_a_wet_accident(phrase, found, utterance)
        or _is_sweat(phrase, found, utterance)
        or _is_of_the_first_time(phrase, found, utterance)
    )


def _is_sweat(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Asked about night sweats, "woke up soaked" is no bladder's."""
    if utterance.asks not in ("rigors_or_night_sweats", "fever") or phrase.field != "bladder_change":
        return False
    return _WATER.search(utterance.text, found.start, found.end) is None


def _is_of_the_first_time(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Asked how old one was the first time, or for broken bones, "19 when a horse threw me" is no injury of today."""
    return (
        utterance.asks in ("age_at_first_onset", "prior_fragility_fracture")
        and phrase.field in ("major_trauma_recent", "minor_trauma_recent")
        and not _OF_TODAY.search(utterance.text)
    )


def _is_of_the_bowels(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Asked about the bowels, "leaking" without a word for water is no bladder's."""
    if utterance.asks != "bowel_change" or phrase.field != "bladder_change":
        return False
    said = utterance.text[found.start : found.end]
    return _LEAKS.search(said) is not None and _WATER.search(utterance.text) is None


def _is_a_wet_accident(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Asked about the bladder, "no accidents" says nothing about injuries."""
    return (
        utterance.asks in ("bladder_change", "bowel_change")
        and phrase.field in ("major_trauma_recent", "minor_trauma_recent")
        and _LEAKS.search(utterance.text, found.start, found.end) is not None
    )


def _trend_of_a_leg(found: Found, utterance: Utterance) -> str | None:
    """Which trend "no change" tells beside a leg: of its weakness, or of its pain."""
    sentence = utterance.scopes.sentence(found.start, found.end)
    if utterance.asks not in (None, "leg_pain", "leg_weakness", "foot_drop") or _SPINE.search(sentence):
        return None
    if not _LEGS.search(sentence):
        return None
    if _LEG_FAILS.search(sentence):
        return "leg_weakness_trend"
    return "leg_pain_trend" if _PAIN.search(sentence) else None


def _is_about_it(phrase: Phrase, found: Found, utterance: Utterance) -> bool:
    """Whether "worse", "sometimes" or "on the left" is said of the pain and not of the sign that was asked."""
    if not FIELDS[phrase.field].red_flag and utterance.scopes.asked_of_you(found.start, found.end):
        return False
    if phrase.asked:
        return True
    if phrase.field in _BORNE_OUT:
        return _is_borne_out(phrase.field, found, utterance)
    if phrase.field not in _OF_THE_PAIN:
        return True
    if utterance.asks == "gpe":
        return False
    sentence = utterance.scopes.sentence(found.start, found.end)
    if utterance.asks in _ASKS_FOR_THE_PAIN:
        return True
    of_a_sign = phrase.field == "pain_trend" and is_red_flag(utterance.asks)
    if (_SAYS_THE_PAIN if of_a_sign else _PAIN).search(sentence):
        return True
    return utterance.asks is None and _ANOTHER_SIGN.search(sentence) is None


def _is_borne_out(field: str, found: Found, utterance: Utterance) -> bool:
    asks = utterance.asks
    if field == "onset_cause" and asks in _ASKS_FOR_WHAT_CHANGES_IT | _ASKS_FOR_A_SCORE:
        return _HOW_IT_BEGAN.search(utterance.scopes.sentence(found.start, found.end)) is not None
    if field == "previous_episode" and asks == "age_at_first_onset":
        return False  # "the first time" is what was asked for
    if asks is None or asks == field or asks in _SAME_SUBJECT.get(field, ()) or asks == "read_back":
        return True
    if field.startswith("pref_") and asks.startswith("pref_"):
        return True
    if not field.startswith(("pref_", "work", "sex")) and asks in _ASKS_FOR_THE_PAIN:
        return True
    return _BORNE_OUT[field].search(utterance.scopes.sentence(found.start, found.end)) is not None


def _value(phrase: Phrase, found: Found, scopes: Scopes) -> FactValue | None:
    start, end = found.start, found.end
    sentence = scopes.sentence(start, end)
    if not _allowed(phrase, sentence) or not _is_borne_out_anywhere(phrase, scopes.text):
        return None
    if _of_another(phrase, found, scopes):
        return None
    if scopes.asked_back(start) and not _MINE.search(scopes.text, start, end):
        return None
    if _is_harmless(phrase, sentence, scopes.text[start:end]):
        return None
    if phrase.field not in _EVEN_IF_IMAGINED and (scopes.joked(end) or scopes.only_asked(start, end)):
        return None
    if phrase.style is Style.AS_IS:
        wish = phrase.field.startswith("pref_")
        if FIELDS[phrase.field].red_flag and scopes.denied_back(end):
            return None
        return None if scopes.what_if(start, end) and not wish else phrase.value
    if scopes.negated(start, end) and not _NEW_SUBJECT.search(scopes.text, start, found.second):
        return phrase.negated
    if scopes.uncertain(start, end) and FIELDS[phrase.field].accepts_unsure:
        return UNSURE
    return _affirmed(phrase, scopes, start, end)


def _of_another(phrase: Phrase, found: Found, scopes: Scopes) -> bool:
    """Whether either piece of the phrase is told of somebody else."""
    if phrase.field in _OF_THE_FAMILY | _BESIDE_A_CHILD or (
        phrase.asked and phrase.field in _OF_WHAT_IS_DONE
    ):
        return False
    if phrase.field in _TOLD_FOR_ANOTHER and scopes.by_proxy:
        return False
    if phrase.field in _EVEN_IF_IMAGINED and _FIRST_PERSON.search(scopes.text, found.start, found.end):
        return False
    if phrase.style is not Style.HISTORY and _MINE.search(scopes.text, found.start, found.end):
        return False
    return any(scopes.of_another(at, found.end) for at in {found.start, found.second})


def _affirmed(phrase: Phrase, scopes: Scopes, start: int, end: int) -> FactValue | None:
    if phrase.style is Style.STATE:
        return phrase.value
    if scopes.what_if(start, end) and phrase.field not in _EVEN_IF_IMAGINED:
        return None
    if phrase.style is Style.HISTORY:
        return None if scopes.asked_as_illness(start, end) else phrase.value
    if phrase.style is Style.CES:
        return None if scopes.long_past(start, end) else when_it_began(scopes, start, end)
    return phrase.past if scopes.past(start, end) or scopes.long_over(start, end) else phrase.value


def _is_harmless(phrase: Phrase, sentence: str, said: str) -> bool:
    """Whether the sentence shows that what was `said` in it comes from something ordinary."""
    return (
        _from_holding_still(phrase, sentence)
        or _from_hard_work(phrase, sentence, said)
        or _from_shoes(phrase, sentence)
        or _not_from_the_back(phrase, sentence)
        or _of_the_two_sides(phrase, sentence)
        or _feels_no_better(phrase, said)
        or _is_a_thing(phrase, sentence, said)
        or _is_no_fever(phrase, sentence, said)
    )


def _from_holding_still(phrase: Phrase, sentence: str) -> bool:
    return (
        phrase.field in _NUMB_FIELDS
        and _WORE_OFF.search(sentence) is not None
        and _HELD_STILL.search(sentence) is not None
        and _NOT_OVER.search(sentence) is None
    )


def _from_hard_work(phrase: Phrase, sentence: str, said: str) -> bool:
    """ "My legs are dead", or sore, "after leg day" tells of the muscles; "numb" or "cannot move" does not."""
    figure = _OF_TIRED_LEGS.get(phrase.field)
    return (
        figure is not None
        and figure.search(said) is not None
        and (_WORKED_HARD.search(sentence) is not None or _only_tired(sentence))
    )


def _only_tired(sentence: str) -> bool:
    return _NERVES_OR_A_LONG_DAY.search(sentence) is not None and _FAILED.search(sentence) is None


def _not_from_the_back(phrase: Phrase, sentence: str) -> bool:
    """ "Both thighs are sore from leg day, not from the back"."""
    return phrase.field == "leg_pain" and _FROM_ELSEWHERE.search(sentence) is not None


def _of_the_two_sides(phrase: Phrase, sentence: str) -> bool:
    """ "First the left side of my back, now the right side also" tells of no leg."""
    of_both = phrase.field == "leg_pain" and phrase.value == "both_legs"
    return of_both and _SIDE_OF_THE_BACK.search(sentence) is not None and not _LEGS.search(sentence)


def _feels_no_better(phrase: Phrase, said: str) -> bool:
    """ "Can't feel any improvement in my legs"."""
    return phrase.field in _NUMB_FIELDS and _IMPROVEMENT.search(said) is not None


def _is_a_thing(phrase: Phrase, sentence: str, said: str) -> bool:
    """ "The cistern is leaking"."""
    return (
        phrase.field == "bladder_change"
        and _ONLY_LEAKS.fullmatch(said) is not None
        and _PLUMBING.search(sentence) is not None
    )


def _is_no_fever(phrase: Phrase, sentence: str, said: str) -> bool:
    """ "39 tomorrow" in a question about the weather, and "took my temperature, 36.8"."""
    if phrase.field != "fever":
        return False
    if _NUMBER.fullmatch(said):
        return _WEATHER.search(sentence) is not None
    return (
        _ONLY_TEMPERATURE.fullmatch(said) is not None
        and _NORMAL_TEMPERATURE.search(sentence) is not None
        and _FEVERISH.search(sentence) is None
    )


def _from_shoes(phrase: Phrase, sentence: str) -> bool:
    return phrase.field == "leg_pain" and _SHOES.search(sentence) is not None


def _is_borne_out_anywhere(phrase: Phrase, text: str) -> bool:
    """ "Six weeks pregnant. I'm spotting blood": the word that bears it out stands in another sentence."""
    return phrase.needs_anywhere is None or phrase.needs_anywhere.search(text) is not None


def _allowed(phrase: Phrase, sentence: str) -> bool:
    if phrase.unless is not None and phrase.unless.search(sentence):
        return False
    return phrase.needs is None or phrase.needs.search(sentence) is not None
