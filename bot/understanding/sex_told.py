"""The sex that an age, a title or a relative tells of the patient: "34 f", "Mr Doyle here", "writing for my mum"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.mentions import Mention
from bot.understanding.proxies import patient_written_for
from bot.understanding.utterance import Utterance
from bot.understanding.written_for import written_for_another

SEX = "sex_at_birth"
_FEMALE = (
    r"female|woman|lady|girl|lass(?:ie)?|gal|housewife|homemaker|widow|mum|mummy|mom|mommy|mam|mama|mammy|mother|"
    r"mother in law|amma|ammi|gran|granny|grandma|grandmother|nan|nanna|nanny|lola|gogo|abuela|abuelita|nani|dadi|"
    r"wife|missus|sister|sis|daughter|niece|aunt|auntie|aunty|girlfriend|gf|waitress"
)
_MALE = (
    r"male|man|bloke|guy|lad|boy|fella|fellow|gent|gentleman|chap|dude|geezer|widower|dad|daddy|da|papa|pappa|appa|"
    r"baba|abba|father|father in law|grandad|granddad|grandpa|grandfather|dada|lolo|abuelo|husband|hubby|brother|bro|"
    r"bhai|son|grandson|nephew|uncle|mzee|boyfriend|bf"
)
_WORD = rf"(?:(?P<female>{_FEMALE}|f)|(?P<male>{_MALE}|m))"
#: After an age a relative is another person: "77, wife used to rub it for me".
_SORT = (
    r"(?:(?P<female>f|female|woman|lady|girl|lass|gal|housewife|widow|mum of|mom of|mother of)|"
    r"(?P<male>m|male|man|bloke|guy|lad|boy|fella|gent|gentleman|chap|widower|dad of|father of))"
)
_IN_YEARS = r"(?: ?(?:years?|yrs?|y ?/? ?o|y))?(?: ?old| of age)?"
_AFTER_THE_AGE = re.compile(
    rf"\d\d{_IN_YEARS}(?: ?[,/-])?(?: here)? ?(?:and )?(?:an? )?{_SORT}(?=$|[ ,.;!?/)])"
    r"(?! (?:ago|away|high|off|run|walk|up|down|deep)\b)"
)
#: A stop between the two must be followed by one: "41. Male nurse told me".
_AFTER_A_STOP = re.compile(rf"\d\d{_IN_YEARS}\. ?{_SORT}(?= ?(?:$|[,.;]))")
_BEFORE_THE_AGE = re.compile(
    rf"\b{_WORD}s?(?:(?:,| here| aged?| of| is| who| whos| i| im| hes| shes| he| she| now| just| only| year| from \w+|"
    r" ?/| -){0,4}) ?\(?\d\d"
)
_NEAR = 32
#: In Britain a surgeon is a Mr: only who begins with the name, and is here or tells an age, is the patient.
_TITLE = re.compile(
    r"^(?: ?(?:hello|hi|hiya|good \w+|yes|its|it is|this is|my name is|name is|name|i am|im|doctor|doc|there)"
    r"[ ,.:]*){0,5}"
    r"(?:(?P<female>mrs|miss)|(?P<male>mr|mister))\.? (?!\w+ (?:says?|said|told|did|operated|wants))[a-z]{2,}"
    r"(?: [a-z]+)?(?:,| here| speaking|\.)? ?"
    r"(?=here\b|speaking|(?:aged? )?\d\d(?!\d)|$|[,.;] ?(?:\d\d(?!\d)|i\b|im\b|my\b))"
)
_BEREAVED = re.compile(
    r"(?:^|[,.;!?] ?|\b(?:im|i am|being|retired|as) (?:an? )?(?:\w+ )?)(?:(?P<male>widower)|(?P<female>widow))\b"
    r"(?! ?maker)"
)
_TRANS = re.compile(r"\b(?:trans\w*|non ?binary|intersex|assigned|transition\w*)\b")
#: Asked for one of these, "29, male" is told of the patient; elsewhere only a relative's word is read.
_TOLD_WITH = frozenset({None, "age", SEX, "pregnant", "gestation_weeks", "breastfeeding", "duration_weeks"})
#: "My husband's the one with the bad heart, I'm ok".
_WRITER_IS_WELL = re.compile(
    r"\b(?:i['\u2019]?m|i am|mine(?: is|s)?) (?:ok|okay|fine|well|good|grand|alright|all right|not)\b"
)
_MY_KIN = re.compile(
    rf"(?:\b(?:my|our) (?:\w+ )?|^ ?)(?P<kin>{_FEMALE}|{_MALE}|partner|friend|neighbou?r|child|kid|baby|boss)s?\b"
)
_WOMAN, _MAN = re.compile(_FEMALE), re.compile(_MALE)


def sex_told(utterance: Utterance, age: Mention | None) -> Iterator[Mention]:
    """At most one mention; `age` is the patient's age as it was read, whose neighbours tell the most."""
    text = utterance.text
    if _TRANS.search(text):
        return
    relative = patient_written_for(text)
    if _WRITER_IS_WELL.search(utterance.plain.original.lower()):
        return
    if relative is not None and (sex := _of_a_relative(relative)) is not None:
        at = max(0, text.find(relative))
        yield Mention(SEX, sex, at, at + len(relative))
        return
    kin = _theirs(utterance)
    if kin is not None:
        yield kin
        return
    if utterance.asks not in _TOLD_WITH:
        return
    for match in (_beside(text, age), _TITLE.match(text), _BEREAVED.search(text)):
        if match is not None and (
            match.re is _BEFORE_THE_AGE or not utterance.scopes.of_another(*match.span())
        ):
            yield Mention(SEX, "female" if match["female"] else "male", *match.span())
            return


def _theirs(utterance: Utterance) -> Mention | None:
    """ "My husband can't move since he lifted the fridge": the only ones named are of one sex."""
    if utterance.asks is not None or not (utterance.scopes.by_proxy or written_for_another(utterance.text)):
        return None
    named = list(_MY_KIN.finditer(utterance.text))
    sexes = {_of_a_relative(match["kin"]) for match in named}
    sex = sexes.pop() if len(sexes) == 1 else None
    return Mention(SEX, sex, *named[0].span("kin")) if sex is not None else None


def _of_a_relative(word: str) -> str | None:
    if _WOMAN.fullmatch(word):
        return "female"
    return "male" if _MAN.fullmatch(word) else None


def _beside(text: str, age: Mention | None) -> re.Match[str] | None:
    """The word for a man or a woman right beside the age."""
    if age is None or age.about:
        return None
    for pattern in (_AFTER_THE_AGE, _AFTER_A_STOP):
        after = pattern.search(text, age.start, min(len(text), age.end + _NEAR))
        if after is not None and after.start() < age.end:
            return after
    before = _BEFORE_THE_AGE.search(text, max(0, age.start - _NEAR), age.end)
    return before if before is not None and before.end() > age.start else None
