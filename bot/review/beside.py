"""Two cases of one person line by line: what is the same in both, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.review.document import Summary
from bot.review.plan_view import Option
from bot.review.rendering import moment
from bot.review.words import number_words

NOT_SHARED = "not shared with clinicians"
NOT_TOLD = "not told"
NONE = "none"
#: what a rule may make of an option that others are offered
_HOLDING_BACK = ("withheld", "clinician only")


@dataclass(frozen=True)
class Line:
    """One thing in both cases. `compared` is False where two cases differ of themselves, as in their dates."""

    label: str
    values: tuple[str, str] = field(repr=False)
    compared: bool = True

    @property
    def differs(self) -> bool:
        """Whether the two cases say something else, so that it deserves a mark."""
        return self.compared and self.values[0] != self.values[1]

    @property
    def folds(self) -> bool:
        """Whether the line says the same twice."""
        return self.compared and not self.differs


@dataclass(frozen=True)
class Group:
    """Lines under one title."""

    title: str
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        """What differs, and what is never compared."""
        return tuple(line for line in self.lines if not line.folds)

    @property
    def same(self) -> tuple[Line, ...]:
        """What is the same in both."""
        return tuple(line for line in self.lines if line.folds)


Pair = tuple[Summary, Summary]


def beside(first: Summary, second: Summary) -> tuple[Group, ...]:
    """Both cases, group by group; groups that hold nothing are left out. Pure."""
    pair = (first, second)
    groups = (
        Group("Course", tuple(_course(pair))),
        Group("Danger signs", tuple(_danger(pair))),
        Group("Flags", tuple(_table(pair, _flags, absent=NONE, hides=False))),
        *_history(pair),
        Group("Scores", tuple(_table(pair, _scores))),
        Group("Goals", (Line("Goals of the plan", _each(pair, _goals)),)),
        Group("Plan", tuple(_plan(pair))),
    )
    return tuple(group for group in groups if group.lines)


def _course(pair: Pair) -> Iterator[Line]:
    yield Line("Triage", _each(pair, lambda one: one.triage.name, hides=False))
    yield Line("Status", _each(pair, lambda one: one.status, hides=False))
    yield Line("Started", _each(pair, lambda one: moment(one.started_at), hides=False), compared=False)
    yield Line("Last change", _each(pair, lambda one: moment(one.updated_at), hides=False), compared=False)
    yield Line("Signed", _each(pair, lambda one: one.mark.text, hides=False), compared=False)
    yield Line("Check-ins", _each(pair, _check_ins, hides=False), compared=False)
    yield Line("Completeness", _each(pair, lambda one: one.progress))


def _danger(pair: Pair) -> Iterator[Line]:
    """Every sign that is positive or unsettled in one of them; the rest as counts."""
    found = [_signs(one) for one in pair]
    for label in dict.fromkeys(label for signs in found for label in signs):
        yield Line(label, _each(pair, partial(_sign, label=label)))
    yield Line(
        "Not asked", _each(pair, lambda one: number_words("{} signs", len(one.danger.not_asked_fields)))
    )
    yield Line(
        "Cauda equina block", _each(pair, lambda one: f"{one.danger.cauda_equina_answered} of 4 answered")
    )
    yield Line("Rules that fired", _each(pair, _rules))


def _signs(one: Summary) -> Mapping[str, str]:
    positive = {
        sign.report.label: f"positive: {sign.report.value}"
        + (f", later “{sign.since.value}”" if sign.since else ", taken back later" if sign.taken_back else "")
        for sign in one.danger.positive
    }
    return positive | {sign.label: sign.answer for sign in one.danger.unclear}


def _sign(one: Summary, label: str) -> str:
    signs = _signs(one)
    if label in signs:
        return signs[label]
    negative = {name for group in one.danger.negative for name in group.labels}
    if label in negative:
        return "negative"
    return "does not apply" if label in one.danger.not_applicable else "not asked"


def _rules(one: Summary) -> str:
    return ", ".join(dict.fromkeys(finding.rule for finding in one.triage.findings)) or NONE


def _flags(one: Summary) -> Mapping[str, str]:
    return {flag.name: f"{flag.status}{f', {flag.severity}' if flag.severity else ''}" for flag in one.flags}


def _history(pair: Pair) -> Iterator[Group]:
    titles = dict.fromkeys(section.title for one in pair for section in one.history)
    for title in titles:
        yield Group(title, tuple(_table(pair, partial(_answers, title=title))))


def _answers(one: Summary, title: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for section in one.history:
        if section.title == title:
            found.update({row.label: row.value for row in section.rows})
            found.update(dict.fromkeys(section.denied, "no"))
    return found


def _scores(one: Summary) -> Mapping[str, str]:
    found = {
        measure.name: ", then ".join(f"{value} ({at:%d %b %Y})" for value, at in measure.values)
        for measure in one.measures
    }
    return found | {trend.title: f"{trend.in_short} {trend.change}" for trend in one.trends}


def _goals(one: Summary) -> str:
    return "; ".join(goal.text for goal in one.plan.goals) or NONE if one.plan else "no plan"


def _plan(pair: Pair) -> Iterator[Line]:
    versions = _each(pair, lambda one: f"version {one.plan.version}, {one.plan.status}" if one.plan else NONE)
    yield Line("Plan", versions, compared=False)
    yield from _table(pair, _extent, absent=NONE)
    yield from _table(pair, _options, absent="no plan" if not all(one.plan for one in pair) else "not listed")


def _extent(one: Summary) -> Mapping[str, str]:
    return {"How much of a plan": one.plan.extent} if one.plan and one.plan.extent else {}


def _options(one: Summary) -> Mapping[str, str]:
    """option -> its status, with the rules that hold it back or that a clinician went against"""
    if one.plan is None:
        return {}
    return {option.name: _with_rules(option) for family in one.plan.families for option in family.options}


def _with_rules(option: Option) -> str:
    rules = ", ".join(
        dict.fromkeys(reason.rule for reason in option.reasons if reason.effect in _HOLDING_BACK)
    )
    if not rules:
        return option.status_words
    held_back = option.status_words.lower() in (*_HOLDING_BACK, "not offered")
    return f"{option.status_words} ({rules})" if held_back else f"{option.status_words}, against {rules}"


def _check_ins(one: Summary) -> str:
    statuses = [check_in.status for check_in in one.check_ins]
    return "; ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses)) or NONE


def _table(
    pair: Pair,
    read: Callable[[Summary], Mapping[str, str]],
    *,
    absent: str = NOT_TOLD,
    hides: bool = True,
) -> Iterator[Line]:
    """A line for each label that one of them has."""
    found = [read(one) for one in pair]
    for label in dict.fromkeys(label for one in found for label in one):
        values = (found[0].get(label, absent), found[1].get(label, absent))
        yield Line(label, _hidden(pair, values) if hides else values)


def _each(pair: Pair, read: Callable[[Summary], str], *, hides: bool = True) -> tuple[str, str]:
    values = (read(pair[0]), read(pair[1]))
    return _hidden(pair, values) if hides else values


def _hidden(pair: Iterable[Summary], values: Iterable[str]) -> tuple[str, str]:
    """The values, save those of a case whose answers clinicians may not see: nothing of it looks "not told"."""
    first, second = (NOT_SHARED if one.withheld else value for one, value in zip(pair, values, strict=True))
    return first, second
