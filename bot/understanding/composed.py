"""A "no" put together from plain words, when no known wording of it is found: "not been anywhere like that"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.understanding.lexicon import load_lexicon

#: Longer messages tell a story; their words may belong to anything.
_MOST_WORDS = 14
_WORD = re.compile(r"[a-z0-9]+")
_PIECES = re.compile(r"[,.;:!-]+| and | or |(?<=[a-z]) (?=(?:no|nothing|none|never|nor|neither)\b)")
#: What follows may take back what was said before, and a question answers nothing.
_TURNS = re.compile(
    r"\?|\bnot (?:like|as|how|what|the way)\b|\b(?:but|except|apart|until|unless|though|although|however|"
    r"only|just|if|when|while|before|after|used|since|"
    r"maybe|perhaps|might|sometimes|bit|little|slightly|less|more|too|enough|sure|certain|know|think|guess|cant|"
    r"couldnt|cannot|unable)\b"
)
#: "No chest is clear" is "no, my chest is clear".
_LEADING_NO = re.compile(r"^(?:no|nope|nah|na|no no)\b[ ,.]*(?!\w+ (?:$|[,.;]))")
#: "Only since the menopause" turns nothing that these say.
_KEEPS = re.compile(
    r"\b(?:as far as i (?:know|can tell)|i (?:dont )?think|if anything|since (?:then|birth)|"
    r"just (?:fine|normal|the (?:same|back)))\b"
)


def says_no(text: str) -> bool:
    """Whether `text` plainly denies trouble, in words of which none says anything else.

    Every word must be a denial, a word for "all is well", the name of a trouble beside a denial, or filler.
    "No feeling", "not right" and "have not peed" are no denials: they name a loss (clinical.md §1.2 A, B), so
    a denial beside a part of the body or a sense counts only where it denies a trouble.
    """
    words = load_lexicon().composed
    plain = _KEEPS.sub(" ", text)
    if len(_WORD.findall(plain)) > _MOST_WORDS or _TURNS.search(plain):
        return False
    plain = _LEADING_NO.sub("", plain.lstrip(), count=1) or "no"
    verdicts = [_piece(_WORD.findall(piece), words) for piece in _PIECES.split(plain)]
    return True in verdicts and False not in verdicts


def _piece(words: list[str], of: Mapping[str, frozenset[str]]) -> bool | None:
    """True for a denial or "all is well", False for anything else, None for filler alone."""

    def count(*kinds: str) -> int:
        return sum(
            any(word in of[kind] or word.removesuffix("s") in of[kind] for kind in kinds) for word in words
        )

    denied, well, trouble = count("deny"), count("well"), count("trouble")
    filler, body = count("filler"), count("body", "sense")
    if denied + well + trouble + filler + body < len(words) or denied > 1 or (denied and well):
        return False
    if denied:
        return bool(trouble) or not body
    if trouble:
        return False
    return True if well else None
