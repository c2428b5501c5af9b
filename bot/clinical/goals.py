"""Goals in the patient's own words, made specific: what, how much, how often, by when, and the first step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clinical.facts import Activity, Facts
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.goal_texts import GoalKind, GoalTexts
from bot.clinical.rulebook.scope import MOST_WORDS
from bot.clinical.rules import Context

_MOST_OF_TEN = 10
_WORDS_SHOWN = 12  #: of an activity, in a message
_AMOUNT = re.compile(
    r"\d|\b(?:an?|one|two|three|four|five|six|ten|twelve|fifteen|twenty|thirty|forty|half|whole|quarter)"
    r"\s+(?:of\s+)?(?:an?\s+)?(?:hour|minute|min|mile|km|kilomet|step|flight|floor|block|time|day|night|lap|kg|kilo)",
    re.IGNORECASE,
)


@dataclass(frozen=True, repr=False)
class Goal:
    """One goal of clinical.md §5.3. Scores are of 10, 0 unable and 10 as before.

    `words` are the patient's own, `activity` what the goal makes of them. `by_date` is None when nobody
    said what day it is; `weeks` always holds. `confidence` is the question on how sure the person is.
    """

    words: str
    activity: str
    target: str
    frequency: str
    weeks: int
    by_date: date | None
    score_now: int | None
    score_aim: int | None
    first_step: str
    obstacle: str
    if_then: str
    confidence: str
    note: str | None
    text: str
    rule: str
    sources: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Aim:
    """An activity to work toward, before it is made specific: for goals and for the plan items that serve it."""

    words: str
    activity: str
    score: int | None
    kind: GoalKind
    painless: bool

    @property
    def short(self) -> str:
        """The activity, short enough for a message."""
        words = self.activity.split()
        return self.activity if len(words) <= _WORDS_SHOWN else " ".join(words[:_WORDS_SHOWN]) + " ..."


def goals(facts: Facts, rulebook: Rulebook, on: date | None) -> tuple[Goal, ...]:
    """The patient's goals, at most three, to be reached within 6 weeks of `on`.

    A wish for no pain becomes something to do. Source: clinical.md §5.3.
    """
    return tuple(_goal(aim, facts, rulebook.goals, on) for aim in aims(facts, rulebook))


def aims(facts: Facts, rulebook: Rulebook) -> tuple[Aim, ...]:
    """What the patient works toward: scored activities first, then other goals, without doubles."""
    texts = rulebook.goals
    found: dict[str, Aim] = {}
    wishes_no_pain: str | None = None
    for words, score in _told(facts):
        activity, painless = _without_painless(words, texts)
        if painless and not activity:
            wishes_no_pain = wishes_no_pain or words
        elif activity.casefold() not in found:
            found[activity.casefold()] = Aim(words, activity, score, _kind(activity, texts), painless)
    chosen = list(found.values())
    if wishes_no_pain is not None and chosen:
        chosen[0] = Aim(**{**vars(chosen[0]), "painless": True})
    elif wishes_no_pain is not None:
        usual = texts.painless.usual
        chosen = [Aim(wishes_no_pain, usual, None, texts.kinds[-1], painless=True)]
    return tuple(chosen[: texts.limits.goals])


def _told(facts: Facts) -> list[tuple[str, int | None]]:
    scored, wished = facts.get("psfs", ()), facts.get("goals", ())
    activities = [one for one in scored if isinstance(one, Activity)] if isinstance(scored, tuple) else []
    wishes = [one for one in wished if isinstance(one, str)] if isinstance(wished, tuple) else []
    return [*((one.activity, one.score) for one in activities), *((words, None) for words in wishes)]


def _without_painless(words: str, texts: GoalTexts) -> tuple[str, bool]:
    """The activity without a wish for no pain, and whether there was such a wish."""
    plain = " ".join(words.split())
    rest, wishes = texts.painless.phrases.subn(" ", plain)
    if not wishes:
        return plain, False
    telling = [word for word in re.findall(r"[\w'-]+", rest.casefold()) if word not in texts.painless.filler]
    return (" ".join(rest.split()).strip(" ,.;-") if telling else ""), True


def _kind(activity: str, texts: GoalTexts) -> GoalKind:
    return next(kind for kind in texts.kinds if kind.words is None or kind.words.search(activity))


def _goal(aim: Aim, facts: Facts, texts: GoalTexts, on: date | None) -> Goal:
    context = Context(facts)
    limits = texts.limits
    target = "" if _AMOUNT.search(aim.activity) else aim.kind.target
    manner = texts.painless.manner if aim.painless else ""
    rise = None if aim.score is None else min(aim.score + limits.rise, _MOST_OF_TEN)
    by_date = on + timedelta(weeks=limits.weeks) if on is not None else None
    step = next((one.text for one in texts.steps if one.when.truth(context)), aim.kind.step)
    hurdle = next(one for one in texts.obstacles if one.when is None or one.when.truth(context))
    filling = {
        "date": _spoken(by_date) if by_date else "",
        "weeks": str(limits.weeks),
        "activity": " ".join(filter(None, (aim.short, manner, target))),
        "frequency": aim.kind.frequency,
        "now": str(aim.score),
        "aim": str(rise),
    }
    sentences = [texts.texts["dated" if by_date else "undated"].fill(filling.__getitem__)]
    if aim.score is not None:
        sentences.append(texts.texts["scored"].fill(filling.__getitem__))
    return Goal(
        words=aim.words,
        activity=" ".join(filter(None, (aim.activity, manner))),
        target=target,
        frequency=aim.kind.frequency,
        weeks=limits.weeks,
        by_date=by_date,
        score_now=aim.score,
        score_aim=rise,
        first_step=step,
        obstacle=hurdle.obstacle,
        if_then=hurdle.plan,
        confidence=texts.texts["confidence"].text,
        note=texts.texts["kindly"].text if aim.painless else None,
        text=_message(sentences, step),
        rule=f"GOAL_{aim.kind.id}",
        sources=texts.sources,
    )


def _message(sentences: list[str], step: str) -> str:
    """The goal, with the first step where one message can hold both."""
    whole = " ".join((*sentences, step))
    return whole if len(whole.split()) <= MOST_WORDS else " ".join(sentences)


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B}"
