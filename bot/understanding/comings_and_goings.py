"""A message that only says goodbye for now, or hello again: never an activity, a goal or the name of a medicine."""

from __future__ import annotations

import re

_LEAD = (
    r"(?:(?:sorry|ok(?:ay)?|right|anyway|look|hey|well|no|oh|actually|please|thanks?|listen|so|but)[ ,.!-]+)*"
)
_WHEN = (
    r"(?:[ ,]+(?:now|here|today|there|then|soon|later|for (?:now|today|(?:a|the) (?:bit|while|minute|moment|day))|"
    r"a (?:bit|while|minute|sec|moment)|please|thanks?|sorry|ok|mate|love|brb|bye|"
    r"and (?:come|be) back(?: later)?|(?:ill|i will|i can|be) (?:come |be )?back(?: later| soon| tomorrow)?))*"
)
_LEAVES = re.compile(
    _LEAD
    + r"(?:(?:i |ive |im )?(?:really )?(?:need|have|got|gotta|must|going|gonna|wanna|want|would like|id like)"
    r"(?: got)?(?: to)? (?:go|leave|pause|stop|(?:take|have) a break|(?:log|sign|be) off)"
    r"|(?:lets|(?:can|could|shall|may) we|please|we (?:can|could))? ?"
    r"(?:pause|stop|(?:take|have) a break|leave it|call it a day|(?:continue|finish|do this) later)"
    r"|gtg|g2g|brb|bye)" + _WHEN + r"[ .!?]*",
)
_HELLO_AGAIN = re.compile(
    r"(?:(?:ok(?:ay)?|right|sorry|so|oh)[ ,.!-]+)*(?:hi|hiya|hello|hey|good (?:morning|evening|afternoon))"
    r"(?: (?:there|all|everyone))?(?:[ ,.!-]+(?:(?:im|i am) (?:back|here)|(?:its )?me|back))?(?: (?:again|now))*[ .!?]*"
)
_LONGEST_HELLO = 60
_NO_APOSTROPHES = str.maketrans("", "", "'\u2019")
_COMES = re.compile(
    r"(?:(?:hi|hiya|hello|hey|ok(?:ay)?|right|morning|evening|good (?:morning|evening|afternoon)|sorry|so)"
    r"(?: (?:there|again|all|everyone))?[ ,.!-]+)*"
    r"(?:(?:(?:im|i am|ive) )?(?:back|here)(?: (?:again|now))*|(?:its )?me again|"
    r"(?:hi|hiya|hello|hey) again|again|where were we|was away)[ .!?]*",
)


def only_comes_or_goes(text: str) -> bool:
    """Whether `text`, in lower case without apostrophes, is nothing but "I need to go now" or "hi, I am back"."""
    said = text.strip()
    return any(pattern.fullmatch(said) is not None for pattern in (_LEAVES, _COMES))


def only_says_hello_again(text: str) -> bool:
    """Whether a message is nothing but a greeting such as "hi again", "hello, it's me again" or "hey, I am back"."""
    if len(text) > _LONGEST_HELLO:
        return False
    return _HELLO_AGAIN.fullmatch(text.strip().lower().translate(_NO_APOSTROPHES)) is not None
