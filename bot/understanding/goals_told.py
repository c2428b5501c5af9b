"""Goals told unasked: "all I want is to lift the grandchild", "hoping to be back on the bike"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.mentions import Mention, mention
from bot.understanding.utterance import Utterance

GOALS = "goals"
_LONGEST = 300
#: What people do again when the back is better. Wishes to know, to talk or to stop are none of these.
_DO = (
    r"(?:walk|run|jog|play|pick|lift|carry|garden|golf|swim|dance|sit|stand|sleep|drive|cycle|ride|climb|bend|tie|"
    r"put my|put on|kneel|pray|travel|fly|hike|ski|fish|hold|cuddle|bath|hoover|cook|return|train|row|surf|dig|bowl|"
    r"wear|lie|turn over|reach|work|do (?:the|my|a|some)|go (?:walking|running|swimming|fishing|dancing|hiking|back|up|"
    r"down|for|on|out|to (?:the (?:gym|match|mosque|church|shops?)|work|mass))|be (?:able|back|fit|active|out|up)|"
    r"get (?:back|down|up|out|in and out|on with|through|my|the)|keep up|manage|enjoy|make it|finish)"
)
_ING = (
    r"(?:walking|running|playing|picking|lifting|carrying|gardening|golfing|swimming|dancing|sitting|standing|sleeping|"
    r"driving|cycling|riding|climbing|getting|being|going|working|doing|putting|holding)"
)
_ACT = rf"(?:{_DO}|{_ING})\b"
_GOAL = r"(?P<goal>[a-z0-9][^.;!?,]{2,80})"
_BACK_TO = (
    r"(?:be able to|get back (?:to|on|into|in)|go back to|return to|be back (?:at|on|to|in)|getting back to)"
)
_TOLD = (
    re.compile(
        rf"\b(?:i )?(?:just |really |only )?(?:want|wanna|hope|hoping|would like|would love|id like|id love|aim|"
        rf"aiming|looking|"
        rf"i need|need|desperate|keen|dying|want (?:so badly|more than anything)) (?:to )?"
        rf"(?P<lead>be able to|get back to|get back(?= \w+ing\b)|go back to|return to) {_GOAL}"
    ),
    re.compile(
        rf"\b(?:(?:my |the |main |biggest |only |number 1 |1 )*(?:goal|aim|target|dream|ambition)|(?:the )?(?:main|"
        rf"only|1|"
        rf"number 1|biggest|one) thing(?: (?:i (?:really )?want|for me|that matters))?|(?:all|"
        rf"what)(?: that)? i (?:really |"
        rf"actually |just )?(?:want|ask|care about|miss)(?: most| out of this)?)"
        rf"(?: (?:is|was|would be|are|here))?(?: simple| just| really| only)*,?:? ?(?:is |to |just to |just )*"
        rf"(?:be able to |get back to (?!the doctor)|getting back to )?(?={_ACT}){_GOAL}"
    ),
    re.compile(
        rf"\b(?:(?<!you )(?<!they )(?<!doctors )want|wanna|hope|hoping|would like|would love|id (?:just |"
        rf"really )?(?:like|love)|"
        rf"aim|aiming|desperate|dying|keen) to "
        rf"(?=(?:walk|run|jog|play(?! it)|pick up|lift|carry|garden|golf|swim|dance|sit through|"
        rf"sleep through|cycle|ride|"
        rf"climb|"
        rf"tie my|put my|kneel|pray|hike|ski|fish|hold|cuddle|surf|dig|bowl|keep up|get back on|get back in)\b){_GOAL}"
    ),
    re.compile(
        rf"\b(?:just )?(?:wanna|gotta) (?:be able to |get back to )?(?=(?:walk|run|play|pick up|lift|carry|sleep|"
        rf"dance|garden|"
        rf"golf|swim|ride|hold)\b){_GOAL}"
    ),
)
#: A wish of now, of somebody else, or one that is denied.
_NO_GOAL = re.compile(
    r"\b(?:dont|do not|not|never|didnt|doesnt|wouldnt|if i|when i|should i|can i|whether|used to|makes me|scared|"
    r"afraid)"
    r"(?: \w+){0,3} ?$"
)
#: Asked for these, a wish may be told in any words; elsewhere only in the plainest.
_ASKS_NEAR_BY = frozenset({None, "psfs", "recovery_expectation", "fear_of_movement"})
_ASKS = re.compile(r"\?")
#: Not part of what is to be done: "without wincing", "by summer", "again".
_HOW_OR_WHEN = (
    r"without (?:wincing|pain|hurting|agony|crying|screaming|it hurting|help|stopping|being in (?:pain|agony))(?: .*)?|"
    r"by (?:the )?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|"
    r"summer|"
    r"autumn|winter|christmas|xmas|easter|new year|next \w+)"
)
_TAIL = re.compile(
    rf"(?: (?:{_HOW_OR_WHEN}|(?:next|this) (?:spring|summer|autumn|winter|year|month|season)|asap|again|properly|"
    rf"pain ?free|at last|one day|"
    r"like i used to|like before|please|thats all|thats it|if (?:possible|i can)|tbh|really|so badly|"
    r"(?:cos|because|but|so|which|while|though) .*))+$",
    re.IGNORECASE,
)
#: No part of what is to be done: "without dying", "without worrying", "before i drop dead".
_IDLE = (
    r"(?:again )?without (?:dying|worry(?:ing)?|fear|feeling (?:like|as if|as though) .*|being (?:scared|"
    r"afraid|worried)|"
    r"thinking (?:about it|twice))(?: (?:after(?:wards)?|about (?:it|my back)))?|"
    r"before (?:i (?:drop dead|die|pop my clogs|croak|kick the bucket|get too old)|they kill me|it kills me|"
    r"im (?:dead|too old))(?: .*)?|"
    r"if (?:possible|at all possible|thats possible)|(?:haha|lol|hehe)(?: .*)?"
)
_TAIL_OF_AN_ANSWER = re.compile(rf"(?:,? (?:{_HOW_OR_WHEN}|{_IDLE}))+$", re.IGNORECASE)
_AND_THEN = re.compile(
    rf" (?:and|n|&) (?:also |then )?(?=(?:to |get back to |be able to )?(?:{_DO}|get back)\b)", re.IGNORECASE
)
_LEAD = re.compile(r"^(?:to |also |then |just )*(?:be able to |get back to |go back to )?", re.IGNORECASE)


def bare_goal(words: str, *, asked: bool = False) -> str:
    """The goal without how and when; asked for, the rest stays as it was said."""
    said = words.strip(" .,!")
    return (_TAIL_OF_AN_ANSWER if asked else _TAIL).sub("", said).strip(" .,!") or said


def apart(words: str) -> list[str]:
    """ "Lift my baby and get back to running" is two."""
    return [piece for piece in _AND_THEN.split(words) if piece.strip()]


def goals_told(utterance: Utterance) -> Iterator[Mention]:
    """The first goal told, in the patient's own words."""
    only_plain = utterance.asks not in _ASKS_NEAR_BY
    for pattern in _TOLD[:1] if only_plain else _TOLD:
        match = pattern.search(utterance.text)
        if match is None or utterance.scopes.of_another(*match.span()):
            continue
        sentence = utterance.scopes.sentence(*match.span())
        if _NO_GOAL.search(utterance.text[max(0, match.start() - 30) : match.start()]) or _ASKS.search(
            sentence
        ):
            continue
        words = utterance.plain.words(*match.span("goal"))
        goals = [bare_goal(_LEAD.sub("", piece.strip()))[:_LONGEST] for piece in apart(words)]
        one = mention(GOALS, [goal for goal in goals if goal], *match.span("goal"))
        if one is not None:
            yield one
        return
