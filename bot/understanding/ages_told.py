"""An age told in passing: "retired postie, 71, on warfarin", "pushing 70", "my 60th birthday", "40 in June, so 39"."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.understanding.lexicon import load_lexicon
from bot.understanding.mentions import Mention, mention
from bot.understanding.own_years import OLDEST_PAIN, years_of_age
from bot.understanding.utterance import Utterance

_END = (
    r"(?=$| ?[,.;!?)]| (?:and|but|so|now|with|w|here|this|next|last|in|on|soon|or so|ish|still|years young|"
    r"male|female|"
    r"man|woman|from|living|live|lives|id|i|cant|had|got|has|have|crook|bad|sore|dodgy|bung|lower|low|back|smoker|"
    r"overweight|diabetic|stiff|pain|ache|aching|chronic|hurt|hurts|works?|working|retired|married|single|age|my|type)"
    r"\b)(?! ?\.\d)"
)
_AGE = r"(?P<age>1[6-9]|[2-9]\d)(?![\d%/-])"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|winter|the new year|a (?:few )?(?:month|week|"
    r"fortnight)s?)"
)
_SOON = (
    rf"(?:next (?:month|week|year|birthday)|this (?:month|week|year)|"
    rf"(?:in|come|this coming|on) (?:\d+ )?{_MONTH}|soon)"
)
#: A trade or a name for a person, right before the number.
_PERSON = (
    r"(?:man|woman|lady|bloke|fella|fellow|gent(?:leman)?|guy|lad|lass|housewife|pensioner|widow(?:er)?|"
    r"teacher|"
    r"nurse|driver|farmer|postie|postman|plumber|builder|electrician|mechanic|student|worker|carer|mum|mom|mam|"
    r"mother of (?:\d|one)|mum of (?:\d|one)|mom of (?:\d|one)|dad of (?:\d|one)|grandmother|grandad|retired|"
    r"retiree|engineer|accountant|cleaner|chef|labourer|male|female|myself|me|tradie|sparky|sparkie|chippy|brickie|"
    r"plasterer|roofer|scaffolder|tailor|vet|veteran|cook|baker|butcher|welder|barber|hairdresser|receptionist|"
    r"secretary|clerk|miner|fisherman|soldier|officer|trucker|truckie|courier|cabbie|picker|packer|technician|"
    r"developer|programmer|lawyer|solicitor|dentist|hygienist|carpenter|joiner|gardener|landscaper|waiter|waitress|"
    r"barista|cashier|caretaker|janitor|guard|smoker|diabetic|asthmatic|widow|homemaker|uncle|aunty|swimmer|runner|"
    r"painter|decorator|brickie|bricklayer|machinist|warehouseman|kid|grandma|granny|gran)"
)
#: Who gives a name gives the age with it: "I am Thandi 49 from Durban". "I am on 75" is a dose.
_NAMED = (
    r"(?:^|[,.;!] ?|\b(?:hi|hello|hey|day|morning|evening|afternoon) )(?:i am|im|my name is|name is|this is|its) "
    r"(?!\w+ing\b|(?:on|in|at|under|over|about|around|like|only|just|now|nearly|almost|size|down|up|back|not|off|with|"
    r"roughly|approx\w*|maybe|aged?|number|level|grade|stage|week|day|month|turned|still|past|since|for|use|used)\b)"
)
_TOLD = re.compile(
    r"\b(?:turning|turn|pushing|approaching|nearing|reached|rising|(?:just )?gone|"
    r"knocking on(?: for)?|getting on for|coming up(?: to| on| for)?|the (?:wrong|right|far|other) side of|"
    r"(?:just )?(?:shy|short) of|ive just turned|not far off)"
    rf" (?:about )?{_AGE}{_END}"
    rf"|\bmy (?P<birthday>1[6-9]|[2-9]\d)(?:st|nd|rd|th) birthday\b"
    rf"|\bi have (?P<years>1[6-9]|[2-9]\d)(?: (?:years|yrs)(?! (?:of|in|on|with|experience|back|pain|now|"
    rf"since))|"
    rf"(?= ?[.,]))"
    rf"|(?:^|[.,;!?:-] ?|\b(?:ha|haha|lol|well|so|oh|god|nah|no|what|and|but|"
    rf"me) )at {_AGE.replace('age', 'at')}"
    r"(?=$| ?[,.;!?]| (?:i|you|one|its|thats|no|not|my|everything|with|there|theres|what|we|me|years old)\b)"
    rf"|\b(?:good|great|fit|well|bad|healthy|fine|young|strong|ok|okay|active|normal|going) for "
    rf"(?:a |my )?{_AGE.replace('age', 'fit')}(?=$| ?[,.;!?]| (?:they|she|he|the|i|but|and|so)\b)"
    rf"|\b{_PERSON}(?: here)?(?: (?:from|in) [a-z]+)?,? (?:is |of |aged? )?{_AGE.replace('age', 'person')}"
    rf"(?: (?:yrs?|years))?{_END}"
    rf"|\bhere,? {_AGE.replace('age', 'here')} (?:yrs?|years)(?= ?[,.;])"
    rf"|^(?!.{{0,24}}\b(?:lived|been|worked|sat|stood|waited|waiting|stuck)\b)(?:\w+ ){{1,4}}here,? "
    rf"{_AGE.replace('age', 'hereby')}(?= ?(?:[,.;]|$))"
    rf"|{_NAMED}(?P<name>[a-z]{{3,}}),? {_AGE.replace('age', 'named')}(?: (?:yrs?|years))?{_END}"
    rf"|(?:^|[,.;!] )(?P<today>1[6-9]|[2-9]\d) (?:now|years? young|young)(?= ?(?:$|[,.;]| and\b| but\b| so\b))"
    rf"|(?:^|[,.;] )(?:and )?(?:im )?{_AGE.replace('age', 'self')} myself\b"
    rf"|(?:^|[,.;(] ?|\bhere,? ){_AGE.replace('age', 'noun')}(?: (?:yr|yrs|year|years)(?: old)?)? (?:man|teacher|"
    rf"driver|nurse|woman|lady|bloke|fella|guy|lad|lass|"
    rf"mum|mom|housewife|male|female|m|f)\b"
    r"|\b(?:\w{2,}(?:er|or|ist|ess|man|woman|ian|ant|ee)|lady|nurse|gentleman|chap|mum|mom|"
    r"wife) of (?P<of>[2-9]\d)(?=$| ?[,.;]| (?:and|with|who|have)\b)"
    r"|\b(?<!the )(?<!on )(?<!an )(?<!a )(?<!code )(?<!error )(?<!gate )(?<!seat )(?:m|f)(?P<letter>1[6-9]|[2-9]\d)"
    r"(?=$|[ ,.])(?! (?:code|error|motorway|junction|fault|road|bus))"
    r"|(?:^|[.;] )(?P<ill>[2-9]\d) with (?:a |an |my )?(?:\w+ )?(?:osteo\w*|arthritis|diabet\w*|cancer|copd|"
    r"scoliosis|bones|asthma|parkinson\w*|kidneys?|heart)\b"
    r"|(?:^|[.;] )(?P<still>[2-9]\d) and (?:not\b|still|feel|counting|proud|going|never|no\b|retired|a bit|fit|all)|"
    r"(?:^|[ ,])(?P<slash>1[6-9]|[2-9]\d) ?/ ?(?:m|f)(?=$|"
    r"[ ,.])"
)
_KIN = re.compile(
    r"\b(?:mum|mom|mam|mother|dad|father|husband|hubby|wife|partner|gran|granny|nan|nana|nanna|grandma|"
    r"grandmother|"
    r"grandad|grandpa|grandfather|sister|brother|son|daughter|uncle|aunt|auntie|missus|pop|amma|papa|pappa|ma|da|"
    r"daddy|mama|ammi|mzee|lola|lolo|gogo|abuela|abuelita|bro|sis)s?"
    r",? ?(?:\(|who is |whos |who |hes |shes |she is |he is |im |i am |i is |is |thats |aged? )*(?:now |"
    r"just |only )*"
    r"(?P<kin>[1-9]\d?|10\d)(?! ?(?:%|/|\.\d|years? ago|stone|kg|kilos|weeks|months|days|times|hours|"
    r"minutes|miles))"
    r"(?=$| ?[),.;]| (?:got|hurt\w*|took|and|is|was|has|with|slid|"
    r"fell|slipped|tripped|had|in|cant|keeps?|cannot|been)\b)"
)

_KIN_IS = re.compile(r"(?:mum|mom|mam|gran\w*|aunty|uncle)\b,? is ")
#: With these the writer is the patient, and a relative's age is told beside.
_THEIRS = re.compile(r"\bi (?:is|are)(?: now| just| only)? (?P<age>\d\d)(?=$| ?[,.;])")
WRITER = re.compile(
    r"\b(?:my (?:own )?(?:lower |low )?(?:back|pain|legs?|spine|hips?|bladder|sciatica)|i (?:have|am|cant|"
    r"hurt|had|was|get|"
    r"got|fell|feel|need|want|look after|care)|im (?!worried|writing|asking|scared|typing|her|his|their)|"
    r"ive|mine|died|passed away|says|said|thinks|told|reckons)\b"
)
_ILL = re.compile(
    r"\b(?:backs?|pain\w*|fell|fallen|hurt\w*|spine|legs?|slipped|slid|tripped|hip|walk|sore|agony|stand|"
    r"bent|ach(?:e|es|ing|y)|stiff\w*|flank|waist)\b"
)
#: A number alone between commas: "retired teacher, 69, out with the ramblers".
_ALONE = re.compile(r"(?:^|[,.;(]) ?(?P<age>1[6-9]|[2-9]\d)(?= ?(?:[,;)]|\.(?!\d)|$))")
#: "A nurse, 45, took my blood".
_SOMEBODY = re.compile(r"(?:^|(?<!am)(?<!im)(?<!as) )(?:an?|the|my|this|some) (?:\w+ ?)?$")
#: Words beside a number alone that make it a dose, a score, a measure or one of several things.
_MEASURED = re.compile(
    r"\d|\b(?:mg|dose|pain|score|weigh\w*|bmi|bp|pulse|reps?|sets?|bus|number|room|flat|page|chapter|question|"
    r"minutes?|mins|hours?|steps|miles|km|times|percent|about|around|maybe|lasts?|takes?|walks?|swam|swim|did|"
    r"ran|days?|weeks?|months?|years?|smoke\w*|cigar\w*|fags|units|pints)\b"
)
#: More words than this before a number alone are a story; fewer with a digit may be a list of measures.
_A_FEW_WORDS = 3
_AT_LAST = re.compile(r" at (?P<age>1[6-9]|[2-9]\d)(?= ?(?:[.!?;]|$))(?!\.\d)")
#: Then "at 61" tells of then, or of no age.
_NOT_THE_AGE_NOW = re.compile(
    r"\b(?:start\w*|began|begun|first|had|got|diagnos\w*|broke\w*|retir\w*|quit|stopped|since|married|when|was|were|"
    r"fell|injur\w*|op|operat\w*|surgery|died|born|temp\w*|fever|degrees|bp|pressure|sugars?|pulse|heart|weigh\w*|weight|"
    r"bmi|oxygen|sats|score\w*|pain|speed|mph|driv\w*|bus|stays?|stuck|sits|steady|stands|number|dose\w*|oven|"
    r"thermostat|menopause|left|went|gave|used|came|happened|hit|put|did|mum|dad|mother|father)\b"
)
_ASKS_ABOUT_THEN = frozenset({"age_at_first_onset", "duration_weeks", "weight_kg", "bmi"})

_YET_TO_BE = re.compile(
    rf"\b(?:ill be|i will be|i turn|turn|turning|gonna be|going to be|will be) (?P<next>\d\d) (?:on (?:my|"
    rf"the)|{_SOON})"
    r"|^(?:im )?(?P<bare>\d\d) (?:next (?:month|week|year|birthday)|soon)"
)
_SO = re.compile(
    r"\b(?:so|making me|makes me|which makes me)(?: im| i am| currently| still| that makes me)? (?P<so>\d\d)\b"
)
_REALLY = re.compile(
    r"\b(?:no really|really|seriously|truthfully|joking|jk|kidding|in truth)[ ,.]+(?:im )?(?P<really>\d\d)\b"
)
_YEARS_OFF = re.compile(
    r"\b(?P<years>an?|1|one|\d|couple(?: of)?) (?:years?|yrs) (?:off|short of|shy of|away from|under|from|"
    r"to|till|until) "
    r"(?:my |being |turning )?(?P<of>\d\d)"
)
_BIG = re.compile(r"\bbig (?P<tens>[2-9]) ?[- ]? ?(?:0|oh?)\b")
_BORN = re.compile(
    r"\b(?:born (?:in |on )?(?:\w+ ){0,3}?|(?:year of birth|dob|d o b|date of birth):? ?(?:is )?(?:\S+ ){0,3}?)"
    r"(?:(?:\d{1,2}[/. -]){1,2})?'?(?P<year>19[2-9]\d|20[01]\d|[3-9]\d)(?![\d/.-]\d|\d)"
)
#: A year of no more is one of the last century: "born in 58".
_LAST_OF_A_CENTURY = 99
_A_YEAR_ALONE = re.compile(r"^(?P<year>19[0-9]\d|20[01]\d)\b")
#: "The twins were born in 2009".
_SOMEBODY_BORN = re.compile(
    r"\b(?:he|she|they|it|twins?|baby|babies|son|daughter|boys?|girls?|kids?|child|children|"
    r"(?:young|eld|old)est|1|one|\w*daughter|\w*son|lad|wee \w+|little \w+)(?: (?:was|were|got))? $"
)
#: "The mattress is 20 years old" is nobody's age.
_OF_A_THING = re.compile(
    r"\b(?:mattress|bed|sofa|settee|chair|car|van|house|flat|job|scan|mri|x ?ray|injury|op|operation|dog|"
    r"cat|shoes?|"
    r"boots|tv|pillow|kids?|child|children|baby|grandson|granddaughter|bike|scar|boiler|company|script)s?\b"
    r"[^.;!?]{0,24}$"
)


def of_a_thing(text: str, start: int) -> bool:
    """Whether what stands before `start` says how old a thing or a child is."""
    return _OF_A_THING.search(text[max(0, start - 40) : start]) is not None


def age_of_birth(utterance: Utterance, *, alone: bool = False) -> Mention | None:
    """The age of who says when they were born; with `alone`, a year that begins the message is enough."""
    if utterance.today is None:
        return None
    text = utterance.text
    match = _BORN.search(text) or (_A_YEAR_ALONE.match(text) if alone else None)
    if match is None or utterance.scopes.of_another(*match.span()):
        return None
    if _SOMEBODY_BORN.search(text[max(0, match.start() - 24) : match.start()]):
        return None
    year = int(match["year"])
    born = year if year > _LAST_OF_A_CENTURY else 1900 + year
    return mention("age", utterance.today.year - born, *match.span("year"), about=True)


def age_reckoned(utterance: Utterance) -> Mention | None:
    """The asked age where it must be worked out: "I turn 16 in January, so 15", "two years off 80"."""
    if utterance.asks != "age":
        return None
    text = utterance.text
    for pattern, years in _RECKONED:
        match = pattern.search(text)
        if match is not None:
            return mention("age", years(match), *match.span(), about=True)
    return None


def _from(years: str) -> int:
    return int(years) if years.isdigit() else 2 if years.startswith("couple") else 1


_RECKONED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    (_REALLY, lambda match: int(match["really"])),
    (_SO, lambda match: int(match["so"])),
    (_YEARS_OFF, lambda match: int(match["of"]) - _from(match["years"])),
    (_YET_TO_BE, lambda match: int(match["next"] or match["bare"]) - 1),
    (_BIG, lambda match: 10 * int(match["tens"])),
)


def age_in_passing(utterance: Utterance) -> Mention | None:
    """An age that is told beside other things."""
    text, scopes = utterance.text, utterance.scopes
    born = age_of_birth(utterance)
    if born is not None:
        return born
    if utterance.asks in _ASKS_ABOUT_THEN:
        return None
    if utterance.written_for and (theirs := _THEIRS.search(text)) is not None:
        return mention("age", int(theirs["age"]), *theirs.span())
    yet = _YET_TO_BE.search(text)
    if yet is not None and yet["next"] and not scopes.of_another(*yet.span()):
        return mention("age", int(yet["next"]) - 1, *yet.span(), about=True)
    for match in _TOLD.finditer(text):
        group = match.lastgroup or "age"
        if group in ("person", "hereby") and _SOMEBODY.search(text[: match.start()]):
            continue
        if group == "person" and match.group().endswith("s") and int(match[group]) < OLDEST_PAIN:
            continue  # "roofer 22 years" tells of the trade
        if group == "person" and _KIN_IS.match(match.group()) and WRITER.search(text):
            continue
        if group == "named" and match["name"] in load_lexicon().medicines:
            continue
        thing = group != "fit" and of_a_thing(text, match.start())
        if not scopes.of_another(*match.span()) and not thing:
            return mention("age", int(match[group]), *match.span(group), about=group in ("age", "at"))
    kin = _KIN.search(text)
    if kin is not None and WRITER.search(text) is None and _ILL.search(text) is not None:
        return mention("age", int(kin["kin"]), *kin.span("kin"))
    if utterance.asks is not None:
        return None
    return _alone(utterance) or _in_years(utterance) or _at_the_end(utterance)


def _in_years(utterance: Utterance) -> Mention | None:
    """ "62 yrs" between two stops, where it is no length of time."""
    for match in years_of_age(utterance.text):
        if not utterance.scopes.of_another(*match.span("age")) and not of_a_thing(
            utterance.text, match.start("age")
        ):
            return mention("age", int(match["age"]), *match.span("age"))
    return None


def _at_the_end(utterance: Utterance) -> Mention | None:
    """ "Overdid it on the trampoline, serves me right at 61"."""
    match = _AT_LAST.search(utterance.text)
    if match is None or utterance.scopes.of_another(*match.span()):
        return None
    if _NOT_THE_AGE_NOW.search(utterance.scopes.sentence(*match.span())):
        return None
    return mention("age", int(match["age"]), *match.span("age"))


def _alone(utterance: Utterance) -> Mention | None:
    text = utterance.text
    medicines = load_lexicon().medicines
    for match in _ALONE.finditer(text):
        before = re.split(r"[,.;(]", text[: match.start()])[-1]
        told = before if before.count(" ") <= _A_FEW_WORDS else re.sub(r"\d", "", before)
        after = re.split(r"[,.;)]", text[match.end() :].lstrip(" ,.;)"))[0]
        if not before.strip() and not after.strip():
            continue
        if text[match.start()] == "," and _SOMEBODY.search(before.lstrip()):
            continue
        if _MEASURED.search(told) or re.fullmatch(r" ?\d+ ?", after):
            continue
        if any(word in medicines for word in before.split()) or of_a_thing(text, match.start("age")):
            continue
        if not utterance.scopes.of_another(*match.span("age")):
            return mention("age", int(match["age"]), *match.span("age"))
    return None
