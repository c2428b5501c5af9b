"""A greeting or a hedge before the message itself: "hi there, hope you are well", "not sure if this matters but"."""

from __future__ import annotations

import re

_GREETINGS = (
    r"(?:hi+|hiya|hello+|hey+|heya|howdy|greetings|namaste|salaam|good (?:morning|afternoon|evening|day)|"
    r"morning|afternoon|evening|dear|dzie[n\u0144] dobry|hola|buen[oa]s (?:d[ií]as|tardes|noches)|bom dia|"
    r"guten (?:tag|morgen|abend)|bonjour|kumusta|sannu|jambo|habari)"
    r"(?: (?:there|again|all|everyone|team|doctor|doc|dr|nurse|sir|madam|sir or madam|ji|mate|bot|to you|love))*"
)
_HEDGES = (
    r"(?:sorry|apologies|apologise) (?:to (?:bother|trouble|ask|disturb|be a (?:pain|nuisance))|"
    r"for (?:bothering|troubling|asking|the bother|the trouble))(?: you| this| again)*",
    r"(?:i )?hope (?:you are|you're|youre|ur|u r|all is|this finds you|your day is going)(?: doing| keeping)?"
    r" ?(?:well|ok|okay|good|fine|great)?(?: today)?",
    r"(?:i'?m |im |i am )?not (?:really )?sure if (?:this|it|that)(?:'?s| is)? ?"
    r"(?:matters|relevant|important|counts|helps|related|anything|worth mentioning|the right place)",
    r"(?:i )?(?:don'?t|do not|didn'?t|hate to|wouldn'?t) ?(?:want|like|mean|wish)? ?(?:to )?"
    r"(?:waste (?:your|anyone'?s|any) time|bother (?:you|anyone|anybody)|make a fuss|"
    r"be a (?:nuisance|bother|pain)|sound dramatic|be dramatic|moan)",
    r"(?:this |it )?(?:might|may|could|is probably|probably|prob)(?: be| is)? "
    r"(?:nothing|silly|a silly question|irrelevant)",
    r"(?:silly|stupid|daft|quick|strange|odd) (?:question|one)",
    r"(?:excuse|pardon|forgive) me(?: for asking| for bothering you)?",
    r"thank(?:s| you)(?: very much)? (?:for (?:this|your (?:time|help)|reading this|having me))",
    r"(?:hope|trust) (?:that )?(?:this is|it'?s|its) (?:ok|okay|alright|all right)(?: to ask| to mention)?",
)
_BEGINNING = re.compile(
    rf"\s*(?:(?:{_GREETINGS}|{'|'.join(_HEDGES)})(?=[\s,.;:!-])(?:\s*[,.;:!-]+\s*|\s+)"
    r"(?:(?:but|so|and|though|anyway)\b[\s,]*)?)+",
    re.IGNORECASE,
)
#: No beginning is longer, in characters.
_LONGEST = 400


def polite_beginning(text: str) -> int:
    """How many characters of `text` only greet or hedge; 0 when nothing would be left but the "ji" of a greeting."""
    match = _BEGINNING.match(text[:_LONGEST].replace("\u2019", "'"))
    if match is None or text[match.end() :].strip(" .,!?;:-").lower() in ("", "ji"):
        return 0
    return match.end()
