"""No answer may hide danger: what is added, left out or taken back never lowers the class."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.facts import FIELDS, Facts, Field, FieldKind
from bot.clinical.rulebook import default_rulebook
from bot.clinical.triage import triage
from bot.clinical.urgency import Urgency

_HARMLESS = ("no", "none", False)

#: "never had it before" is the worrying answer from 50 on, so leaving it out may lower the class
_NO_IS_NEWS = {"previous_episode"}


def answers(field: Field) -> st.SearchStrategy[Any]:
    match field.kind:
        case FieldKind.BOOL:
            return st.sampled_from([True, False, "unsure"])
        case FieldKind.CHOICE:
            return st.sampled_from([*field.values, *(["unsure"] if field.accepts_unsure else [])])
        case FieldKind.INT:
            return st.integers(int(field.minimum or 0), min(int(field.maximum or 0), 120))
        case FieldKind.FLOAT:
            return st.floats(field.minimum or 0, min(field.maximum or 0, 120))
        case _:
            return st.lists(st.sampled_from(field.values or ("word",)), max_size=2)


TRIAGED = sorted(
    {name for rule in default_rulebook().red_flags for name in rule.when.fields()} - {"psfs", "country"}
)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """A few answers only: with many, nearly everything is an emergency and nothing is tested."""
    names = draw(st.lists(st.sampled_from(TRIAGED), max_size=6, unique=True))
    return {name: draw(answers(FIELDS[name])) for name in names}


SITUATIONS = situations()
DANGERS = [(name, value) for name in TRIAGED for value in sorted(FIELDS[name].danger, key=str)]
HARMLESS = [
    (name, value)
    for name in TRIAGED
    if name not in _NO_IS_NEWS
    for value in _HARMLESS
    if (FIELDS[name].kind is FieldKind.BOOL and value is False) or value in FIELDS[name].values
]


def urgency(facts: Facts) -> Urgency:
    return triage(facts, default_rulebook()).urgency


@given(SITUATIONS, st.sampled_from(DANGERS))
def test_adding_a_danger_never_lowers_the_class(situation: dict[str, Any], danger: tuple[str, Any]) -> None:
    field, value = danger
    situation.pop(field, None)
    without = Facts.of(situation)
    assert urgency(without.with_(field, value)) >= urgency(without)


@given(SITUATIONS, st.sampled_from(DANGERS))
def test_turning_a_no_into_a_danger_never_lowers_the_class(
    situation: dict[str, Any], danger: tuple[str, Any]
) -> None:
    field, value = danger
    no: Any = False if FIELDS[field].kind is FieldKind.BOOL else {"no", "none"} & {*FIELDS[field].values}
    calm = Facts.of({**situation, field: no if no is False else no.pop()})
    assert urgency(calm.with_(field, value)) >= urgency(calm)


@given(SITUATIONS, st.sampled_from(HARMLESS))
def test_not_asking_never_gives_less_than_a_no(situation: dict[str, Any], harmless: tuple[str, Any]) -> None:
    field, no = harmless
    answered = Facts.of({**situation, field: no})
    assert urgency(Facts.of({k: v for k, v in situation.items() if k != field})) >= urgency(answered)


@given(SITUATIONS, st.sampled_from(HARMLESS))
def test_unsure_never_gives_less_than_a_no(situation: dict[str, Any], harmless: tuple[str, Any]) -> None:
    field, no = harmless
    if FIELDS[field].accepts_unsure:
        answered = Facts.of({**situation, field: no})
        assert urgency(Facts.of({**situation, field: "unsure"})) >= urgency(answered)


@given(SITUATIONS, st.sampled_from(DANGERS), st.sampled_from(HARMLESS))
def test_a_later_no_never_clears_an_earlier_yes(
    situation: dict[str, Any], danger: tuple[str, Any], harmless: tuple[str, Any]
) -> None:
    field, value = danger
    told = Facts.of({**situation, field: value})
    no = False if FIELDS[field].kind is FieldKind.BOOL else "no" if "no" in FIELDS[field].values else "none"
    assert urgency(told.with_(field, no)) >= urgency(told)
    taken_back = told.without(field) if FIELDS[field].red_flag else told
    assert urgency(taken_back) >= urgency(told)


@given(SITUATIONS)
def test_the_picture_is_consistent_in_itself(situation: dict[str, Any]) -> None:
    result = triage(Facts.of(situation), default_rulebook())
    assert result == triage(Facts.of(dict(reversed(situation.items()))), default_rulebook())
    assert result.urgency is max((one.urgency for one in result.findings), default=Urgency.SELF_MANAGE)
    assert not result.flags or result.urgency >= Urgency.ROUTINE_FLAG
    assert len(set(result.flags)) == len(result.flags)
    assert result.actions[-1] == "ACT_SAFETY_NET"
