"""The danger box: every danger sign as positive, unclear, not asked or negative, in the patient's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.clinical.facts import FIELDS, UNDISCLOSED, UNSURE, is_danger
from bot.review.findings import Finding
from bot.review.labels import AREAS, Area, label_of
from bot.review.reported import Report, Reported
from bot.review.words import is_no
from bot.store.records import FactRecord

#: The questions that only a pregnancy raises.
_OF_PREGNANCY = frozenset(
    {"pregnancy_bleeding_or_waters", "pregnancy_regular_tightenings", "reduced_fetal_movements"}
)
#: The block that is always asked in full (clinical.md §1.1).
CAUDA_EQUINA = ("saddle_numbness", "bladder_change", "bowel_change", "sexual_change")


@dataclass(frozen=True)
class Positive:
    """A danger sign that was reported, and the rules that used it.

    `since` is the newer answer when the danger was said earlier and not any more: it still stands
    until a clinician clears it (clinical.md §0.3).
    """

    report: Report
    rules: tuple[str, ...]
    since: Report | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class Unclear:
    """A danger sign that was asked and not settled: "unsure", "prefer not to say", or skipped."""

    field: str
    label: str
    answer: str
    report: Report | None


@dataclass(frozen=True)
class Group:
    """Danger signs of one kind that share an answer."""

    title: str
    fields: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label_of(name) for name in self.fields)


@dataclass(frozen=True)
class DangerBox:
    """All danger signs of the vocabulary, each in exactly one place."""

    positive: tuple[Positive, ...]
    unclear: tuple[Unclear, ...]
    not_asked: tuple[Group, ...]
    negative: tuple[Group, ...]
    not_applicable: tuple[str, ...]
    answered: int
    applicable: int
    cauda_equina_answered: int

    @property
    def not_asked_fields(self) -> tuple[str, ...]:
        return tuple(name for group in self.not_asked for name in group.fields)

    @property
    def negative_fields(self) -> tuple[str, ...]:
        return tuple(name for group in self.negative for name in group.fields)

    @property
    def complete(self) -> bool:
        return not self.not_asked and not self.unclear

    @property
    def cauda_equina_complete(self) -> bool:
        return self.cauda_equina_answered == len(CAUDA_EQUINA)


def danger_box(reported: Reported, skipped: Iterable[str], findings: Sequence[Finding]) -> DangerBox:
    """Sort every danger sign; those behind the worst findings come first.

    `findings` are worst first. Source: clinical.md §0, §1.1; a sign not asked is never "no".
    """
    left_out = frozenset(skipped)
    rules: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        for name in finding.facts:
            rules[name] = (*rules.get(name, ()), finding.rule)
    not_applicable = _not_applicable(reported)
    positive: list[Positive] = []
    unclear: list[Unclear] = []
    not_asked: list[Group] = []
    negative: list[Group] = []
    for area in AREAS:
        if not area.danger:
            continue
        signs = [name for name in area.fields if FIELDS[name].red_flag and name not in not_applicable]
        positive.extend(_positives(signs, reported, rules))
        shown = {one.report.field for one in positive}
        rest = [name for name in signs if name not in shown]
        unclear.extend(one for name in rest if (one := _unclear(name, reported, left_out)))
        said_no = [name for name in rest if _says_no(reported.current(name))]
        open_ones = [name for name in rest if reported.current(name) is None and name not in left_out]
        not_asked.extend(_group(area, open_ones))
        negative.extend(_group(area, said_no))
    worst = _worst(findings)
    applicable = sum(field.red_flag for field in FIELDS.values()) - len(not_applicable)
    return DangerBox(
        positive=tuple(sorted(positive, key=lambda one: worst.get(one.report.field, len(worst)))),
        unclear=tuple(unclear),
        not_asked=tuple(not_asked),
        negative=tuple(negative),
        not_applicable=tuple(label_of(name) for name in not_applicable),
        answered=applicable - sum(len(group.fields) for group in not_asked) - len(unclear),
        applicable=applicable,
        cauda_equina_answered=sum(_settled(reported.current(name)) for name in CAUDA_EQUINA),
    )


def _worst(findings: Sequence[Finding]) -> Mapping[str, int]:
    """field -> its place by the worst finding that used it"""
    fields = [name for finding in findings for name in finding.facts]
    return {name: place for place, name in enumerate(dict.fromkeys(fields))}


def _positives(names: list[str], reported: Reported, rules: Mapping[str, tuple[str, ...]]) -> list[Positive]:
    found: list[Positive] = []
    for name in names:
        current = reported.current(name)
        if current is not None and is_danger(name, current.value):
            found.append(Positive(reported.report(current), rules.get(name, ())))
            continue
        before = reported.danger_before(name)
        if before is not None:
            found.append(
                Positive(
                    reported.report(before),
                    rules.get(name, ()),
                    since=reported.report(current) if current else None,
                    taken_back=before.retracted,
                )
            )
    return found


def _unclear(name: str, reported: Reported, skipped: frozenset[str]) -> Unclear | None:
    current = reported.current(name)
    if current is None:
        return Unclear(name, label_of(name), "prefers not to answer", None) if name in skipped else None
    if current.value not in (UNSURE, UNDISCLOSED):
        return None
    report = reported.report(current)
    return Unclear(name, label_of(name), report.value, report)


def _says_no(record: FactRecord | None) -> bool:
    return record is not None and is_no(record.value)


def _settled(record: FactRecord | None) -> bool:
    return record is not None and record.value not in (UNSURE, UNDISCLOSED)


def _group(area: Area, names: list[str]) -> tuple[Group, ...]:
    return (Group(area.title, tuple(names)),) if names else ()


def _not_applicable(reported: Reported) -> tuple[str, ...]:
    """Questions that an answer made pointless: what only a pregnancy raises, where there is none."""
    pregnant, sex = reported.current("pregnant"), reported.current("sex_at_birth")
    said_no = pregnant is not None and pregnant.value == "no"
    male = pregnant is None and sex is not None and sex.value == "male"
    names = ("pregnant", *sorted(_OF_PREGNANCY)) if male else tuple(sorted(_OF_PREGNANCY)) if said_no else ()
    return tuple(name for name in names if reported.current(name) is None)
