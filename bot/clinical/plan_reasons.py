"""Why an option stands where it stands, in words composed for one person and for their clinician."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from bot.clinical.facts import Facts, FactValue
from bot.clinical.medicines import in_brackets, listed_names
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.option_document import Option, OptionRule, Row
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.rulebook.patient_words import CAUSES, Words
from bot.clinical.rulebook.rule import Rule
from bot.clinical.rulebook.scope import MOST_WORDS
from bot.clinical.rules import Context
from bot.clinical.status import Status
from bot.clinical.triage import Triage

DURATIONS = ("acute", "subacute", "chronic")

_LEG = "plus_leg"
_RADICULAR = "FL_RADICULAR"
_WEEKS = "duration_weeks"
_LISTED = "current_meds"
#: the marks of a rule's sources, the most settled first
_MARKS = ("cited", "design", "to_verify")

_DAYS_IN_WEEK = 7
_WEEKS_IN_MONTH = 4.345
_MONTHS_IN_YEAR = 12


class Reason(NamedTuple):
    """One rule's part in where an option stands, with the facts it rests on.

    `effect` is None for the table of §3.3, whose rule is "T_" and the option. `status` is the mark of its
    sources: `cited`, `design` or `to_verify`.
    """

    rule: str
    effect: Effect | None
    text: str
    clinician: str
    sources: tuple[str, ...]
    status: str
    facts: Mapping[str, FactValue]

    def __repr__(self) -> str:
        return f"Reason({self.rule}, {self.effect})"


class Person:
    """One person as the rules on options see them: the present, danger told before, and words for both."""

    def __init__(self, facts: Facts, triage: Triage, rulebook: Rulebook, profile: str) -> None:
        self.facts = facts
        self.triage = triage
        self.rulebook = rulebook
        self.profile = profile
        self.now = Context(facts, triage.flags, triage.urgency, profile)
        self.danger = (
            Context(facts, triage.flags, triage.urgency, profile, facts.ever) if facts.ever else self.now
        )
        self._names = listed_names(facts, rulebook.contraindications)
        self.duration = self._duration()
        self.leg = bool(rulebook.definitions[_LEG].truth(self.danger))
        self._leg_facts = self._facts_of_leg() if self.leg else {}
        self._situations = self._opening_sentences()

    @cached_property
    def personal_rules(self) -> tuple[OptionRule, ...]:
        """The rules of personalisation.yaml that fire."""
        candidates = self.rulebook.personalisation.index.candidates(self.facts)
        return tuple(rule for rule in candidates if rule.when.truth(self.now))

    def column(self, row: Row) -> str | None:
        """The column of the table that applies; None when the duration decides and is not known."""
        return "leg" if self.leg and row.leg is not None else self.duration

    def table_reason(
        self, option: Option, column: str, status: Status, facts: Mapping[str, FactValue]
    ) -> Reason:
        """The reason that the table gives: a sentence on the person's own situation, then the option's.

        What is offered to nobody needs no such sentence.
        """
        if status is Status.NOT_OFFERED and option.rows[self.profile].same_for_all:
            return self.plain_reason(option, self.fill(option.because[status], facts))
        opening = self._situations.get(column) or self._situations["unknown"]
        evidence = {**self._facts_of(column), **facts}
        because = self.fill(option.because[status], evidence)
        return self._of_option(option, f"{opening} {because}", evidence)

    def plain_reason(self, option: Option, text: str) -> Reason:
        """A reason of the option's own that needs no facts."""
        return self._of_option(option, text, {})

    def rule_reason(
        self,
        rule: Rule,
        effect: Effect,
        text: str,
        facts: Mapping[str, FactValue],
        option: Option | None = None,
    ) -> Reason:
        """The reason of a rule; with `option`, its sources stand behind the text as well."""
        sources, status = rule.sources, rule.status
        if option is not None:
            sources = tuple(dict.fromkeys((*rule.sources, *option.sources)))
            status = max(rule.status, option.status, key=_MARKS.index)
        return Reason(rule.id, effect, text, rule.clinician, sources, status, self.as_told(facts))

    def say(self, rule: OptionRule, words: Words, facts: Mapping[str, FactValue], context: Context) -> str:
        """The rule's text for this person, with what is true of them filled in."""
        true = [cause for cause in rule.causes if cause.when.truth(context)] if rule.causes else []
        causes = [self.fill(cause.say, {**facts, **cause.when.used(context)}) for cause in true]
        return self.fill(words, facts, causes)

    def fill(self, words: Words, facts: Mapping[str, FactValue], causes: Iterable[str] = ()) -> str:
        """A text with its gaps filled from the facts behind it, the medicine list and the causes."""
        if not words.gaps:
            return words.text
        named_by = self.rulebook.contraindications.named_by

        def filling(gap: str) -> str:
            if gap == CAUSES:
                return _listed(causes)
            if gap in named_by:
                names = [name for medicine in named_by[gap] for name in self._names.get(medicine, ())]
                return in_brackets(names, words.plain)
            return _shown(facts[gap] if gap in facts else self.facts[gap])

        return words.fill(filling)

    def as_told(self, facts: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
        """The facts without the classes that were added to the medicine list."""
        listed = facts.get(_LISTED)
        if not isinstance(listed, tuple):
            return facts
        words = (word for word in listed if isinstance(word, str))
        classes = self.rulebook.contraindications.medicines
        return {**facts, _LISTED: tuple(word for word in words if word not in classes) or listed}

    def _of_option(self, option: Option, text: str, facts: Mapping[str, FactValue]) -> Reason:
        rule = f"T_{option.id}"
        return Reason(rule, None, text, option.clinician, option.sources, option.status, facts)

    def _duration(self) -> str | None:
        definitions = self.rulebook.definitions
        return next((name for name in DURATIONS if definitions[name].truth(self.now)), None)

    def _facts_of(self, column: str) -> Mapping[str, FactValue]:
        if column == "leg":
            return self._leg_facts
        return {_WEEKS: self.facts[_WEEKS]} if _WEEKS in self.facts else {}

    def _facts_of_leg(self) -> Mapping[str, FactValue]:
        evidence = dict(self.rulebook.definitions[_LEG].used(self.danger))
        for finding in self.triage.findings:
            if _RADICULAR in finding.flags:
                evidence.update(finding.facts_used)
        return evidence

    def _opening_sentences(self) -> dict[str, str]:
        situations = self.rulebook.options.situations
        sentences = {name: situations[name].text for name in ("leg", "unknown")}
        weeks = self.facts.get(_WEEKS)
        if self.duration is not None and isinstance(weeks, float):
            said = duration_words(weeks)
            sentences[self.duration] = situations[self.duration].fill(lambda gap: said)
        return sentences


def joined(first: str, then: str) -> str | None:
    """Both texts as one message, or None when that is too long for one."""
    both = f"{first} {then}"
    return both if len(both.split()) <= MOST_WORDS else None


def duration_words(weeks: float) -> str:
    """A duration in weeks in plain words: "5 days", "3 weeks", "about 8 months"."""
    days = round(weeks * _DAYS_IN_WEEK)
    if days < 1:
        return "less than a day"
    if days < 2 * _DAYS_IN_WEEK:
        return _count(days, "day")
    if weeks <= 12:  # where "chronic" begins, months say more
        return _count(round(weeks), "week")
    months = round(weeks / _WEEKS_IN_MONTH)
    if months < 2 * _MONTHS_IN_YEAR:
        return f"about {_count(months, 'month')}"
    return f"about {_count(round(months / _MONTHS_IN_YEAR), 'year')}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _listed(causes: Iterable[str]) -> str:
    *first, last = causes
    return f"{', '.join(first)} and {last}" if first else last


def _shown(value: FactValue) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
