"""Tells a message that somebody writes for a relative: then the relative is the patient."""

from __future__ import annotations

import re

#: The writer's own body or doings: then the relative is only mentioned.
_WRITER = re.compile(
    r"\b(?:i|im|ive|id|ill|myself|mine|me too|not me|we|weve|(?:my|me) (?:own |lower |upper |bad |poor )?"
    r"(?:back|spine|pain|legs?|hips?|sciatica|bladder|bum|chest|job|work))\b"
)
_THEIR_PAIN = re.compile(
    r"\b(?:(?:his|her|their|the) (?:\w+ )?(?:back|flank|loin|side)|back (?:pain|ache|hurts?|is|has|pains)|backache|"
    r"in (?:\w+ )?(?:pain|agony)|"
    r"pain (?:in|at) (?:the )?(?:\w+ ){0,2}?(?:of )?(?:the |his |her )?(?:lower |upper )?back)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:died|dead|passed (?:away|on)|late|years? (?:ago|back)|last year|in (?:19|20)\d\d|had (?:a )?(?:bad )?back|"
    r"used to|always|dog|cat|horse|neighbou?rs?|friends?|mates?|colleagues?|boss)\b"
)
#: "My husband, 47, slipped on wet tiles, lower back sore": whose age is told first is the patient.
_AGED_KIN = re.compile(
    r"^ ?(?:(?:so|hi|hiya|hello|hey|please)[, ]+){0,2}(?:my |our )?(?:mum|mom|mam|mother|ma|dad|daddy|da|father|papa|"
    r"husband|hubby|wife|gran|granny|nan|nana|grandma|grandmother|grandad|grandpa|grandfather|sister|brother|son|"
    r"daughter|uncle|aunt|auntie|aunty|lola|lolo|gogo|mzee|abuela|abuelita|partner)s?"
    r",? ?(?:\(|who is |whos |is |hes |shes |he is |she is |aged |now |just |only )*[1-9]\d\b"
    r"(?! (?:years ago|weeks|days))"
    r"[^?]*\b(?:back|spine|hip|leg|waist)s?\b"
)


def written_for_another(text: str) -> bool:
    """Whether the plain text tells of a relative's back pain now and of nobody else's."""
    return (
        (_THEIR_PAIN.search(text) is not None or _AGED_KIN.match(text) is not None)
        and _WRITER.search(text) is None
        and _NOT_NOW.search(text) is None
    )
