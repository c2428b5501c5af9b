"""What only the patient can put in words: activities that are hard now, with a score, and goals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.clinical.facts import Activity
from bot.understanding.comings_and_goings import only_comes_or_goes
from bot.understanding.goals_told import GOALS, apart, bare_goal, goals_told
from bot.understanding.mentions import Mention, mention
from bot.understanding.scores import scores
from bot.understanding.utterance import Utterance

ACTIVITIES = "psfs"
#: Fields whose answer is the message itself. An interruption must not end up in them.
OWN_WORDS = frozenset({ACTIVITIES, GOALS})

_LONGEST = 300
_LETTERS = re.compile(r"[^\W\d_]{3}")
_PREPOSITION = re.compile(r"^(?:for|with|on|at) ", re.IGNORECASE)
_NOT_THE_ANSWER = re.compile(
    r"\?|^(?:why|what|whats|how|when|who|where|which|can (?:i|we|you)|could you|do you|are you|is (?:this|it|"
    r"there)|stop|help|skip|next|hi|hello|hey|"
    r"thanks|thank you|bye|wait|sorry|go back|start again|restart|delete|cancel|quit|i want to (?:stop|talk|"
    r"speak|delete)|talk to)\b|"
    r"^(?:yes|yeah|no|nope|none|nothing|not sure|dont know|i dont know|unsure|n/a|no idea|idk|dunno|ok|okay|"
    r"all of (?:it|them)|everything)[ .!]*$|"
    r"\b(?:rather not|prefer not|none of your|what do you mean|dont understand)\b"
)
_SEPARATE = re.compile(r"\n|;|(?<=[a-z)])\. (?=\S)|,(?= ?\S)|\band also\b| - ")
_LEAD = re.compile(
    r"^(?:(?:\d[.)]|well|um+|so|and|also|oh|er+|hm+|maybe|just|probably|yes|yeah|ok)[ ,]+)*(?:(?:id|i would|"
    r"i|my|the)? ?(?:just |really |also |mainly |only )?"
    r"(?:want|wanna|like|love|hope|need|wish|goal is|aim is|main goal is|biggest goal is|aim|hoping|"
    r"looking)(?: to| for)?(?: be able to| get back to)? )?",
    re.IGNORECASE,
)
#: Said about the goal, not a goal of its own.
_COMMENT = re.compile(
    r"(?:that(?:'|\u2019)?s|thats|that is|its|it's|is) (?:all|it|the (?:dream|goal|plan|aim|main thing)|"
    r"my (?:dream|goal|aim)|about it|everything)"
    r"|(?:nothing|not(?:hing)? (?:too|that)?) ?(?:fancy|special|major|much|big|crazy|mad|wild)|(?:nothing|"
    r"no) (?:more|else)|please|thanks|if (?:possible|i can)|simple as(?: that)?|not much to ask"
)
_SCORE_WORDS = re.compile(
    r"[ ,:=-]*(?:(?:is|are|about|around|maybe|i'?d say|i would say|id give (?:it|that)|give (?:it|that)|"
    r"scores?|at|a|an|say|like|probably|=|-|"
    r":)[ ,]*)*$"
)


def read_own_words(utterance: Utterance) -> Iterator[Mention]:
    """Activities and goals when they were asked for; a goal told outright at any time."""
    if only_comes_or_goes(utterance.text):
        return
    if utterance.asks == ACTIVITIES:
        yield from _activities(utterance)
    elif utterance.asks == GOALS:
        yield from _goals(utterance)
    else:
        yield from goals_told(utterance)


def _activities(utterance: Utterance) -> Iterator[Mention]:
    text = utterance.text.rstrip()
    if not text or _NOT_THE_ANSWER.search(text.strip()):
        return
    found = list(scores(text))
    if not found:
        words = _trimmed(utterance.plain.original)
        if words:
            yield from _one(utterance, [Activity(words)], 0, len(text))
        return
    named: list[Activity] = []
    at = 0
    for score in found:
        before = text[at : score.start]
        cut = _SCORE_WORDS.search(before)
        stop = at + (cut.start() if cut is not None else len(before))
        words = _trimmed(utterance.plain.words(at, stop)) if stop > at else ""
        if _LETTERS.search(words):
            named.append(Activity(words, score.top))
        at = score.end
    rest = _trimmed(utterance.plain.words(at, len(text))) if at < len(text) else ""
    if not named and _LETTERS.search(rest):
        named = [Activity(_PREPOSITION.sub("", rest), found[0].top)]
    if not named:
        return
    yield from _one(utterance, named, 0, len(text))


def _one(utterance: Utterance, named: list[Activity], start: int, end: int) -> Iterator[Mention]:
    one = mention(ACTIVITIES, tuple(named), start, end)
    if one is not None:
        yield one


def _goals(utterance: Utterance) -> Iterator[Mention]:
    text = utterance.text.strip()
    if not text or _NOT_THE_ANSWER.search(text):
        return
    pieces = [_trimmed(piece) for piece in _SEPARATE.split(utterance.plain.original)]
    goals = [bare_goal(_LEAD.sub("", one), asked=True) for piece in pieces for one in apart(piece)]
    goals = [goal for goal in goals if _LETTERS.search(goal) and not _COMMENT.fullmatch(goal.lower())]
    if goals and (one := mention(GOALS, goals, 0, len(utterance.text))) is not None:
        yield one


def _trimmed(words: str) -> str:
    """One line without control characters, within the length that the vocabulary allows."""
    return (
        " ".join("".join(c if c.isprintable() else " " for c in words).split())
        .strip(" ,.;:-=")[:_LONGEST]
        .strip()
    )
