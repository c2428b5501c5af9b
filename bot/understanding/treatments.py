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
    ("PM_HEAT", r"heat(?: pads?| packs?)?|hot (?:water bottle|bath|shower|pack)|wheat bag|hot water bag"),
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
    ("PM_SPINAL_INJECTION", r"(?:steroid |back |spinal |cortisone )?injections?|nerve block"),
    ("PT_SUPERVISED", r"physio\w*|physical therapy"),
    ("PT_HOME_EXERCISE", r"(?:home |back )?(?:exercises|stretch\w*)"),
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
    r"sleepy|worse|faint|bad|hurt|confused|spaced)|allerg\w+|reaction|side effects?|upset (?:my )?stomach|"
    r"sick (?:on|from|with)|hurt me|injured me)\b"
)
_FAILED = re.compile(
    r"\b(?:(?:didnt|did not|doesnt|does not|dont|never|not|hasnt|havent|no)(?: \w+){0,3}? (?:help\w*|work\w*|"
    r"good|use|difference|do (?:anything|much|a thing)|touch\w*|better)|"
    r"(?:did|does|done|do|made|makes) (?:nothing|no difference|zero|sod all|bugger all)|useless|"
    r"waste of (?:time|money)|made (?:it|things|the pain) (?:\w+ )?worse|makes it worse|no use|"
    r"set me back|rubbish|pointless|no better)\b"
)
_HELPED = re.compile(
    r"\b(?:helped|has helped|really helps?|worked|works|did (?:me |it )?(?:the trick|good|wonders)|"
    r"sorted (?:it|me)|brilliant|great|good|better (?:after|with)|fixed|eased|made (?:it|a (?:big |"
    r"huge )?difference|"
    r"me feel) ?(?:better)?|useful|was (?:good|great|best))\b"
)


def read_treatments(utterance: Utterance) -> Iterator[Mention]:
    """Options that helped, failed or did harm: as the asked list, or by what is said of them."""
    asked = utterance.asks if utterance.asks in _FIELDS else None
    for match in _ANY.finditer(utterance.words):
        option = next(_OPTIONS[n][0] for n in range(len(_OPTIONS)) if match[f"o{n}"] is not None)
        field = _field(utterance, *match.span(), asked)
        if field is not None:
            yield Mention(field, (option,), *match.span())


def _piece(utterance: Utterance, start: int, end: int) -> str:
    """The words about this treatment: up to the comma where something is said of another one."""
    begin, stop = utterance.scopes.clause(start, end)
    begin = max([begin, *(at for at in (utterance.text.rfind(",", begin, start) + 1,) if at)])
    comma = utterance.text.find(",", end, stop)
    following = utterance.text[comma:stop] if comma >= 0 else ""
    return utterance.text[begin : comma if comma >= 0 and _ANY.pattern.search(following) else stop]


def _field(utterance: Utterance, start: int, end: int, asked: str | None) -> str | None:
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
    return HELPFUL if past and _HELPED.search(clause) else None
