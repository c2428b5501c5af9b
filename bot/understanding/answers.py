"""Yes, no, not sure or rather not: what a message answers, whatever the question was."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.clinical.facts import FIELDS, FieldKind
from bot.understanding.composed import says_no
from bot.understanding.lexicon import AnswerWords, load_lexicon
from bot.understanding.lexicon.openings import WordStarts
from bot.understanding.roundabout import says_no_roundabout, turns_it_round
from bot.understanding.utterance import Utterance

YES, NO, UNSURE, SKIP = "yes", "no", "unsure", "skip"

#: Where in a message an "I don't know" still answers the question, in characters.
_UNSURE_WITHIN = 70
#: A longer message tells a story, and a "no" in it may belong to anything.
_STORY = 160
_UNWELL = re.compile(
    r"\b(?:not|never|isnt|arent|aint|doesnt|dont|nothing|no longer|hardly|barely)\b"
    r"(?! (?:wrong|to report|different|out of|amiss|untoward|of note|sinister|"
    r"to (?:write|shout|worry|complain|grumble))\b)"
)
_ZERO = re.compile(r"0[ .!]*$")
#: The question whether this is an emergency right now; no field of the vocabulary.
_SCREEN = "emergency_screen"
#: "OK" is heard, not answered. A question about danger is asked again rather than read as yes or no.
_MERELY_HEARD = re.compile(
    r"(?:(?:right|oh|well|um+|so|yes|yeah|ya|thats|its|all|and|then|cool|great|sure|hi|hello|"
    r"doc|doctor|mate|love|thanks|thank you)[ ,.!]+)*?"
    r"(?:ok+|okay+|okey|okie|k+|o k|alright|all right|righto|right(?: then| you are)?|cool|got (?:it|you|"
    r"that)|gotcha|"
    r"understood|noted|i see|"
    r"fair enough|carry on|go on|go ahead|fire away|next|lets (?:go|do it|start|continue)(?: on)?)"
    r"(?:[ ,.!]+(?:ok|okay|then|thanks|thank you|cheers|got it|doc|doctor|mate|love|lol|sure|cool|great|so|next|"
    r"go on|carry on|understood|lets go(?: on)?|continue|sir|madam|dear|bro|yaar|ji))*[ .!]*$"
)
_HEARD_FIRST = re.compile(
    r"^(?:(?:ok+|okay+|okey|k+|righto|alright)(?:[,.!]+ ?|"
    r" (?=(?:so|yes|yeah|no|nope|i|im|ive|youre|well|but|its|my|lets|and|"
    r"then|not|never|maybe)\b)))+"
)
_FIRM = re.compile(r"(?:yes|yeah|ya)\b|(?:its|thats|all)\b")
_NOT_A_NO = re.compile(r"(?:never|nothing|none|not|i dont|i havent|dont|havent)\b")
_SECOND_THOUGHTS = re.compile(
    r"[ ,.!-]*(?:(?:wait|sorry|actually|i mean|i meant|hang on|or rather|well|hm+|oh)[ ,.!-]*)*"
)


_CONCLUSION = re.compile(
    r"(?:\b(?:so|then|hence|therefore|meaning|in short|all in all|overall)[ ,:]+"
    r"(?:(?:its|it is|thats|that is|ill say|id say|i say|i guess|i suppose|i think|i would say|definitely|"
    r"probably|a|it is a|"
    r"call it|put|the answer is) ){0,3}"
    r"(?:(?P<yes>yes|yeah|yep|yup|aye|haan)|no|nope|nah|not)"
    r"(?:,? (?:this (?:week|month)|since \w+|recently|lately|now|today|yesterday|doctor|sir|madam))?[ .!]*$)"
)


#: "My star sign is cancer, does that count lol. No never".
_AFTER_A_JOKE = re.compile(
    r"\b(?:counts?(?: does it)?|lol|haha|hehe|ha ha|joking|kidding|jk)[ ,.?!]+(?:no|nope|nah)"
    r"(?: (?:never|dear|love|seriously|really|thanks|nothing|not me|doctor))*[ .!]*$"
)
#: "What has that got to do with my back??" asks, and is not unsure.
_WHAT_FOR = re.compile(r"\b(?:whats?|hows?|why)\b.{0,50}\b(?:to do with|matter|relevant|related to)\b")
_EITHER = re.compile(
    r"\b(?:maybe|perhaps|could be) (?:yes|no),? (?:and |or )?(?:maybe|perhaps|could be) (?:yes|no)\b"
)
_FIRST_PIECE = re.compile(r"( ?[,;.]+ ?)")
#: After "all is well" these may say that not all is.
_TAKEN_BACK = re.compile(
    r"\b(?:but|except|apart|until|till|however|though|although|unless|lately|now|today|yesterday|since|recently|"
    r"numb\w*|weak\w*|pain\w*|hurt\w*|bleed\w*|blood\w*|leak\w*|swell\w*|swollen|tingl\w*|cant|cannot|couldnt|worse|"
    r"not|no longer|yet|bit|little|slight\w*|sometimes|occasional\w*|maybe|perhaps|used to|was|were|think|"
    r"guess|lost|less|"
    r"started|new|strange|funny|odd|yes|yeah)\b|\?"
)


@dataclass(frozen=True)
class Answer:
    """What was said and where; `hedged` marks a "no" with a "but maybe", `concludes` a "so yes" at the end.

    `faint` marks a yes that only an amount or a time makes: "a bit", "sometimes"; `narrow` a "no" that was said
    of the field that was asked, and not of all that its question asks for.
    """

    kind: str
    start: int
    end: int
    hedged: bool = False
    concludes: bool = False
    faint: bool = False
    narrow: bool = False


def read_answer(utterance: Utterance) -> Answer | None:
    """The answer in a message; None when it holds none."""
    text = utterance.text.strip()
    if not text:
        return None
    if _asks_of_danger(utterance.asks):
        if _MERELY_HEARD.match(text) and not _FIRM.match(text):
            return None
        text = _HEARD_FIRST.sub("", text, count=1)
    shift = utterance.text.rindex(text)
    words = utterance.words if text == utterance.text else WordStarts(text)
    found = (
        _in_a_roundabout_way(text, utterance.asks)
        or _concluded(text)
        or _answer(words, utterance.asks, load_lexicon().answers)
    )
    if found is None:
        return None
    return replace(found, start=found.start + shift, end=found.end + shift)


def _concluded(text: str) -> Answer | None:
    """ "Haven't dieted, so yes": what the patient makes of the story is the answer."""
    last = _CONCLUSION.search(text)
    if last is None or last.start() == 0:
        joked = _AFTER_A_JOKE.search(text)
        return Answer(NO, *joked.span()) if joked is not None else None
    return Answer(YES if last["yes"] else NO, *last.span(), concludes=True)


def _in_a_roundabout_way(text: str, asks: str | None) -> Answer | None:
    """ "It's the wife gets those, never had one": no, whatever was read in the words for it."""
    if asks is None or len(text) > _STORY:
        return None
    if turns_it_round(text, asks):
        return Answer(NO, 0, len(text), concludes=True, narrow=True)
    if not asked_of_trouble(asks) or not says_no_roundabout(text, asks, load_lexicon().roundabout):
        return None
    return Answer(NO, 0, len(text), concludes=True, narrow=True)


def asked_of_trouble(asks: str | None) -> bool:
    """Whether the question asks for something bad, so that "fine" answers no."""
    return wants_yes_or_no(asks) and not str(asks).startswith(("pref_", "improves_", "goal_"))


def _asks_of_danger(asks: str | None) -> bool:
    """Whether "yes" to this question may be a danger sign (clinical.md §1)."""
    known = FIELDS.get(asks or "")
    return asks == _SCREEN or (known is not None and (known.red_flag or bool(known.danger)))


def wants_yes_or_no(asks: str | None) -> bool:
    """Whether "yes" or "no" says something about the field that was asked."""
    known = FIELDS.get(asks or "")
    if known is None:
        return False
    return known.kind is FieldKind.BOOL or (
        known.kind is FieldKind.CHOICE and ("none" in known.values or "no" in known.values)
    )


def _answer(plain: WordStarts, asks: str | None, words: AnswerWords) -> Answer | None:
    text = plain.text
    yes, no = words.yes.match(text), words.no.match(text)
    if yes is None and (skip := words.skip.search(plain)) is not None:
        return Answer(SKIP, *skip.span())
    if (turned := _turned(text, yes, no, words)) is not None:
        return turned
    unsure = words.unsure.search(plain) or words.maybe.match(text)
    if _WHAT_FOR.search(text):
        unsure = None
    if no is not None and (unsure is None or words.plain_no.match(text)):
        kind = YES if _no_problem(no, asks) else NO
        return Answer(kind, *no.span(), hedged=words.but_some.search(text, no.end()) is not None)
    if unsure is not None and unsure.start() <= (_UNSURE_WITHIN if yes is None else 0):
        return Answer(UNSURE, *unsure.span())
    if yes is not None:
        rest = text[yes.end() :].lstrip(" ,.!")
        all_is_well = asked_of_trouble(asks) and _all_well(text, rest, asks, words)
        return Answer(NO, 0, len(text)) if all_is_well else Answer(YES, *yes.span())
    return _in_other_words(text, asks, words)


def _all_well(text: str, rest: str, asks: str | None, words: AnswerWords) -> bool:
    """ "Yes fine", "all good in that department", "yes I'm safe, just me and the cat"."""
    if words.fine.match(rest) is not None or _fine_at_first(rest, asks, words):
        return True
    whole = words.fine.fullmatch(text) if text.startswith("all ") and rest else None
    return whole is not None and not _UNWELL.search(text) and not _still_baby(text, asks)


def _no_problem(no: re.Match[str], asks: str | None) -> bool:
    """ "No problem" agrees to a wish; of a symptom it says no."""
    following = no.string[no.end() : no.end() + 10]
    return not asked_of_trouble(asks) and re.match(r" (?:problem|worries|issue)", following) is not None


def _turned(
    text: str, yes: re.Match[str] | None, no: re.Match[str] | None, words: AnswerWords
) -> Answer | None:
    """ "Yeah no", "no wait yes": the last word counts; "yes and no" counts for neither."""
    if text.startswith(("yes and no", "kind of yes", "yes no maybe")) or _EITHER.search(text):
        return Answer(UNSURE, 0, len(text))
    first = yes or no
    if first is None:
        return None
    thoughts = _SECOND_THOUGHTS.match(text, first.end())
    at = thoughts.end() if thoughts is not None else first.end()
    tail = text[at:]
    other = (words.no if yes is not None else words.plain_yes).match(tail)
    if other is None or (yes is not None and _NOT_A_NO.match(tail)):
        return None
    return Answer(NO if yes is not None else YES, 0, at + other.end())


def _still_baby(text: str, asks: str | None) -> bool:
    """A baby that is quiet, calm or steady is no "all is well" (clinical.md §1.2 H)."""
    return (
        asks == "reduced_fetal_movements"
        and re.search(r"\b(?:quiet\w*|calm\w*|still|settled|less)\b", text) is not None
    )


def _fine_at_first(text: str, asks: str | None, words: AnswerWords) -> bool:
    """ "Steady as a rock, I ballroom dance": all is well, and nothing after it takes that back."""
    pieces = _FIRST_PIECE.split(text, maxsplit=1)
    if len(pieces) < 3:
        return False
    first, rest = pieces[0].strip(), pieces[2]
    if not first or _TAKEN_BACK.search(rest) or _still_baby(text, asks):
        return False
    well = words.fine.fullmatch(first)
    return well is not None and not _UNWELL.search(first)


def _in_other_words(text: str, asks: str | None, words: AnswerWords) -> Answer | None:
    if (match := words.no_later.search(text)) is not None:
        return Answer(NO, *match.span())
    if (match := words.yes_later.search(text)) is not None:
        return Answer(YES, *match.span())
    all_well = words.fine.match(text) if asked_of_trouble(asks) else None
    if all_well is not None and not _UNWELL.search(all_well.group()) and not _still_baby(text, asks):
        return Answer(NO, *all_well.span())
    if asked_of_trouble(asks) and _fine_at_first(text, asks, words):
        return Answer(NO, 0, len(text))
    if asked_of_trouble(asks) and (match := _ZERO.match(text)) is not None:
        return Answer(NO, *match.span())
    if wants_yes_or_no(asks) and (match := words.some.match(text)) is not None:
        return Answer(YES, *match.span(), faint=True)
    if not asked_of_trouble(asks) and (match := words.content.match(text)) is not None:
        return Answer(YES, *match.span())
    if asked_of_trouble(asks) and says_no(text) and not _still_baby(text, asks):
        return Answer(NO, 0, len(text))
    return None
