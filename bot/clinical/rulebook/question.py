"""What a question is once it has been read and found good, and what each answer to it stores."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from bot.clinical.facts import FIELDS, UNSURE, Facts, FactValue
from bot.clinical.rules import Condition

YES, NO, NONE, SKIP = "yes", "no", "none", "skip"

#: Asks that are no field of the vocabulary: what the dialogue itself asks.
PSEUDO_FIELDS = frozenset(
    {
        *("consent", "permissions", "consent_sure", "delete_sure", "country", "local_time"),
        *("emergency_screen", "read_back", "start_again", "which_is_right"),
    }
)

SCREEN = "emergency_screen"

#: section -> whether its questions are about danger signs, in the order in which they are asked.
SECTIONS: Mapping[str, bool] = {
    "emergency": True,
    "context": True,
    "cauda_equina": True,
    "nerves": True,
    "mind": True,
    "cancer": True,
    "fracture": True,
    "infection": True,
    "organs": True,
    "pain": False,
    "inflammation": False,
    "limits": False,
    "medicines": False,
    "health": False,
    "slow_breathing": True,
    "outlook": False,
    "work": False,
    "wishes": False,
    "day": False,
}

#: Sections that are finished even when the picture is already same-day (clinical.md §0.3, §1.1).
DANGER_SECTIONS = frozenset(section for section, danger in SECTIONS.items() if danger)


@dataclass(frozen=True)
class Choice:
    """One tap: the words on it, and its key within the question."""

    label: str
    value: str


@dataclass(frozen=True)
class Question:
    """One message of the intake that asks for something.

    `field` is the `asks` of the message; `fields` is every field an answer may fill, `field` first.
    `input` is choice, multi_choice, scale, body_map, or None when the answer is typed. `example` is
    what is added to the text when the question is asked again. `answers` gives the facts of every
    key, and of a typed yes, no and unsure. `unticked` says what an empty box means; only questions
    with boxes have it.
    """

    field: str
    section: str
    text: str
    why: str
    input: str | None = None
    choices: tuple[Choice, ...] = ()
    fields: tuple[str, ...] = ()
    skippable: bool = False
    example: str | None = None
    answers: Mapping[str, Mapping[str, FactValue]] = attribute(default_factory=dict, repr=False)
    unticked: Mapping[str, FactValue] = attribute(default_factory=dict, repr=False)

    @property
    def has_boxes(self) -> bool:
        """Whether several answers may be ticked together."""
        return bool(self.unticked)

    def facts_for(self, value: str) -> Mapping[str, object]:
        """What one tapped key stores, also "yes", "no" and "unsure" where they make sense; else nothing."""
        return told(self, [value])


@dataclass(frozen=True, eq=False)
class Asking:
    """A question with the rules on when it is due.

    `core` are the fields that must be settled; `leads` are those by which the question may be named
    in `asks`: its own field first, then those of `core` that no other question asks. `own` are the leads
    that must be settled: while one is not, the question is open. `when` is None for a stem, which is
    always due.
    """

    question: Question
    core: tuple[str, ...]
    leads: tuple[str, ...]
    when: Condition | None
    since: datetime.date
    sources: tuple[str, ...]
    status: str
    own: tuple[str, ...] = attribute(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", tuple(name for name in self.leads if name in self.core))


@dataclass(frozen=True, eq=False)
class QuestionSheet:
    """Every question of the intake in the order of asking, and the emergency screen before them."""

    screen: Question
    askings: tuple[Asking, ...]
    by_lead: Mapping[str, Asking]
    by_field: Mapping[str, Asking]


def told(question: Question, values: Iterable[object], facts: Facts | None = None) -> dict[str, FactValue]:
    """The facts that these keys give together.

    Ticks are complete: what is not ticked is "no", or `unsure` when "not sure" was ticked beside them.
    Of two ticks on one field the later in the list wins, so lists name the milder first. A danger sign
    that is ticked stands even beside "none of these". With `facts`, a box that stays empty never undoes
    what is known already. Keys that the question does not have say nothing.
    """
    keys = [str(value) for value in values]
    if SKIP in keys:
        return {}
    if not question.has_boxes:
        return next((dict(question.answers[key]) for key in keys if key in question.answers), {})
    ticked = _ticked(question, keys)
    said_none = NONE in keys or NO in keys
    if said_none and not any(FIELDS[name].red_flag for name in ticked):
        ticked = {}
    empty = _empty_boxes(question, keys, something=bool(ticked) or said_none)
    if facts is not None:
        empty = {name: value for name, value in empty.items() if not facts.known(name)}
    return {**empty, **ticked}


def _ticked(question: Question, keys: Sequence[str]) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for choice in question.choices:
        if choice.value in keys and choice.value not in (NONE, UNSURE, SKIP):
            for name, value in question.answers[choice.value].items():
                facts[name] = _together(facts.get(name), value)
    return facts


def _empty_boxes(question: Question, keys: Sequence[str], *, something: bool) -> dict[str, FactValue]:
    no = dict(question.unticked) if something else {}
    if UNSURE in keys and NONE not in keys:
        return {**no, **question.answers.get(UNSURE, {})}
    return no


def _together(known: FactValue | None, value: FactValue) -> FactValue:
    if isinstance(known, tuple) and isinstance(value, tuple):
        words = [word for word in (*known, *value) if isinstance(word, str)]
        return tuple(dict.fromkeys(words))
    return value
