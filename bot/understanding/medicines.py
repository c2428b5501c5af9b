"""Medicines that a patient takes, by any name, and the classes that matter for safety (clinical.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from bot.clinical.facts import check
from bot.understanding.asked_values import no_to
from bot.understanding.comings_and_goings import only_comes_or_goes
from bot.understanding.lexicon import Lexicon, load_lexicon
from bot.understanding.medicine_words import (
    ASKS_ABOUT,
    BAR_BEFORE,
    BEFORE_A_NAME,
    BESIDE_A_NAME,
    BESIDE_NAMES,
    GIVEN_UP,
    ITS_EFFECT,
    KEPT_FROM,
    NO_ALLERGIES,
    NOT_TAKEN,
    OF_ITS_CAUSE,
    ONLY_SPOKEN_OF,
    PAST_PIECE,
    PRESCRIBED,
    SHORT_COURSE,
    SO_NOT_OTHERS,
    SWITCHED_TO,
    TAKES,
    TAKES_NOW,
    THAT_ONLY,
    THEN_NOT_TAKEN,
    TOOK_THEN,
)
from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

MEDICINES, RELIEVED = "current_meds", "relieved_by"
#: Asked what helps, a medicine named beside one of these is none that does.
_NO_RELIEF = re.compile(
    r"\b(?:not|nt|dont|doesnt|didnt|never|no (?:help|good|use|effect|relief)|nothing|useless|barely|hardly|neither|"
    r"nor|without)\b"
)
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
#: Asked about one of these, a name alone tells of something else.
_NOT_ABOUT_NOW = frozenset(
    {"nsaid_allergy", "asthma", "past_treatments", "prev_helpful", "prev_unhelpful", "prev_adverse", "goals"}
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
    r"himself|herself|mean|meant|accident\w*|purpose|nights?|couple|days?|weeks?|months?|ones|both|same|feel\w*|"
    r"today|yesterday|ago|since|"
    r"years?|trying|"
    r"never|pain|back|leg|hurts?|stop|help|unsure|private|tablets?$|meds?$|medication$|medicines?$|pills?$|yes|"
    r"doctor|(?:extra|double|maximum|max|regular) strength$|strength$)\b"
)
_DOSE = re.compile(
    r"\b\d+(?:\.\d+)? ?(?:mg|mcg|g|ml|units?|%)\b|\b(?:twice|once|three times|\d times) (?:a )?da(?:y|ily)\b|"
    r"\b(?:at (?:night|nite|bedtime)|in the (?:morning|evening)|before bed|every (?:day|night|morning)|"
    r"(?:just )?to (?:help (?:me )?)?(?:sleep|nod off|get off)|when (?:needed|bad)|as needed)\b"
)
_LONGEST_NAME_WORDS = 6
_FURTHEST_GIVER = 60
_PIECE_ENDS = (",", ".", ";", ":", "!", "\n", "(", ")", " - ", " but ", " so ", " because ")
#: In a joint or the spine these are no tablets.
_ALSO_INJECTED = frozenset({"cortisone", "hydrocortisone", "methylprednisolone", "dexamethasone"})
_A_JAB = re.compile(r" (?:shots?|jabs?|jags?|injections?|needles?|epidurals?)\b")
#: Asked whether one takes a blood thinner, "just a baby aspirin" says no.
_ONLY_THAT = re.compile(r" ?(?:no+,? )?(?:its |i take |i have |im on |i am on )?(?:only|just)\b")
#: Told of a course and not of a class, and denied by another medicine all the same.
_ALSO_DENIED = frozenset({"steroids_long_term"})
#: Between the substances of a tablet that holds two.
_WITH = " with "
#: A name of so many letters, as like a known one as this and no longer or shorter, is that one misspelt.
_LEAST_TO_GUESS, _ALIKE, _LETTERS_OFF = 7, 0.82, 2


def read_medicines(utterance: Utterance, lexicon: Lexicon) -> Iterator[Mention]:
    """`current_meds` by generic name, and the class facts that taking them makes true."""
    asked = utterance.asks in _ASKS_FOR_MEDICINES
    names: list[str] = []
    read: set[str] = set()
    first: int | None = None
    end = 0
    for match in lexicon.medicine_names.finditer(utterance.words):
        generic, classes = lexicon.medicines[match.group()]
        if generic in _ALSO_INJECTED and _A_JAB.match(utterance.text, match.end()):
            continue
        taken = _is_taken(utterance, match.start(), match.end(), asked=asked)
        if taken is None:
            continue
        form = _not_swallowed(utterance.text, match)
        if form is not None:
            generic, classes = f"{generic} {form}", ()
        for field in classes:
            read.add(field)
            yield Mention(field, taken, match.start(), match.end())
        if taken and not (generic in _CLASS_WORDS and classes):
            names.extend(generic.split(_WITH))
            first = match.start() if first is None else first
            end = match.end()
    if utterance.asks == MEDICINES:
        for name, start, stop in _other_names(utterance, lexicon):
            known = _misspelt(name, lexicon)
            if known is not None:
                name, classes = lexicon.medicines[known]
                for field in classes:
                    yield Mention(field, True, start, stop)
            names.extend(name.split(_WITH) if known is not None else [name])
            first = start if first is None else min(first, start)
            end = max(end, stop)
    if (
        names
        and utterance.asks not in read
        and utterance.asks in lexicon.medicine_classes | _ALSO_DENIED
        and _ONLY_THAT.match(utterance.text)
    ):
        yield Mention(
            str(utterance.asks), check(str(utterance.asks), no_to(str(utterance.asks))), first or 0, end
        )
    if names and first is not None:
        one = mention(MEDICINES, list(dict.fromkeys(names)), first, end)
        if one is not None:
            yield one
        if utterance.asks == RELIEVED and not _NO_RELIEF.search(utterance.clause(first, end)):
            yield Mention(RELIEVED, ("medication",), first, end)
    elif (
        (none := _NO_MEDICINES.search(utterance.text)) is not None
        and "want" not in utterance.text
        and (utterance.asks == MEDICINES or _SPEAKS_OF_MEDICINES.search(none.group()))
    ):
        yield Mention(MEDICINES, (), none.start(), none.end())


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


def _is_taken(utterance: Utterance, start: int, end: int, *, asked: bool) -> bool | None:
    """True when taken now, False when denied, None when only spoken of."""
    scopes = utterance.scopes
    clause = utterance.clause(start, end)
    if ASKS_ABOUT.match(scopes.sentence(start, end)):
        return None
    if SWITCHED_TO.search(utterance.text[max(0, start - 60) : start]):
        return True
    if THEN_NOT_TAKEN.match(utterance.text, end):
        return None
    if utterance.asks == "steroids_long_term" and SHORT_COURSE.search(scopes.sentence(start, end)):
        return None
    if scopes.of_another(start, end) or scopes.what_if(start, end):
        return None
    said = PRESCRIBED.sub(" prescribed ", _said_of_it(utterance, start, end))
    if THAT_ONLY.match(utterance.text, end) and not scopes.negated(start, end):
        return True
    if BAR_BEFORE.search(utterance.text[max(0, start - 24) : start]):
        return True
    if utterance.asks == MEDICINES:
        said = ITS_EFFECT.sub(" ", said)
    if NOT_TAKEN.search(said) or TOOK_THEN.search(scopes.sentence(start, end)):
        return False if asked and GIVEN_UP.search(clause) and _is_class(utterance.asks) else None
    if utterance.asks == "asthma" and re.search(r"\bnever\b", clause):
        return None
    if scopes.negated(start, end):
        told_of = r"\b(?:help\w*|work\w*|touch(?:es|ing)|touch (?:it|the|this|my)|do anything|want)\b"
        kept_from = KEPT_FROM.search(clause) and not _is_class(utterance.asks)
        return None if kept_from or re.search(told_of, clause) else False
    if asked or TAKES.search(scopes.sentence(start, end)) or PRESCRIBED.search(clause):
        return None if not asked and ONLY_SPOKEN_OF.search(said) else True
    named = _named_as_taken(utterance, start, end, said) or _stands_alone(utterance, start, end)
    return True if named else None


def _named_as_taken(utterance: Utterance, start: int, end: int, said: str) -> bool:
    """A medicine named among other things about oneself: "epilepsy, keppra keeps it quiet"."""
    text = utterance.text
    if "?" in utterance.scopes.sentence(start, end) or ONLY_SPOKEN_OF.search(said):
        return False
    before = text[max(0, start - 24) : start]
    return BESIDE_A_NAME.match(text, end) is not None or BEFORE_A_NAME.search(before) is not None


def _said_of_it(utterance: Utterance, start: int, end: int) -> str:
    """The clause, from where "taking" begins a thought of its own: "allergic to penicillin, take lansoprazole"."""
    begin, stop = utterance.scopes.clause(start, end)
    begins = [match.end() for match in TAKES_NOW.finditer(utterance.text, begin, start)]
    past = PAST_PIECE.match(utterance.text, begin, start)
    begin = max([begin, *begins, past.end() if past is not None else begin])
    # "The doctor just gave me": a clause begins at "just", and who gave it stands before.
    begin = min(begin, _given_from(utterance.text, start, begin))
    after = OF_ITS_CAUSE.sub(" ", SO_NOT_OTHERS.sub(" ", utterance.text[end:stop]))
    return NO_ALLERGIES.sub(" ", utterance.text[begin:end] + after)


def _given_from(text: str, start: int, otherwise: int) -> int:
    left = max(0, start - _FURTHEST_GIVER)
    given = [match for match in PRESCRIBED.finditer(text, left, start) if match.end() == start]
    return given[0].start() if given else otherwise


def _stands_alone(utterance: Utterance, start: int, end: int) -> bool:
    """Told in passing, with no verb: medicines and doses and nothing else between two commas."""
    asks = utterance.asks or ""
    if asks in _NOT_ABOUT_NOW or asks.startswith("pref_") or "?" in utterance.text:
        return False
    if NOT_TAKEN.search(PAST_PIECE.sub("", NO_ALLERGIES.sub(" ", utterance.scopes.sentence(start, end)))):
        return False
    before = max(utterance.text.rfind(mark, 0, start) for mark in _PIECE_ENDS)
    after = min((at for mark in _PIECE_ENDS if (at := utterance.text.find(mark, end)) >= 0), default=None)
    piece = utterance.text[before + 1 : after]
    rest = load_lexicon().medicine_names.pattern.sub(" ", piece)
    alone = not BESIDE_NAMES.sub("", rest)
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
        if lexicon.medicine_names.pattern.search(piece) or _NOT_A_NAME.search(piece) or "?" in piece:
            continue
        bare = _DOSE.sub(" ", _LEFT_OVER_WORDS.sub("", piece.strip())).strip(" .!:-")
        bare = re.sub(r" +", " ", bare)
        if bare and len(bare) > 2 and bare.count(" ") < _LONGEST_NAME_WORDS and re.search(r"[a-z]{3}", bare):
            yield bare, start + piece.index(piece.strip()), start + len(piece.rstrip())
