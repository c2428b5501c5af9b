"""Who is the patient when somebody else writes: "I'm asking for my mum"."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MOTHER = "mum|mom|mam|mummy|mommy|mother|mama|amma|mummyji|mother in law"
_FATHER = "dad|daddy|father|papa|appa|baba|father in law"
_FAMILIES = (
    _MOTHER,
    _FATHER,
    "nan|nanna|gran|granny|grandma|grandmother|nani|dadi",
    "grandad|granddad|grandpa|grandfather|nana|dada",
    "wife|missus|mrs",
    "husband|hubby",
    "sister|sis",
    "brother|bro|bhai",
    "son|boy|lad",
    "daughter|girl",
    "uncle",
    "aunt|auntie|aunty",
    "girlfriend|boyfriend|partner|fiance|fiancee|gf|bf",
    "friend|mate|flatmate|neighbour|neighbor|colleague|cousin|niece|nephew|client|resident|patient",
)
_WOMEN = (
    _FAMILIES[0],
    *_FAMILIES[2:3],
    "wife|missus|mrs",
    "sister|sis",
    "daughter|girl",
    "aunt|auntie|aunty|girlfriend|gf",
)
_MEN = (
    _FAMILIES[1],
    *_FAMILIES[3:4],
    "husband|hubby",
    "brother|bro|bhai",
    "son|boy|lad",
    "uncle|boyfriend|bf",
)
_WHO = rf"(?P<who>{'|'.join(f'(?:{one})' for one in _FAMILIES)})"
_DOING = (
    r"(?:ask|asking|write|writing|type|typing|enquiring|inquiring|answer|answering|chatting|texting|messaging|"
    r"posting|(?:fill|filling|filing) (?:this|it|that)(?: form)?(?: in| out| up)?|(?:doing|using|trying) "
    r"(?:this|it)(?! every| each| all)|here|need(?:ing)? (?:some )?(?:help|advice)|"
    r"want(?:ing)? (?:some )?(?:help|advice)|"
    r"get(?:ting)? (?:some )?(?:help|advice)|help|advice|question|query|"
    r"(?:its|it is|this is|thats) (?:actually |really )?(?:not (?:for )?me(?:,|,? (?:but|its|it is))? ?)?|"
    r"not (?:for )?me,? (?:but )?(?:its )?)"
)
#: A parent or grandparent needs no "my": "typing for daddy".
_FOR = (
    rf"(?: \w+){{0,2}}? ?(?:for|on behalf of|in place of|instead of) "
    rf"(?:(?:my|our|a|an|the)(?: \w+)? |(?=(?:{'|'.join(_FAMILIES[:3])})\b)){_WHO}\b"
)
#: Something is wanted or done for a relative who is not the patient here.
_NOT_A_PATIENT = (
    r"(?!s? (?:\d+(?:th|st|nd|rd)\b|birthday|wedding|funeral|sake|house|car|school|kids|dog|cat))"
)
_SAYS = re.compile(rf"\b{_DOING}{_FOR}{_NOT_A_PATIENT}")
_BEHALF = re.compile(
    rf"\b(?:on behalf of|(?:im|i am|this is) (?:a |the )?(?:carer|caregiver|nurse|interpreter) (?:for|of)) "
    rf"(?:(?:my|our|a|an|the)(?: \w+)? )?{_WHO}\b"
)
_IS_THE_PATIENT = re.compile(
    rf"\b(?:my|our) {_WHO}(?:s| is) (?:the (?:patient|one)|who has|who is in)\b"
    rf"|\b(?:its|it is) (?:my|our) (?P<who_else>{'|'.join(_FAMILIES)}) (?:who|thats|that is|with|whos)\b"
    rf"|\b(?:its|it is|this is|about|regarding) (?:my|our) (?P<whose>{'|'.join(_FAMILIES)})s? "
    r"(?:(?:lower|low|bad|poor|sore) )*(?:back|spine|sciatica|back pain|chat)\b"
    rf"|\b(?:my|our) (?P<dictates>{'|'.join(_FAMILIES)})\b(?: \w+){{0,2}}? ?"
    r"(?:(?:doesnt|does not|dont|cant|cannot|can not|isnt|is not|has no|hasnt|only|wont|struggles)\b|"
    r"(?=(?:has )?asked me))[^?!]{0,80}?\b(?:so (?:im|i am|i) (?:will |must |have to )?"
    r"(?:doing the )?(?:writ(?:e|ing)|typ(?:e|ing)|text(?:ing)?|fill(?:ing)?|messag(?:e|ing))|"
    r"asked me to (?:type|write|fill|text|message|ask|do this|answer))\b"
)
#: "My husband is the one with the numb legs, I'm asking about my own back".
_ABOUT_MYSELF = re.compile(
    r"\b(?:ask\w*|writ\w*|talk\w*|here|this is|its) (?:about|for|because of) (?:me\b|myself|mine|my own|"
    r"my (?:lower |own )?(?:back|pain))"
)
_KIN_OF = re.compile(
    r"\b(?:im|i am|this is) (?:(?:his|her|their|the patients) (?:son|daughter|wife|husband|partner|carer|mum|mother|"
    r"dad|father|sister|brother|friend|neighbou?r)|(?:a |the )carer)\b"
)
_SHE = {"she": "i", "her": "my", "shes": "im", "hers": "mine", "herself": "myself"}
_HE = {"he": "i", "his": "my", "hes": "im", "himself": "myself"}
THEY = "they"  #: the patient is not named otherwise


_NAMED_AS = ("who", "who_else", "whose", "dictates")
_FOR_THEM = re.compile(rf"\b{_DOING}(?: \w+){{0,2}}? ?(?:for|on behalf of|instead of) (?:him|her|them)\b")


def patient_written_for(text: str) -> str | None:
    """The relative for whom the plain text is written, in one word of theirs; None when nobody is named."""
    if _ABOUT_MYSELF.search(text):
        return None
    for pattern in (_SAYS, _BEHALF, _IS_THE_PATIENT):
        match = pattern.search(text)
        if match is not None:
            return next(word for word in map(match.groupdict().get, _NAMED_AS) if word)
    return THEY if _KIN_OF.search(text) or _FOR_THEM.search(text) else None


def names_of(patient: str) -> re.Pattern[str]:
    """Matches the words for this patient: "he" and "she", and every name of the same relative.

    Of a patient who was not named, anybody may be the one.
    """
    if patient == THEY:
        return re.compile("")
    own = next((family for family in _FAMILIES if re.fullmatch(family, patient)), None)
    return re.compile(rf"\b(?:he|she|they|him|her|his|their|them{'|' + own if own else ''})\b")


def read_as_own(patient: str) -> Mapping[str, str]:
    """The words that stand for "I" and "my" when somebody writes for this patient.

    "Her" is nobody's but hers where a mother is the patient; where that is open, both he and she are.
    """
    if any(re.fullmatch(family, patient) for family in _WOMEN):
        return _SHE
    if any(re.fullmatch(family, patient) for family in _MEN):
        return _HE
    return {**_HE, **_SHE, "they": "i", "their": "my", "theyre": "im", "theyve": "ive"}
