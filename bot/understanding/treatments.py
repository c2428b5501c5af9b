"""What helped before and what did not, as options of the vocabulary (clinical.md §0.2, §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.lexicon.openings import WholeWords
from bot.understanding.mentions import Mention
from bot.understanding.utterance import Utterance

HELPFUL, UNHELPFUL, ADVERSE = "prev_helpful", "prev_unhelpful", "prev_adverse"
_FIELDS = (HELPFUL, UNHELPFUL, ADVERSE)

_OPTIONS = (
    ("AT_MASSAGE", r"massag\w*"),
    ("AT_ACUPUNCTURE", r"acupuncture"),
    ("AT_YOGA", r"yoga"),
    ("AT_TAICHI", r"tai ?chi"),
    ("AT_MINDFULNESS", r"mindful\w*|meditat\w*|relaxation"),
    ("PSY_CBT", r"\bcbt\b|cognitive|talking therapy|counsell?ing"),
    ("PM_HEAT", r"heat(?: pads?| packs?)?|hot (?:water bottle|bath|shower|pack)s?|wheat bag|hot water bag"),
    (
        "PM_NSAID_TOPICAL",
        r"(?:ibuprofen|voltarol|voltaren|diclofenac|anti ?-?inflammatory) (?:gel|cream)|pain gel",
    ),
    (
        "PM_NSAID_ORAL",
        r"(?:ibuprofen|naproxen|nurofen|diclofenac|etoricoxib|celecoxib|anti ?-?inflammator\w+|"
        r"brufen)(?! (?:gel|cream))",
    ),
    ("PM_PARACETAMOL", r"paracetamol|tylenol|panadol|acetaminophen|crocin"),
    ("PM_WEAK_OPIOID", r"codeine|co-? ?codamol|cocodamol|tramadol|dihydrocodeine"),
    ("PM_STRONG_OPIOID", r"morphine|oxycodone|fentanyl|buprenorphine|oramorph"),
    ("PM_GABAPENTINOID", r"gabapentin|pregabalin|lyrica"),
    ("PM_DULOXETINE", r"duloxetine|cymbalta"),
    ("PM_BENZODIAZEPINE", r"diazepam|valium"),
    ("PM_MUSCLE_RELAXANT", r"muscle relaxants?|methocarbamol|baclofen|tizanidine|cyclobenzaprine"),
    ("PM_CAPSAICIN_TOPICAL", r"capsaicin"),
    ("PM_EPIDURAL", r"epidural"),
    (
        "PM_SPINAL_INJECTION",
        r"(?:steroid |back |spinal |cortisone |facet (?:joint )?)?injections?|nerve blocks?|(?:cortisone|steroid|"
        r"facet) "
        r"(?:shots?|jabs?|jags?)|(?:jabs?|jags?|shots?|needles?) (?:in|into) (?:my |the |me )?(?:lower )?(?:back|"
        r"spine)",
    ),
    ("PT_HOME_EXERCISE", r"(?:home |back |physio\w* |rehab )?(?:exercises|stretch\w*)"),
    (
        "PT_SUPERVISED",
        r"physio\w*|physical therap\w*|pt(?= (?:was|helped|made|did|after|for|last|twice|sessions?|never|didnt))",
    ),
    ("PT_GRADED_WALK", r"walk(?:ing|s)"),
    ("PT_AQUATIC", r"swim\w*|hydro ?therapy|aqua\w*|pool"),
    ("PT_MOTOR_CONTROL", r"pilates|core (?:work|exercises|strength\w*)"),
    ("PT_STRENGTH", r"strength\w*(?: training)?|weight training|gym"),
    ("PT_GROUP_EXERCISE", r"(?:group|exercise|back) class(?:es)?"),
    ("MT_MANIPULATION", r"chiro\w*|manipulat\w*|crack\w*|adjustments?"),
    ("MT_MOBILISATION", r"osteopath\w*|mobili[sz]ation|hands on"),
    ("DEV_TENS", r"\btens\b(?: machine)?"),
    ("DEV_BELT", r"(?:back )?(?:belt|brace|corset)"),
    ("DEV_TRACTION", r"traction"),
    ("BED_REST", r"bed ?rest|lying in bed|resting in bed"),
)
_ANY = WholeWords.of("|".join(rf"(?P<o{number}>\b(?:{words}))" for number, (_, words) in enumerate(_OPTIONS)))

_HARMED = re.compile(
    r"\b(?:gave me (?:a |an )?(?:\w+ )?(?:reaction|rash|flare\w*|headache|attack|side effects?|bleed\w*|"
    r"ulcer|upset)|made (?:me|my stomach) (?:\w+ )?(?:sick|ill|dizzy|drowsy|"
    r"sleepy|worse|faint|bad|hurt|confused|spaced)|(?:made|makes|had|has) me (?:fall asleep|pass out|vomit|throw up|"
    r"puke|gag|feel sick|"
    r"heave|"
    r"shake|itch|see(?:ing)? things|hallucinat\w*|all over the place|like a zombie)|zonked|zombie|knocked me (?:out|"
    r"sideways|"
    r"for six)|"
    r"bunged me up|hallucinat\w*|fainted|passed out|couldnt (?:stay awake|function|think straight)|"
    r"reaction|side effects?|upset (?:my )?stomach|"
    r"sick (?:on|from|with)|hurt me|injured me)\b"
)
_FAILED = re.compile(
    r"\b(?:(?:didnt|did not|doesnt|does not|dont|never|not|hasnt|havent|no)(?: \w+){0,3}? (?:help\w*|work\w*|"
    r"good|use|difference|do (?:anything|much|a thing)|(?:did|do|done) (?:a thing|anything|much)|touch\w*|better)|"
    r"(?:did|does|done|do|made|makes) (?:nothing|nowt|nothin|no difference|zero|sod all|bugger all|diddly|naff all|"
    r"zilch|"
    r"f all|jack)|useless|no joy|"
    r"waste of (?:\w+ )?(?:time|money|petrol|space|effort|\w+)|made (?:it|things|the pain) (?:\w+ ){0,3}?worse|"
    r"makes it worse|no use|"
    r"set me back|rubbish|pointless|no better)\b"
)
_HELPED = re.compile(
    r"\b(?:helped|has helped|really helps?|worked|works|did (?:me |it )?(?:the trick|good|wonders)|"
    r"sorted (?:it|me)|brilliant|great|good|better (?:after|with)|fixed|eased|made (?:it|a (?:big |"
    r"huge )?difference|"
    r"me feel) ?(?:better)?|useful|was (?:good|great|best))\b"
)


#: In the past tense, what a treatment did is told of then.
_HELPED_THEN = re.compile(
    r"\b(?:(?:was|were) (?:\w+ )?(?:good|great|brilliant|lovely|excellent|amazing|fantastic|ace|class|magic|the best|"
    r"the only thing|a (?:life ?saver|godsend|help))|(?:really |did |has |has really |actually )?help(?:ed)?"
    r"(?= ?(?:$|[,.;]| (?:me|a lot|a bit|loads|though|before|last|for|the|and|at|with|so|in)\b))|"
    r"(?:only thing|thing) that (?:ever |really )?(?:helped|worked|eased)|"
    r"did (?:me )?(?:wonders|the trick|the world of good)|sorted (?:it|me)|fixed (?:it|me)|got me (?:right|through|"
    r"back|"
    r"going)|gave me (?:\w+ ){0,3}(?:relief|peace|respite|ease)|worked (?:wonders|well|a treat|great|for|before))"
)
_NOT_HELPED_NOW = re.compile(
    r"\b(?:helps|help (?:with|when)|would help|will help|can help|might help|going to help)\b"
)
#: These are done every day; "was great" may tell of this morning.
_OF_EVERY_DAY = frozenset(
    {"PT_GRADED_WALK", "PM_HEAT", "BED_REST", "PT_HOME_EXERCISE", "PT_STRENGTH", "DEV_BELT"}
)
#: After a comma these go on about the same thing.
_GOES_ON = re.compile(
    r"\W*(?:it|which|that|and it|but it|did(?:nt)?|does(?:nt)?|no|never|not|made|gave|help\w*|useless|waste|total\w*|"
    r"complete\w*|absolute\w*|brilliant|great|lovely|work\w*|zero|rubbish|pointless|best|only|really|a )\b"
)


def read_treatments(utterance: Utterance) -> Iterator[Mention]:
    """Options that helped, failed or did harm: as the asked list, or by what is said of them."""
    asked = utterance.asks if utterance.asks in _FIELDS else None
    for match in _ANY.finditer(utterance.words):
        option = next(_OPTIONS[n][0] for n in range(len(_OPTIONS)) if match[f"o{n}"] is not None)
        field = _field(utterance, option, *match.span(), asked)
        if field is not None:
            yield Mention(field, (option,), *match.span())


def _piece(utterance: Utterance, start: int, end: int) -> str:
    """The words about this treatment: up to the comma where something is said of another one."""
    begin, stop = utterance.scopes.clause(start, end)
    begin = max([begin, *(at for at in (utterance.text.rfind(",", begin, start) + 1,) if at)])
    comma = utterance.text.find(",", end, stop)
    following = utterance.text[comma:stop] if comma >= 0 else ""
    ends = comma >= 0 and (_ANY.pattern.search(following) or not _GOES_ON.match(following))
    return utterance.text[begin : comma if ends else stop]


def _field(utterance: Utterance, option: str, start: int, end: int, asked: str | None) -> str | None:
    scopes = utterance.scopes
    if scopes.of_another(start, end) or scopes.what_if(start, end):
        return None
    clause = _piece(utterance, start, end)
    if _HARMED.search(clause):
        return ADVERSE
    if _FAILED.search(clause):
        return UNHELPFUL
    if asked is not None:
        return asked
    past = re.search(
        r"\b(?:last time|before|previous\w*|in the past|years? ago|had|tried|did|used to)\b", clause
    )
    if past and _HELPED.search(clause):
        return HELPFUL
    then = option not in _OF_EVERY_DAY and _HELPED_THEN.search(clause) and not _NOT_HELPED_NOW.search(clause)
    return HELPFUL if then and "?" not in scopes.sentence(start, end) else None
