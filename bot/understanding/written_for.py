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
    r"in (?:\w+ )?(?:pain|agony))\b"
)
_NOT_NOW = re.compile(
    r"\b(?:died|dead|passed (?:away|on)|late|years? (?:ago|back)|last year|in (?:19|20)\d\d|had (?:a )?(?:bad )?back|"
    r"used to|always|dog|cat|horse|neighbou?rs?|friends?|mates?|colleagues?|boss)\b"
)


def written_for_another(text: str) -> bool:
    """Whether the plain text tells of a relative's back pain now and of nobody else's."""
    return (
        _THEIR_PAIN.search(text) is not None
        and _WRITER.search(text) is None
        and _NOT_NOW.search(text) is None
    )
