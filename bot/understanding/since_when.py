"""Whether a time that nobody asked for tells how long the back has hurt: "seven months", "fine till Sunday".

Patients seldom name the pain in the same breath as the time. What surrounds the time decides: what began then
("it kicked off", "slipped on the tiles"), what was well until then, or nothing at all, when the time is a piece
of its own beside pain.
"""

from __future__ import annotations

import re

from bot.understanding.durations import Stretch
from bot.understanding.gestation import gestation
from bot.understanding.utterance import Utterance

_PAIN = re.compile(
    r"\b(?:backs?(?! (?:passage|end|then|in|to|at|from|home|and forth)\b)|spine|spinal|lumbago|lumbar|pain\w*|hurt\w*|"
    r"ach(?:e|es|ed|ey|ing|y)|agony|sore\w*|backache|twinges?|spasms?|throb\w*|waist|tail ?bone|coccyx|buttocks?|"
    r"sciatica|stiff\w*|killing me|in bits|disc|straighten|comes and goes|on and off|off and on|stab\\w*|"
    r"sharp|dull|tight\\w*|burning|niggl\w*|grumbl\w*|groin|hips?(?! (?:replac\w*|op|surgery|done))|"
    r"between my shoulder|lbp)\b"
)
#: "Fine till", "not a bother until": what follows is when it began.
_WELL_UNTIL = re.compile(
    r"\b(?:fine|grand|great|good|perfect|ok|okay|alright|right as rain|strong|sound|fit|healthy|active|"
    r"well|normal|"
    r"(?:no|not a|never (?:any|a)|without(?: any| a)?|never had(?: any| a)?) (?:\w+ )?(?:bother|trouble|"
    r"problems?|issues?|"
    r"pain|twinge|ache|days?|bad back))\b[^.;!?]{0,40}?"
    r"\b(?:until|untill|till|til|up to|before)(?: (?:about|around|like|maybe|just|the|last|this|some|say|"
    r"roughly|on))* ?$"
)
#: Something gave or was done then; only pain of the back begins like this.
_IT_BEGAN = re.compile(
    r"(?:^|[,.;]) ?(?:(?:so|well|um|and|yeah|hi|hiya|hello)[, ] ?){0,3}(?:only |just |all |first )?"
    r"(?:started?|began|came on|kicked off|happened|flared up)\b(?! (?:on|taking)\b)|"
    r"\b(?:(?:it|its|this|that|they|all|pain|back|backs|problem|trouble|thing|lot|bout|attack|which|mine|he|1)"
    r"(?: (?:just|all|first|has|had|have|only|really|properly|suddenly|then|did|actually|ever|kind of|"
    r"sort of|when|that|whole|"
    r"pain|thing|trouble|business|carry on)){0,4} "
    r"(?:start(?:s|ed|ing)?|beg[au]n|came on|come on|coming on|came about|kicked (?:off|in)|kick off|"
    r"happened|flared(?: up)?|"
    r"went(?! (?:away|off|down|back|well|fine|to|on holiday)\b)|popped|snapped|seized|locked|gave (?:out|way|up)|"
    r"hit(?: me)?|appeared|struck|arrived|set in|blew up|acted up|developed|crept)|"
    r"(?:only |just |all |first )(?:started|began)|"
    r"(?:did|done|hurt|tweaked|pulled|strained|jarred|ricked|wrenched|jolted|injured|put|threw|knackered|"
    r"banjaxed|bust|busted|wrecked|twisted|"
    r"(?<!had a )slipped|felt)(?: (?:it|my|me|the|something|a|myself|lower|back|muscle|disc|out|in|go|pop|"
    r"give|tear|pull|"
    r"twinge))+|"
    r"back in (?:when|since)|first (?:felt|noticed|got|had) (?:it|this|the pain)|"
    r"got it(?! (?:from|for|on)\b)|woke(?: up)?|started (?:with|having|getting|feeling|paining|hurting|aching))\b"
)
#: What was done when it began, in a message of pain.
_WAS_DOING = re.compile(
    r"\b(?:lift(?:ed|ing)|carr(?:ied|ying)|bent|slipped|tripped|fell|fallen|landed|tumbled|twisted|"
    r"stumbled|helped|helping|moving|"
    r"moved|shift(?:ed|ing)|dug|digging|shovel\w*|pull(?:ed|ing)|push(?:ed|ing)|playing|played|reach(?:ed|ing)|"
    r"hoist(?:ed|ing)|painted|papered|decorat\w+|"
    r"mow(?:ed|ing)|squat\w*|deadlift\w*|crash\w*|rear ended|shunt\w*|knocked|hit|threw|unload(?:ed|ing)|"
    r"humping|lugging|"
    r"raking|gardening|cleaning|turned|turning|sneezed|coughed|stood up|got up|getting (?:out|up)|"
    r"(?:cough|sneez)ing (?: ?\w+){0,2}? ?(?:and|n) (?:it |my back |back |something |then )*"
    r"(?:ping|pop|bang|snap|twang|crack|click|went|felt|heard|gave|boom))\b"
)
#: "Had the baby 6 weeks ago and ever since".
_EVER_SINCE_AFTER = re.compile(
    r"^[^.;!?]{0,60}\b(?:(?:been|felt) (?:\w+ )?(?:sore|bad|killing me|in bits|agony|"
    r"stiff|hurting|aching|rubbish|terrible|awful|"
    r"shot|wrecked|dodgy|playing up) since(?= ?(?:$|[,.;!]))|"
    r"(?:ever |and )since(?: then| that)?\b(?! (?:i was|my)\b)|since then|"
    r"from then(?: on)?|thats when|that was when)\b"
)
_SINCE_THAT = re.compile(
    r"\b(?:ever )?since(?! (?:then|last)\b)(?: \w+){1,8}? (?:about |around |nearly |over |just over |almost )?$"
)
_AGO = re.compile(r" ?(?:ago|back|since)\b")
#: "Baby is 7 weeks, tailbone wrecked since the birth".
_CHILD_IS = re.compile(
    r"\b(?:baby|bub|babby|newborn|twins|little one|wee one|lo|son|daughter|she|he|shes|hes)(?: is| are|s)?"
    r"(?: now| only| just| about)* ?$"
)
_SINCE_THE_BIRTH = re.compile(
    r"\bsince (?:the (?:birth|delivery|section|c section|labour|labor)|(?:she|he|they) (?:was|were) born|birth|"
    r"i had (?:her|him|them|the baby)|having (?:her|him|the baby)|giving birth)\b"
)
_BEFORE_THIS = re.compile(
    r"\b(?:last (?:time|bout|episode|one|1)|previous\w*|the time before|usually|normally|"
    r"each time|every time|used to|"
    r"years ago)\b"
)
#: How long it took another time, or will take.
_LASTED = re.compile(
    r"\b(?:(?<!has )(?<!have )last(?:s|ed)?|take|takes|took|heals?|gets? better|cleared|recover\w*) ?(?:\w+ )?$"
)
#: Of the time itself: "ten weeks of this", "two months in".
_OF_IT = re.compile(
    r"^(?: (?:already|now))? ?(?:of (?:it|this|that|agony|hell|pain|misery|torture|the pain|back)|"
    r"in(?= ?(?:$|[,.;]| and| now))|"
    r"with (?:it|this|my back|a bad|back|the)|this (?:is|has)|straight|non ?stop|and counting|i am having|ive had|"
    r"im suffering|"
    r"am suffering)\b"
)
_NOTHING_ELSE = re.compile(
    r"\b(?:since|for|from|the|past|last|about|around|now|it|its|been|has|have|is|was|i|im|am|ive|id|had|got|get|this|"
    r"that|thats|these|those|of|a|an|and|or|so|say|just|only|well|um|er|probably|maybe|perhaps|"
    r"started|starting|start|began|begun|came|come|coming|on|off|ago|back|think|guess|suppose|nearly|almost|over|"
    r"roughly|going|go|gone|"
    r"long|time|in|total|at|least|more|than|less|yes|yeah|yep|aye|old|bout|best|part|getting|must|be|days?|"
    r"nights?|weeks?|months?|"
    r"years?|like|whole|theres|there|still|already|solid|straight|now|sir|doctor|doc|mate|love|tbh|way|up|to|into|"
    r"with|me|my|way|"
    r"dragging|dragged|goes|kicked|kick|happened|flared|right|then|but|all|some|sometime|"
    r"early|late|mid|end|"
    r"beginning|middle|tomorrow|today|everyday|daily|continuous\w*|constant\w*|honestly|hi|hiya|hello|hey|"
    r"ever|too|each|every|"
    r"first|second|third|fourth|fifth|weekend|evening|morning|afternoon|night|ish|odd|living|putting|"
    r"dealing|struggling|"
    r"suffering|having|wks?|mths?|yrs?|"
    r"good|bad|sore|total|overall|altogether|i think|however|though|yesterday|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|ago)\b|[^a-z]"
)
_ABOUT_A_TRADE = re.compile(
    r"\b(?:\w{3,}(?:er|ers|or|ist|ian|man|men|woman|smith|maid|wright|ant|driver)|nurse|cook|chef|vet|guard|clerk|"
    r"self employed|retired|in the trade|trade|married|together|sober|clean|smok\w+|off work|on the (?:sick|"
    r"buses|sites))(?: \w+){0,4}? ?$"
)
#: Beside a time of its own: what was told just before is something else.
_ELSE_BEFORE = re.compile(
    r"\b(?:kids?|child\w*|sons?|daughters?|boys?|girls?|twins|bab(?:y|ies)|grand\w+|aged?|old|year|class|level|"
    r"contract|sentence|course|"
    r"lease|mortgage|notice)(?: \w+){0,3}? ?$"
)
_LONG_UNITS = ("year", "decade")
_GAVE = re.compile(r"\bit (?:just |all )?(?:locked|seized|popped|snapped|gave|twanged|pinged|went)\b")
_VAGUE_DAYS = frozenset({0})


def well_until(utterance: Utterance, stretch: Stretch) -> bool:
    """ "I was grand till Saturday", "never a day's trouble until a month ago"."""
    begin = utterance.scopes.sentence_start(stretch.start)
    before = utterance.text[max(begin, stretch.start - 90) : stretch.start]
    if _WELL_UNTIL.search(before) is None or is_of_a_pregnancy(utterance, stretch):
        return False
    return not _strange(utterance) or _PAIN.search(utterance.text) is not None


def is_when_the_pain_began(utterance: Utterance, stretch: Stretch, near: str, around: str, own: str) -> bool:
    """`near` is the piece with the time, `around` the piece without it, `own` the piece before it was widened."""
    text = utterance.text
    begin = utterance.scopes.sentence_start(stretch.start)
    before = text[max(begin, stretch.start - 90) : stretch.start]
    after = text[stretch.end : stretch.end + 70]
    pain = _PAIN.search(text) is not None or _GAVE.search(text) is not None
    if is_of_a_pregnancy(utterance, stretch):
        return False
    if _BEFORE_THIS.search(before) or _LASTED.search(before):
        return False
    if _IT_BEGAN.search(around) and (pain or not _strange(utterance)):
        return True
    if pain and _WAS_DOING.search(near) and not _future(before):
        return True
    return _OF_IT.match(after) is not None or _stands_alone(utterance, stretch, own, pain=pain)


def began_with_something_else(utterance: Utterance, stretch: Stretch) -> bool:
    """ "I had the baby ten weeks ago and my back has hurt ever since", "since I moved jobs 2 years ago"."""
    text = utterance.text
    begin = utterance.scopes.sentence_start(stretch.start)
    before, after = text[max(begin, stretch.start - 90) : stretch.start], text[stretch.end : stretch.end + 90]
    sentence = utterance.scopes.sentence(stretch.start, stretch.end)
    if not _PAIN.search(sentence) or is_of_a_pregnancy(utterance, stretch):
        return False
    if _CHILD_IS.search(before) and _SINCE_THE_BIRTH.search(text, stretch.end):
        return True
    if _EVER_SINCE_AFTER.match(after) and _MINE.search(after):
        return True
    return _SINCE_THAT.search(before) is not None and _AGO.match(after) is not None


def began_outright(utterance: Utterance, stretch: Stretch, around: str) -> bool:
    """ "My back popped on Wednesday at the gym": whatever else the piece names, the pain began then."""
    if stretch.unit in ("minute", "hour") and not re.search(r"\b(?:ago|since)\b", around):
        return False
    done = _WAS_DOING.search(around) and (_AGO.match(utterance.text, stretch.end) or stretch.days() < 14)
    if (
        (_IT_BEGAN.search(around) is None and not done)
        or _SIGN.search(around)
        or is_of_a_pregnancy(utterance, stretch)
    ):
        return False
    sentence = utterance.scopes.sentence(stretch.start, stretch.end)
    return (
        _PAIN.search(sentence) is not None
        and _BEFORE_THIS.search(around) is None
        and not utterance.text.startswith("?", utterance.scopes.sentence_start(stretch.start) + len(sentence))
    )


def is_of_a_pregnancy(utterance: Utterance, stretch: Stretch) -> bool:
    """ "I'm 30 weeks", "34 weeks, the waters went": how far gone, and no age of the pain."""
    weeks = utterance.once(gestation)
    if weeks is not None and weeks.start < stretch.end and stretch.start < weeks.end:
        return True
    text = utterance.text
    if stretch.unit not in ("week", "month") or not _PREGNANCY[0] <= stretch.weeks() <= _PREGNANCY[1]:
        return False
    after = text[stretch.end : stretch.end + 20]
    if _IM.search(text[: stretch.start]):
        return _INTO_IT.match(after) is None
    first = not text[: stretch.start].strip(" ,.") or _IM_AGED.search(text[: stretch.start])
    return bool(first and _EXPECTING.search(text))


def _stands_alone(utterance: Utterance, stretch: Stretch, own: str, *, pain: bool) -> bool:
    """ "Lower back, seven months, dull": nothing else is said in the piece, and nothing strange before it."""
    rest = own.replace(utterance.text[stretch.start : stretch.end], " ", 1)
    if _NOTHING_ELSE.sub("", rest) or stretch.days() in _VAGUE_DAYS or stretch.unit in ("minute", "hour"):
        return False
    if utterance.text.startswith("?", stretch.end) or not _begins_a_piece(utterance.text, stretch, own):
        return False
    if _A_YEAR.match(utterance.text, stretch.start):
        return False
    before = _piece_before(utterance.text, stretch.start)
    if _STRANGE.search(before) and not _PAIN.search(before):
        return False
    if _THAT_WAS.search(own[: own.find(text_of(utterance, stretch))]) and _TREATED.search(before):
        return False
    if _ELSE_BEFORE.search(before):
        return False
    if stretch.unit in _LONG_UNITS and _ABOUT_A_TRADE.search(before) and not re.search(r"[a-z]{3}", rest):
        return False
    return pain or (utterance.asks in _ASKS_HOW_IT_BEGAN and not _strange(utterance))


def text_of(utterance: Utterance, stretch: Stretch) -> str:
    return utterance.text[stretch.start : stretch.end]


def _begins_a_piece(text: str, stretch: Stretch, own: str) -> bool:
    """A clause may begin with a word such as "till"; a piece begins with the message, a stop or a joining word."""
    said = own.find(text[stretch.start : stretch.end])
    return _BEGINNING.search(text[: max(0, stretch.start - max(0, said))]) is not None


#: "Had an injection in my back, that was 3 years ago".
_THAT_WAS = re.compile(r"\b(?:that|this|it|which|all) (?:was|were)\b|^ ?was\b")
_TREATED = re.compile(
    r"\b(?:injections?|jabs?|ops?|operat\w*|surgery|scans?|mri|x ?rays?|physio\w*|epidurals?|fusion)\b"
)
#: "In 2016" stands for what was, "since 2016" for what is.
_A_YEAR = re.compile(r"(?:(?:back )?in|around|about|of|early|late) (?:19|20)\d\d")
_BEGINNING = re.compile(r"(?:^|[,.;!?()-]|\b(?:and|but|so|now|its|been|for|since|about)) ?$")


def _piece_before(text: str, start: int) -> str:
    """The last piece before `start` that says something."""
    for piece in reversed(re.split(r"[,.;!?]", text[max(0, start - 160) : start])):
        if _NOTHING_ELSE.sub("", piece):
            return piece
    return ""


#: Here a time alone is when the back began to hurt.
_ASKS_HOW_IT_BEGAN = frozenset({None, "onset", "onset_cause"})
_PREGNANCY = (4, 42)
_IM = re.compile(r"\b(?:im|i am|now im) (?:about |around |nearly |almost |only |now )?$")
_IM_AGED = re.compile(r"\b(?:\d\d|yes|yeah|and|im),? $")
_INTO_IT = re.compile(r" ?(?:in\b|into|with (?:it|this)|of (?:it|this)|post|out|clean|sober|after|off)")
_EXPECTING = re.compile(
    r"\b(?:waves|tighten\w*|contract(?:ion|ions|ing)|(?:belly|bump|tummy|stomach|womb) (?:goes|going|gets|"
    r"is|keeps) (?:\w+ )?(?:hard|tight)\w*|"
    r"waters|baby|babby|bub|midwife|bleed(?:ing)?|spotting|bump|scan|show)\b"
)
_MINE = re.compile(r"\b(?:my|i|ive|im|me|it|its)\b")
_SIGN = re.compile(
    r"\b(?:numb\w*|tingl\w*|weak\w*|wee|pee\w*|urin\w*|bladder|bowels?|poo(?:s|p\w*)?|fever\w*|temperature|shiver\w*|"
    r"legs?|foot|feet|knees?|sciatica|chest|belly|stomach|tablets?|medication|injections?|physio\w*|"
    r"scan\w*|fus(?:ed|ion)|"
    r"surgery|operat\w*|baby|kick\w*|hump\w*|height|put my (?:name|house|notice))\b"
)
_STRANGE = re.compile(
    r"\b(?:numb\w*|tingl\w*|weak\w*|wee|pee\w*|slash|wip(?:e|ing)\w*|sensation|hump\w*|height|urin\w*|bladder|bowels?|"
    r"poo(?:s|p\w*)?|toilet|loo|fever\w*|temperature|"
    r"shiver\w*|"
    r"bleed\w*|blood|pregnan\w*|weight|lost|sleep\w*|slept|stress\w*|anxi\w*|depress\w*|tablets?|pills?|"
    r"medication|smok\w*|"
    r"drink\w*|(?<!none )(?<!nothing )(?<!it )"
    r"work\w*|job|off sick|married|died|passed|cough\w*|eye\w*|skin|chest|breath\w*|legs?|foot|feet|"
    r"wait\w*|appointment|"
    r"physio\w*|scan\w*|surgery|operat\w*|steroids?|statins?|asthma|diabet\w*)\b"
)


def _strange(utterance: Utterance) -> bool:
    """Whether a message without a word for pain speaks of something else."""
    return _STRANGE.search(utterance.text) is not None


_TO_COME = re.compile(
    r"\b(?:will|going to|gonna|want to|need to|hope|hoping|planning|booked|have to|should|can|cant)\b"
)


def _future(before: str) -> bool:
    return _TO_COME.search(before) is not None
