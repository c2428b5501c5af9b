"""Medicines that a patient takes, by any name, and the classes that matter for safety (clinical.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from bot.understanding.comings_and_goings import only_comes_or_goes
from bot.understanding.lexicon import Lexicon, load_lexicon
from bot.understanding.lexicon.openings import WholeWords
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

MEDICINES = "current_meds"
#: Asked about medicines, a bare name means "I take it".
_ASKS_FOR_MEDICINES = frozenset(
    {
        *(
            MEDICINES,
            "anticoagulant",
            "antiplatelet",
            "ssri_snri",
            "oral_steroid_current",
            "ace_arb_diuretic",
        ),
        *("lithium_or_methotrexate", "current_opioid", "current_gabapentinoid", "current_benzodiazepine"),
        *(
            "current_nsaid",
            "steroids_long_term",
            "immunosuppressed",
            "relieved_by",
            "improves_with_nsaid_48h",
        ),
        *("osteoporosis", "hypertension", "overdose", "drowsy_or_slow_breathing", "adverse_event"),
    }
)
#: These name a class. The class fact says so already; the list holds names.
_CLASS_WORDS = frozenset(
    {
        *("blood thinner", "anti-inflammatory", "opioid", "benzodiazepine", "ssri", "snri", "ace inhibitor"),
        *("water tablets", "diuretic", "steroid tablets", "sleeping tablets", "transdermal patch"),
    }
)
_GIVEN_UP = re.compile(
    r"\b(?:stopped|came off|come off|weaned off|gave up|given up|quit|used to|no longer|not any ?more|years? ago|"
    r"months? ago|in the past|previously|last year|was on|never)\b"
)
_TAKES = re.compile(
    r"\b(?:tak(?:e|es|ing)|took|on(?! (?:the|a) (?:leg|side))|using|use|uses|prescribed|having|have|get|"
    r"been (?:on|taking|given|having)|"
    r"started|popping|given|dose|doses|daily|every day|\d ?mg|twice a day|once a day|at night|a day|\d times|"
    r"as needed|when needed|"
    r"now and then|tablets?|meds?|medicines?|medication|patch\w*|helps?|eases?|works?|doesnt touch|"
    r"takes the edge|"
    r"currently|still|regular\w*|just|living (?:on|off)|relying on|(?:a)?round the clock|"
    r"got(?= \w+(?: \w+)? (?:from|off))|from the (?:chemist|doctors?|pharmacy|clinic|hospital)|"
    r"when (?:its|it|im|the pain|needed)|script|to (?:help me )?sleep|"
    r"nightly|weekly|monthly|"
    r"since|keeps?|(?:every|each) (?:night|nite|morning|evening|day|week|\d)|(?:put|putting|puts) me on|"
    r"(?:\d+|couple of|few|many) years|for (?:me|my|the|an?|years|life|\w+$|\w+[ ,.;]))\b"
)
#: "Keppra keeps it quiet", "sertraline for me nerves", "warfarin every night": told of what one takes.
_BESIDE_A_NAME = re.compile(
    r" ?(?:and (?:a |an )?(?:statin|stat\w+|inhaler|others?)\b|keeps?\b|controls?\b|(?:barely|hardly|doesnt|"
    r"dont|isnt|not) (?:really |even )?(?:touch\w*|help\w*|work\w*|scratch\w*|dent\w*|do\w*)|"
    r"for (?:my|me|the|a few|years|months|weeks|ages|\d+)\b|only\b|\d{2,4}\b|when (?:its|it is|it|i|the|bad)|"
    r"if (?:its|it is|it gets|bad)|every (?:night|day|morning|other|few)|nightly|each (?:night|day|morning)|"
    r"since\b|twice|once|daily|sorts?\b|sees me|gets me|osteo\b|extra\b|arthritis\b)"
)
_BEFORE_A_NAME = re.compile(
    r"\b(?:with|by|on|plus|and|n|stick(?:ing)? (?:to|with)|surviv\w* on|been on|live on|liv\w+ off|"
    r"manage\w* (?:on|with)|"
    r"controlled (?:with|by)|managed (?:with|by)|treated with|put on|kept on|some|my|the odd|odd) $"
)
#: What a medicine does, or who keeps one from it: no word of taking it.
_ONLY_SPOKEN_OF = re.compile(
    r"\b(?:brings? (?:it |them |me )?on|sets? (?:it|me|mine|my|them) off|near|bother\w*|"
    r"stay(?:ing)? (?:away|off|clear)|"
    r"steer clear|clear of|swell\w*|rash|hives|let me|wont let|what is|whats|any good|how about|heard)\b"
)
_PRESCRIBED = re.compile(
    r"\b(?:doctor|doc|dr|gp|they|hospital|nurse|pharmacist|chemist|physio|surgery|consultant|a and e|er|"
    r"clinic|he|she)"
    r"(?:s| has| have| had|ve)?(?: \w+)? (?:gave|given|give|put|prescribed|started|got|have|has|sent) "
    r"me (?:on |onto |home with )?"
    r"(?!a rash|an ulcer)"
)
_NOT_TAKEN = re.compile(
    r"\b(?:allerg\w+|react\w*|cant (?:take|have|tolerate)|cannot (?:take|have|tolerate)|cant be (?:on|given)|"
    r"stopped|"
    r"came off|come off|coming off|weaned off|gave up|given up|quit|used to|no longer|not any ?more|"
    r"years? ago|"
    r"months? ago|in the past|previously|tried|refus\w*|avoid\w*|was on|were on|finished|ran out|run out|"
    r"why (?:not|cant|no|dont|didnt)|can i|could i|should i|may i|would|what about|is it (?:ok|safe)|do you|"
    r"does|"
    r"how (?:many|much|long)|can you|is it|are there|want(?:ed)?|scared of|gives me|gave me|made me|"
    r"makes me|sets? (?:it |me |mine )?off|brings? (?:it |me )?(?:on|out)|bad for|instead of|rather than|"
    r"took me off|taken off|binned|chucked|threw|(?:never|dont|didnt|doesnt|wont|not) (?:bother\w*|start\w*|"
    r"agree\w*|like|let)|"
    r"is out|(?:are|was|is|were) (?:out|off limits|a no|no go)|upset\w*|swears? by|triggers?|wont let|not allowed|"
    r"(?:stay|keep|stick|steer|kept|stuck) (?:well |right )?(?:away|clear|off)|left off|any good|no good for me|"
    r"not for me|heard|read (?:that|about)|switched (?:me )?from|swapped (?:me )?from|moved (?:me )?from|"
    r"used up|waiting (?:for|to)|due to start|meant to start|about to start|(?:going|want me) to start|"
    r"lecture\w*|rashes?|wheez\w*|attacks?(?! after)|"
    r"ok with|fine with|offered|suggested|recommend\w*|thinking (?:of|about)|intolerant|sensitiv\w*|"
    r"worse (?:with|after|on))\b"
)
#: A question may lack its mark.
_ASKS_ABOUT = re.compile(
    r"\W*(?:(?:hi|hello|ok|also|and|but|so)[ ,]+)?(?:is|are|can(?! only| (?:take|have)\b)|could|should|does|"
    r"do|did|will|"
    r"what|which|why|how|whats|hows)\b(?! not)"
)
_NO_ALLERGIES = re.compile(r"\bno (?:known |drug |other )*allerg\w+")
#: "Switched me from naproxen to codeine": the one before "to" is given up, the one after it is taken.
_SWITCHED_TO = re.compile(
    r"\b(?:switched|swapped|changed|moved)(?: me)?(?: over)?(?: from (?:\w+ ){1,3})?(?:on ?to|to) $"
)
#: Said after it: "they gave me tramadol but I never took it".
_THEN_NOT_TAKEN = re.compile(
    r"[^.;!?]{0,40}?(?:\bbut|\bthough|,|\band|\bonly) (?:(?:i|ive|ill|im|then|just|have|it|they|them) ){0,3}"
    r"(?:never (?:take|took|taken|touch\w*|start\w*|used?|bother\w*|picked)|binned|stopped|chucked|"
    r"threw (?:it|them)|refuse\w*|came off|gave (?:it|them) up|"
    r"(?:dont|didnt|havent|wont|not) (?:actually |really |even )?(?:take|took|taken|taking|taking|started|"
    r"use|used|"
    r"using)(?: (?:it|them|any|1|one|those|that)\b|(?= ?(?:$|[,.;]))))"
)
#: Medicines and nothing else between two commas are taken: "71, apixaban and a statin, retired".
_BESIDE_NAMES = re.compile(
    r"\b(?:and|a|an|the|my|plus|with|also|of|some|daily|tablets?|caps\w*|pills?|patch\w*|meds?|mg|mcg|od|bd|"
    r"tds|qds|prn|"
    r"as well|too|then|at|in|night|nite|nights|nightly|morning|mornings|bedtime|lunch\w*|twice|once|a day|"
    r"times|day|"
    r"week|weekly|slow release|sr|mr|xl|er|forte|plus|for|\w+ing|on|just|only|regular|high|low|dose|jabs?|"
    r"injections?|yes|ok|both|couple|it|that|thats|all|lot|etc|usual|inhalers?|gel|cream|spray|drops|i|take|"
    r"occasional(?:ly)?|sometimes|odd|lots?|load|loads|\d+(?:\.\d+)?(?:mg|mcg|g|ml)?s?)\b|[^\w]"
)
#: Asked about one of these, a name alone tells of something else.
_NOT_ABOUT_NOW = frozenset(
    {"nsaid_allergy", "asthma", "past_treatments", "prev_helpful", "prev_unhelpful", "prev_adverse", "goals"}
)
_TAKES_NOW = re.compile(
    r"(?:,| and| -) (?:(?:i|im|i am|ive|just|only|now|currently|still|been|so) ){0,3}(?:take|taking|on|"
    r"using|have)(?= )"
)
_NO_MEDICINES = re.compile(
    r"\b(?:no|not (?:on|taking)(?: any)?|dont (?:take|have|use)(?: any)?|not any|without|zero|take no|on no|"
    r"havent got any|"
    r"not currently (?:on|taking)(?: any)?|dont do)(?: other| regular| current)? "
    r"(?:tablets?|meds?|medicines?|medications?|pills?|drugs?|prescriptions?|painkillers?)\b(?! (?:that|"
    r"which|for|help))|"
    r"\b(?:dont|do not) take (?:anything|any|a thing)\b|\b(?:take|taking|on|using) nothing\b|"
    r"\bnot (?:on|taking)(?: anything| any(?:thing)?| a (?:thing|single thing|sausage)| nothing)(?= ?(?:$|"
    r"[,.;!]))|"
    r"^ ?never (?:needed|taken|had|took|wanted) (?:any|them|anything|1)[ .!]*$|^(?:zilch|nada|zip|nowt|nil|"
    r"diddly|naff all|sod all|not a (?:thing|sausage|bean|single 1|single one)|"
    r"nothing|"
    r"none|no meds?)"
    r"(?: (?:at all|at the (?:mo|minute|moment|present)|atm|right now|now|currently|for now|thanks|"
    r"thank you|whatsoever|"
    r"yet|today|really|to speak of|prescribed|regular|as such|touch wood))*[ .!]*$|"
    r"\b(?:never (?:touched|taken|took|take|had|been on|needed|popped|swallowed)(?: so much as)? "
    r"(?:an?|any|1|one|a single)? ?(?:tablets?|pills?|painkillers?|medicines?|medications?|meds))\b|"
    r"\b(?:im |am |totally |completely )(?:medication|tablet|drug|pill|med) free\b|"
    r"\bnothing (?:at all|at the moment|"
    r"regular|currently|prescribed)\b"
)
_SPEAKS_OF_MEDICINES = re.compile(
    r"\b(?:tak\w+|using|on nothing|tablets?|meds?|medicines?|medications?|pills?|drugs?|prescri\w+|painkillers?)\b"
)
_NOT_SWALLOWED = re.compile(r" (?P<form>gel|cream|ointment|spray|inhaler|drops|nasal spray|plasters?)\b")
_JOINING = re.compile(r",| and | plus |;|\+|\n| as well as | along with ")
_LEFT_OVER_WORDS = re.compile(
    r"^(?:(?:i|im|ive|am|take|taking|takes|on|just|only|also|some|my|the|a|and|use|using|been|have|got|"
    r"prescribed|currently|"
    r"tablets? (?:called|for)|yes|yeah|yep|well|oh|um|er|sometimes|occasional(?:ly)?|regular(?:ly)?|then|"
    r"daily|ok|so|of|"
    r"course|now|do|half|few|including|like|say)\b[ ,:]*)+"
)
_NOT_A_NAME = re.compile(
    r"\b(?:(?:thats|its) (?:it|all|the lot|everything)|nothing|none|no|not|dont|loads|lots|many|several|"
    r"things?|why|what|how|sure|know|remember|"
    r"forgot\w*|skip|"
    r"i|im|ive|it|its|he|she|hes|shes|they|them|was|were|is|are|am|says?|said|wanted|want|because|when|if|but|"
    r"himself|herself|nights?|couple|days?|weeks?|months?|ones|both|same|feel\w*|today|yesterday|ago|since|"
    r"years?|trying|"
    r"never|pain|back|leg|hurts?|stop|help|unsure|private|tablets?$|meds?$|medication$|medicines?$|pills?$|yes|"
    r"doctor)\b"
)
_DOSE = re.compile(
    r"\b\d+(?:\.\d+)? ?(?:mg|mcg|g|ml|units?|%)\b|\b(?:twice|once|three times|\d times) (?:a )?da(?:y|ily)\b|"
    r"\b(?:at (?:night|nite|bedtime)|in the (?:morning|evening)|before bed|every (?:day|night|morning))\b"
)
_LONGEST_NAME_WORDS = 6
_PIECE_ENDS = (",", ".", ";", ":", "!", "\n", "(", ")", " - ", " but ", " so ", " because ")
#: A name of so many letters, as like a known one as this and no longer or shorter, is that one misspelt.
_LEAST_TO_GUESS, _ALIKE, _LETTERS_OFF = 7, 0.82, 2


def read_medicines(utterance: Utterance, lexicon: Lexicon) -> Iterator[Mention]:
    """`current_meds` by generic name, and the class facts that taking them makes true."""
    asked = utterance.asks in _ASKS_FOR_MEDICINES
    names: list[str] = []
    first: int | None = None
    end = 0
    for match in _names(lexicon).finditer(utterance.words):
        generic, classes = lexicon.medicines[match.group()]
        taken = _is_taken(utterance, match.start(), match.end(), asked=asked)
        if taken is None:
            continue
        form = _not_swallowed(utterance.text, match)
        if form is not None:
            generic, classes = f"{generic} {form}", ()
        for field in classes:
            yield Mention(field, taken, match.start(), match.end())
        if taken and not (generic in _CLASS_WORDS and classes):
            names.append(generic)
            first = match.start() if first is None else first
            end = match.end()
    if utterance.asks == MEDICINES:
        for name, start, stop in _other_names(utterance, lexicon):
            known = _misspelt(name, lexicon)
            if known is not None:
                name, classes = lexicon.medicines[known]
                for field in classes:
                    yield Mention(field, True, start, stop)
            names.append(name)
            first = start if first is None else min(first, start)
            end = max(end, stop)
    if names and first is not None:
        one = mention(MEDICINES, list(dict.fromkeys(names)), first, end)
        if one is not None:
            yield one
    elif (
        (none := _NO_MEDICINES.search(utterance.text)) is not None
        and "want" not in utterance.text
        and (utterance.asks == MEDICINES or _SPEAKS_OF_MEDICINES.search(none.group()))
    ):
        yield Mention(MEDICINES, (), none.start(), none.end())


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> WholeWords:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return WholeWords.of(r"\b(?:" + "|".join(re.escape(name) for name in ordered) + r")(?![a-z])")


def _misspelt(name: str, lexicon: Lexicon) -> str | None:
    """The medicine that was meant by "amitriptilyne"; short words are too like each other to guess."""
    if len(name) < _LEAST_TO_GUESS or " " in name:
        return None
    alike = [
        known
        for known in lexicon.medicines
        if known[0] == name[0] and abs(len(known) - len(name)) <= _LETTERS_OFF
    ]
    return next(iter(get_close_matches(name, alike, n=1, cutoff=_ALIKE)), None)


def _names(lexicon: Lexicon) -> WholeWords:
    return _pattern(tuple(lexicon.medicines))


def _is_taken(utterance: Utterance, start: int, end: int, *, asked: bool) -> bool | None:
    """True when taken now, False when denied, None when only spoken of."""
    scopes = utterance.scopes
    clause = utterance.clause(start, end)
    if _ASKS_ABOUT.match(scopes.sentence(start, end)):
        return None
    if _SWITCHED_TO.search(utterance.text[max(0, start - 60) : start]):
        return True
    if _THEN_NOT_TAKEN.match(utterance.text, end):
        return None
    if scopes.of_another(start, end) or scopes.what_if(start, end):
        return None
    if _NOT_TAKEN.search(_PRESCRIBED.sub(" prescribed ", _said_of_it(utterance, start, end))):
        return False if asked and _GIVEN_UP.search(clause) and _is_class(utterance.asks) else None
    if utterance.asks == "asthma" and re.search(r"\bnever\b", clause):
        return None
    if scopes.negated(start, end):
        told_of = r"\b(?:help\w*|work\w*|touch(?:es|ing)|touch (?:it|the|this|my)|do anything|want)\b"
        return None if re.search(told_of, clause) else False
    if asked or _TAKES.search(scopes.sentence(start, end)) or _PRESCRIBED.search(clause):
        return None if not asked and _ONLY_SPOKEN_OF.search(clause) else True
    named = _named_as_taken(utterance, start, end, clause) or _stands_alone(utterance, start, end)
    return True if named else None


def _named_as_taken(utterance: Utterance, start: int, end: int, clause: str) -> bool:
    """A medicine named among other things about oneself: "epilepsy, keppra keeps it quiet"."""
    text = utterance.text
    if "?" in utterance.scopes.sentence(start, end) or _ONLY_SPOKEN_OF.search(clause):
        return False
    before = text[max(0, start - 24) : start]
    return _BESIDE_A_NAME.match(text, end) is not None or _BEFORE_A_NAME.search(before) is not None


def _said_of_it(utterance: Utterance, start: int, end: int) -> str:
    """The clause, from where "taking" begins a thought of its own: "allergic to penicillin, take lansoprazole"."""
    begin, stop = utterance.scopes.clause(start, end)
    begins = [match.end() for match in _TAKES_NOW.finditer(utterance.text, begin, start)]
    return _NO_ALLERGIES.sub(" ", utterance.text[max([begin, *begins]) : stop])


def _stands_alone(utterance: Utterance, start: int, end: int) -> bool:
    """Told in passing, with no verb: medicines and doses and nothing else between two commas."""
    asks = utterance.asks or ""
    if asks in _NOT_ABOUT_NOW or asks.startswith("pref_") or "?" in utterance.text:
        return False
    if _NOT_TAKEN.search(_NO_ALLERGIES.sub(" ", utterance.scopes.sentence(start, end))):
        return False
    before = max(utterance.text.rfind(mark, 0, start) for mark in _PIECE_ENDS)
    after = min((at for mark in _PIECE_ENDS if (at := utterance.text.find(mark, end)) >= 0), default=None)
    piece = utterance.text[before + 1 : after]
    rest = _names(load_lexicon()).pattern.sub(" ", piece)
    alone = not _BESIDE_NAMES.sub("", rest)
    # One name and nothing else may be the beginning of anything.
    return alone and (piece.strip(" .!") != utterance.text.strip(" .!") or " " in piece.strip())


def _is_class(asks: str | None) -> bool:
    return asks is not None and asks != MEDICINES and asks in _ASKS_FOR_MEDICINES


def _not_swallowed(text: str, match: re.Match[str]) -> str | None:
    """The form of a medicine that is rubbed in, dropped or breathed in."""
    form = _NOT_SWALLOWED.match(text, match.end())
    return form["form"] if form is not None else None


def _other_names(utterance: Utterance, lexicon: Lexicon) -> Iterator[tuple[str, int, int]]:
    """What else was listed, in the patient's own words: the clinician wants to see it."""
    if only_comes_or_goes(utterance.text):
        return
    at = 0
    for piece in _JOINING.split(utterance.text):
        start = utterance.text.index(piece, at)
        at = start + len(piece)
        if _names(lexicon).pattern.search(piece) or _NOT_A_NAME.search(piece) or "?" in piece:
            continue
        bare = _DOSE.sub(" ", _LEFT_OVER_WORDS.sub("", piece.strip())).strip(" .!:-")
        bare = re.sub(r" +", " ", bare)
        if bare and len(bare) > 2 and bare.count(" ") < _LONGEST_NAME_WORDS and re.search(r"[a-z]{3}", bare):
            yield bare, start + piece.index(piece.strip()), start + len(piece.rstrip())
