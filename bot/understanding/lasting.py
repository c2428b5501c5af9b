"""Whether a cauda equina sign is new, getting worse, or has been the same for months (clinical.md §1.2 A)."""

from __future__ import annotations

import re

from bot.understanding.scopes import Scopes

NEW, WORSENING, LONGSTANDING = "new", "worsening", "longstanding_stable"

_WORSE = re.compile(
    r"\b(?:worse\b(?! when i (?:laugh|sneeze|cough))|worsen\w*|deteriorat\w*|increas\w*|spread(?:ing|s)?\b|"
    r"more and more|more often)"
)
_NOT_WORSE = re.compile(
    r"\b(?:no|not|isnt|never|hasnt|neither|doesnt)(?: \w+){0,3}? (?:worse|worsen\w*|deteriorat\w*)"
)
_LONG = re.compile(
    r"\b(?:always|all my life|life ?long|long ?standing|long term|for (?:many |several |some |about |over |"
    r"around |"
    r"the (?:last|past) |at least |nearly |more than |a few |a couple of |\d+ |\d+ or |a good )*(?:years?|"
    r"decades?)|"
    r"(?:many |several |\d+ )years? (?:now|ago)|years now|\d+ years (?:like (?:that|this)|same|the same)|"
    r"since (?:my |the )?(?:\w+ ){1,3}(?:back )?in (?:19\d\d|20[01]\d|202[0-4])|"
    r"(?<!sit )(?<!sat )(?<!sitting )(?<!stand )(?<!stood )(?<!standing )(?<!wait )(?<!waiting )(?<!there )"
    r"(?<!loo )(?<!toilet )(?<!lavatory )(?<!bathroom )(?<!bog )(?<!pan )(?<!commode )for ages|"
    r"(?:ever )?since (?:i had |having |i gave birth|the birth|giving birth|giving birth to |the |my |"
    r"(?:first|second|third|1st|2nd|3rd|last|eldest|youngest|oldest) |having the |last )*"
    r"(?:kids?|child\w*|bab(?:y|ies)|birth\w*|sons?|daughters?|twins|pregnanc\w+|prostate\w*|hysterectomy|"
    r"menopause)|"
    r"since i was (?:a |an |little|small|young|born|\d)|since (?:19\d\d|20[01]\d|202[0-4])|"
    r"as long as i can remember)"
)
_MONTHS = re.compile(
    r"\b(?:for|since)(?: (?:about|over|around|the|last|past|at least|nearly|more than))* "
    r"(?:[3-9]|1\d|\d\d|several|many|a few) months"
)
_UNCHANGED = re.compile(
    r"\b(?:no change|unchanged|the same|same|stable|not changed|never changed|no different)\b"
)
_RECENT = re.compile(
    r"\b(?:since (?:yesterday|today|this|last (?:night|week)|on |mon|tue|wed|thu|fri|sat|sun|i (?:fell|"
    r"lifted|hurt)|"
    r"the (?:accident|fall|injection|weekend))|sudden\w*|recent\w*|lately|yesterday|today|this (?:morning|"
    r"week|"
    r"evening|afternoon)|last (?:night|few|couple|week|\d)|past (?:few|couple|week|\d)|"
    r"\d+ (?:hours?|days?|weeks?)(?! (?:a|per) )|(?<!years )(?<!ages )now\b|new\b|first time|a (?:day|week|"
    r"few days|couple of days) ago)"
)
#: The long time was told of the back itself, not of the sign.
_OF_THE_BACK = re.compile(
    r"\b(?:back|pain\w*|hurt\w*|ache\w*|aching|sciatica|spine|legs?|discs?|smok\w*|married|work\w*)\b"
)
_GOES_ON = re.compile(
    r"^[ .;,!]*(?:(?:but |and )?(?:this|in the|over the|the) (?:past|last) (?:few |couple of )?(?:days?|weeks?|"
    r"night)\b|"
    r"(?:(?:but |and |though )(?=(?:thats|that is|that has|its|it has|ive had (?:it|that))(?: been)? "
    r"(?:since|for|from|because|like (?:that|this))))?"
    r"(?:and |but )?now (?:also|under\w*|too|i|it|the|my|down|more|both|spread\w*|all)\b|"
    r"(?:but |and |though |only )?(?:its |it has |it is |been |got |getting |gone )*"
    r"(?:much |a lot |a bit |loads |lots |way |far |even )?worse\b|"
    r"(?:i |its |it has |it is |thats |that is |that has |have )*(?:always|have done|done|had (?:it|that|"
    r"this)|been "
    r"(?:like|this|that|there|for)|(?:and |but |now )*(?:it |its |it is |has |is |has been |been |now )*(?:getting|"
    r"becoming|gone|going|got)? ?"
    r"(?:much |a lot |a bit |loads |lots |way |far |even |so |a hell of a lot )*wors\w+|"
    r"since|for|same|not (?:new|changed)|no change|nothing new|because of)\b)"
)


def when_it_began(scopes: Scopes, start: int, end: int) -> str:
    """The cauda equina value for a sign told at `text[start:end]`; in doubt it is new."""
    begin, stop = scopes.clause(start, end)
    after = scopes.text[end : _end_of_thought(scopes, stop)]
    return _value(scopes.text[begin:start], scopes.text[start:end], after)


def when_a_yes_began(text: str, end: int) -> str:
    """The same for a "yes" that ends at `end`: all that follows belongs to it."""
    return _value("", "", text[end:])


def _value(before: str, itself: str, after: str) -> str:
    near = f"{before}{itself}{after}"
    worse = _WORSE.search(near) is not None and not _NOT_WORSE.search(near)
    if _is_long(before, itself, after, near):
        return WORSENING if worse else NEW if _RECENT.search(_without_long(near)) else LONGSTANDING
    return WORSENING if worse else NEW


def _end_of_thought(scopes: Scopes, stop: int) -> int:
    """A next short sentence may say how long: "I leak a bit. Always have." """
    following = scopes.text[stop : stop + 120]
    if scopes.text[:stop].endswith("years ") and following.startswith("now"):
        # "I leak when I laugh, years now": the "now" would end the thought.
        return stop + len("now")
    if not _GOES_ON.match(following):
        return stop
    inner = scopes.clause(min(stop + 2, len(scopes.text)), min(stop + 3, len(scopes.text)))
    return max(stop, min(inner[1], stop + 120))


#: "Wet the bed, never done that since I was a bairn" is new.
_NEVER_SINCE = re.compile(
    r"\b(?:never|not|nt|hasnt|havent|didnt|first time|first)(?: \w+){0,6}? since (?:i was (?:a |an |about |at |"
    r"in )?[\w]+|"
    r"childhood|school|nursery|primary|birth|(?:my |the )?(?:kids?|twins|baby|son|daughter)\b)"
)


def _is_long(before: str, itself: str, after: str, near: str) -> bool:
    before, itself, after = (_NEVER_SINCE.sub(" ", part) for part in (before, itself, after))
    pattern = _MONTHS if _UNCHANGED.search(near) or _NOT_WORSE.search(near) else None
    for kind in (_LONG, pattern):
        if kind is None:
            continue
        if kind.search(itself):
            return True
        if kind.search(before) and not _OF_THE_BACK.search(before):
            return True
        after_match = kind.search(after)
        if after_match is not None and not _OF_THE_BACK.search(after[: after_match.start()]):
            return True
    return False


def _without_long(near: str) -> str:
    return _MONTHS.sub(" ", _LONG.sub(" ", near))
