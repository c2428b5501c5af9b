"""Classes the danger in a set of facts, with every reason that led there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product

from bot.clinical.facts import FIELDS, Facts, FactValue, Field, FieldKind
from bot.clinical.rulebook import Rulebook, TriageRule
from bot.clinical.rules import Context
from bot.clinical.urgency import Urgency

_CLASS_ACTIONS: Mapping[Urgency, tuple[str, ...]] = {
    Urgency.EMERGENCY_NOW: ("ACT_EMERGENCY",),
    Urgency.SAME_DAY: ("ACT_SAME_DAY",),
    Urgency.URGENT_DAYS: ("ACT_URGENT",),
    Urgency.ROUTINE_FLAG: ("ACT_ROUTINE_REVIEW",),
    Urgency.SELF_MANAGE: (),
}


@dataclass(frozen=True)
class Finding:
    """One rule that fired: its class, its flags, the facts behind it, and the reason in two voices.

    `clarify` names unanswered fields that could lower this finding's class. `status` is the mark of the rule:
    `cited`, `design` (ours, awaiting sign-off) or `to_verify`.
    """

    rule: str
    urgency: Urgency
    flags: tuple[str, ...]
    facts_used: Mapping[str, FactValue]
    patient: str
    clinician: str
    sources: tuple[str, ...]
    actions: tuple[str, ...] = ()
    adjustments: tuple[str, ...] = ()
    clarify: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    status: str = "cited"

    @property
    def flag(self) -> str | None:
        """The first flag, for places that show one."""
        return self.flags[0] if self.flags else None


@dataclass(frozen=True)
class Triage:
    """The picture as a whole: the worst class, every finding (worst first), flags and actions.

    `clarify` holds the unasked fields whose answer could still lower the class; it is empty as soon as
    one finding of that class stands whatever they are. `ask` holds fields to be asked in full.
    """

    urgency: Urgency = Urgency.SELF_MANAGE
    findings: tuple[Finding, ...] = ()
    flags: tuple[str, ...] = ()
    actions: tuple[str, ...] = field(default=("ACT_SAFETY_NET",))
    adjustments: tuple[str, ...] = ()
    clarify: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()

    def with_findings(self, *added: Finding) -> Triage:
        """This picture with more findings: the worst class wins and flags accumulate."""
        return combine((*self.findings, *added)) if added else self

    def with_flag(self, flag: str, finding: Finding) -> Triage:
        """This picture with `flag` raised by a later stage, never below routine_flag.

        `finding` says why; its class counts when it is higher.
        """
        if flag in self.flags:
            return self
        urgency = max(finding.urgency, Urgency.ROUTINE_FLAG)
        flags = finding.flags if flag in finding.flags else (*finding.flags, flag)
        return self.with_findings(Finding(**{**finding.__dict__, "urgency": urgency, "flags": flags}))


def triage(facts: Facts, rulebook: Rulebook) -> Triage:
    """Class the whole picture by its worst finding.

    Facts that were not asked, or answered `unsure`, never count as "no", and danger reported earlier
    still counts. Source: clinical.md §0.3, §1.1 and §1.2.
    """
    context = Context(facts, ever=facts.ever)
    findings: list[Finding] = []
    concluded_from = 0
    for rule in rulebook.red_flag_index.candidates(facts):
        if rule.looks_at_conclusions and len(findings) > concluded_from:
            context = _concluded(facts, findings)
            concluded_from = len(findings)
        if rule.when.truth(context):
            findings.append(find(rule, context))
    return combine(findings)


def find(rule: TriageRule, context: Context) -> Finding:
    """The finding of a rule that fires in this context."""
    evidence = rule.when.used(context)
    urgency = rule.urgency
    for step in rule.raises:
        if step.urgency > urgency and step.when.truth(context):
            urgency = step.urgency
            evidence = {**evidence, **step.when.used(context)}
    flags = tuple(one.flag for one in rule.flags if one.when is None or one.when.truth(context))
    return Finding(
        rule=rule.id,
        urgency=urgency,
        flags=flags,
        facts_used=evidence,
        patient=rule.patient,
        clinician=rule.clinician,
        sources=rule.sources,
        actions=rule.actions,
        adjustments=rule.adjustments,
        clarify=_clarify(rule, context) if rule.clarify else (),
        ask=rule.ask,
        status=rule.status,
    )


def _clarify(rule: TriageRule, context: Context) -> tuple[str, ...]:
    """The unasked fields of `rule.clarify`, when some answer to them would keep the rule quiet."""
    facts = context.facts
    unasked = tuple(name for name in rule.clarify if name not in facts and name not in facts.skipped)
    for answers in product(*(_extremes(FIELDS[name]) for name in unasked)):
        answered = reduce(lambda so_far, pair: so_far.with_(*pair), zip(unasked, answers, strict=True), facts)
        if not rule.when.truth(Context(answered, context.flags, context.urgency, ever=context.ever)):
            return unasked
    return ()


def _extremes(field: Field) -> tuple[FactValue, ...]:
    if field.kind is FieldKind.BOOL:
        return (True, False)
    if field.minimum is not None and field.maximum is not None:
        return (field.minimum, field.maximum)
    return field.values


def combine(findings: Iterable[Finding]) -> Triage:
    """The picture that these findings make together."""
    ordered = tuple(sorted(findings, key=lambda finding: -finding.urgency.rank))
    if not ordered:
        return Triage()
    urgency = ordered[0].urgency
    worst = [finding for finding in ordered if finding.urgency is urgency]
    settled = any(not finding.clarify for finding in worst)
    actions = (*_CLASS_ACTIONS[urgency], *_each("actions", ordered), "ACT_SAFETY_NET")
    return Triage(
        urgency=urgency,
        findings=ordered,
        flags=_each("flags", ordered),
        actions=tuple(dict.fromkeys(actions)),
        adjustments=_each("adjustments", ordered),
        clarify=() if settled else _each("clarify", worst),
        ask=_each("ask", ordered),
    )


def _concluded(facts: Facts, findings: list[Finding]) -> Context:
    urgency = max((finding.urgency for finding in findings), default=Urgency.SELF_MANAGE)
    return Context(facts, _each("flags", findings), urgency, ever=facts.ever)


def _each(name: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for finding in findings for one in getattr(finding, name)))
