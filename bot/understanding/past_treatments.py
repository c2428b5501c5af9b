"""Treatments that a patient has had: named when asked for, or told of as had, in progress or judged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.lexicon.openings import WholeWords
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

PAST_TREATMENTS = "past_treatments"
_BACK = r"(?:my |the |me |her |his )?(?:lower |low )?(?:back|spine|discs?|vertebra\w*|lumbar|facets?|l ?\d|s ?1)\b"
_NAMES = (
    (
        "physiotherapy",
        r"physio(?!log)\w*|physical therap\w*|pt(?= (?:twice|for|after|last|sessions?|and|helped|in|then|at|with|did|"
        r"was|made|3|\d)| ?(?:$|[,.;]))",
    ),
    ("chiropractor", r"chiro(?!pod)\w*"),
    (
        "osteopath",
        r"osteopath\w*|osteos?(?= (?:and|twice|helped|for|did|was|last|clicked|cracked)| ?(?:$|[,.;]))",
    ),
    ("acupuncture", r"acc?upunct\w*|dry needl\w*|needling"),
    ("massage", r"massag\w*(?! (?:chair|gun))|massuse|masseu\w+"),
    (
        "injection",
        r"(?:steroid|cortisone|facet(?: joint)?|epidural|spinal|back|nerve(?: root)?|guided|trigger point|lumbar)"
        r"(?: steroid)? (?:injections?|shots?|jabs?|jags?|blocks?|needles?)|epidurals?(?= (?:in|last|for|twice|"
        r"helped|did|"
        r"steroid|at|so|now|and|which|wore|by)| ?(?:$|[,.;]))|esis?\b|(?:injections?|jabs?|jags?|shots?|needles?) "
        rf"(?:in|into|to|for|at|around|of steroid in) {_BACK}",
    ),
    (
        "surgery",
        r"(?:back|spinal|spine|discs?|lumbar|scoliosis|neuro) ?(?:surgery|surgeries|operations?|ops?)\b|"
        r"(?:micro ?)?discectomy|laminectomy|(?:spinal|lumbar) fusion|"
        rf"(?:op|ops|operations?|surgery|operated) (?:on|for|at) {_BACK}|"
        r"discs? (?:taken |took |cut |whipped )?(?:out|removed|shaved|trimmed|replaced)|"
        r"(?:fused|decompressed) (?:my|me|it|the|at|l ?\d)|(?:cage|rods?|screws?)(?: and (?:screws|rods|cage))?"
        r"(?: \w+){0,2}? (?:in|at|into|from|down) (?:my back|my spine|the spine|there|l ?\d|t ?\d|top to)",
    ),
)
#: In an answer to "what have you tried" these need no more than their name.
_ASKED_NAMES = (
    ("injection", r"jabs?|jags?|injections?|epidurals?|needles?(?: in \w+)?|nerve blocks?|cortisone|esi\b"),
    (
        "surgery",
        r"\bops?\b|operations?|surgery|operated|fusion|fused|discs? (?:\w+ )?out|under the knife|surgeon cut",
    ),
    ("osteopath", r"osteos?\b(?! ?arth)"),
    ("physiotherapy", r"\bpt\b"),
    ("cupping", r"cupping"),
    ("traction", r"traction|decompression table|inversion table"),
    ("bone setter", r"bone ?setter"),
    ("hydrotherapy", r"hydro ?therapy"),
    ("pilates", r"pilates"),
    ("yoga", r"yoga"),
    ("reiki", r"reiki"),
)
_TOLD = WholeWords.of("|".join(rf"(?P<o{n}>\b(?:{words}))" for n, (_, words) in enumerate(_NAMES)))
_ASKED = WholeWords.of(
    "|".join(rf"(?P<o{n}>\b(?:{words}))" for n, (_, words) in enumerate((*_NAMES, *_ASKED_NAMES)))
)
#: Said before it: it was had, or is going on.
_HAD = re.compile(
    r"\b(?:had|has had|tried|trying|did|done|doing|seen|saw|see|seeing|visited|been (?:to|for|having|seeing|under|"
    r"through|getting|with)|went (?:to|for|through|under)|go(?:es)? to|going to(?! (?:try|have|get|see|ask|book|"
    r"start))|"
    r"attend\w*|having|getting|got|get|given|gave me|gives me|after|since|paid for|finished|started|completed|course|"
    r"sessions?|rounds?|lots|bits?|loads|weeks|months|years|twice|once|\d+|couple|few|some|more|another|according to|"
    r"by|from|discharged|using|under|put|did my)\b(?: (?!want|wait|no\b|not\b|never)[\w/]+,?){0,4} ?(?:an? |the |my )?$"
)
#: Said after it: what it did, or when it was.
_DID = re.compile(
    r"s?(?: (?:exercises|sessions?|injections?|at (?:the )?[\w ]{2,20}?|on the nhs|lassie|lad|woman|man|guy|lady|stuff|"
    r"person|fella|clinic|treatment|which|that|it|i had|as well|too|and|i|me|has|have|always|really|only|just|"
    r"both))*,? "
    r"(?:helped|helps|work(?:ed|s)|did|does|didnt|doesnt|was|were|wasnt|is(?= (?:useless|helping|doing|great|good))|"
    r"made|"
    r"makes|gave|gives|sorted|fixed|eased|cracks?|cracked|clicks?|clicked|adjust\w*|left|hurt|for \d+|for (?:a|six|"
    r"some|"
    r"ages|months|weeks|years)|in (?:19|20)\d\d|in (?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|the (?:spring|summer|autumn|winter|past))|last (?:year|month|week|winter|spring|summer|"
    r"autumn|time)|\d+ (?:years?|months?|weeks?) (?:ago|back)|years? ago|ages ago|twice|once|so far|before|\d+ times|"
    r"\d+ sessions|at (?:christmas|easter|the|\d\d)|back (?:in|then)|never|hasnt|havent|showed|taught|says?|said|"
    r"reckons|"
    r"thinks|told|has me|put me|wore off|lasted|years back|took)\b"
)
#: "My osteopath clicks it back": who has one, goes to one.
_OF_MY_OWN = re.compile(r"\bmy (?:old |own |usual |regular |nhs |private )?$")
#: "Microdiscectomy in 2012", "3 epidurals": an operation that is named at all with a time or a count was had.
_WISHED = re.compile(
    r"\?|\b(?:want\w*|wanna|would|could|should|shall|wait\w*|waitlist|refer\w*|refus\w*|offer\w*|suggest\w*|"
    r"recommend\w*|"
    r"consider\w*|think(?:ing)? (?:of|about)|book\w*|appointment|scared|afraid|hate|rather|prefer|up for|happy to|"
    r"open to|can i|do you|does it|is it|will|hoping|need(?:s|ed)?|talk of|mention\w*|due|next (?:week|month)|sooner|"
    r"face to face|put me through|speak to|ask\w*|swears?|print\w*|may ?be|might|if (?:i|you|they)|labou?r|"
    r"giving birth|"
    r"c ?section|covid|flu|dont do|anyone|nobody|stay away)\b"
)
_NEVER = re.compile(
    r"\b(?:no|not|never|havent|hasnt|didnt|dont|without|nor|cant|cannot|wont)\b(?: \w+){0,4} ?$"
)
_ELSEWHERE = re.compile(
    r"(?: \w+){0,2}? (?:on|in|for|of|to) (?:my |the |a |me )?(?:left |right |bad )?(?:knees?|shoulders?|hips?|neck|"
    r"elbows?|"
    r"ankles?|wrists?|thumbs?|hands?|foot|feet|heels?|eyes?|gums?|arms?|carpal)\b"
)
_REACH = 60


def read_past_treatments(utterance: Utterance) -> Iterator[Mention]:
    """Each treatment by its name in the vocabulary of the field."""
    asks = utterance.asks or ""
    asked = asks == PAST_TREATMENTS
    if not asked and asks.startswith(("pref_", "prev_", "goals", "recent_infection")):
        return
    names = (*_NAMES, *_ASKED_NAMES) if asked else _NAMES
    for match in (_ASKED if asked else _TOLD).finditer(utterance.words):
        name = next(names[n][0] for n in range(len(names)) if match[f"o{n}"] is not None)
        if _is_had(utterance, *match.span(), asked=asked):
            one = mention(PAST_TREATMENTS, (name,), *match.span())
            if one is not None:
                yield one


def _is_had(utterance: Utterance, start: int, end: int, *, asked: bool) -> bool:
    text, scopes = utterance.text, utterance.scopes
    if scopes.of_another(start, end) or scopes.what_if(start, end) or _ELSEWHERE.match(text, end):
        return False
    begin, stop = scopes.clause(start, end)
    before, after = text[max(begin, start - _REACH) : start], text[end : min(stop, end + _REACH)]
    if _NEVER.search(before):
        return False
    if asked:
        return not _WISHED.search(scopes.sentence(start, end)) or _HAD.search(before) is not None
    if _WISHED.search(before) or _WISHED.search(after):
        return False
    own = _OF_MY_OWN.search(before) is not None and _DID.match(text, end) is not None
    return own or _HAD.search(before) is not None or _DID.match(text, end) is not None
