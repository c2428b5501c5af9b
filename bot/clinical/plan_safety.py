"""Safety in a draft plan: what must not be, what only a clinician may start, and what triage holds back."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clinical.facts import FactValue
from bot.clinical.plan_draft import Draft, Drafts, Said, bring_in, meant
from bot.clinical.plan_reasons import Person, Reason
from bot.clinical.rulebook.option_document import Hold, OptionRule, Target
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.rules import Context
from bot.clinical.status import Status
from bot.clinical.triage import Finding
from bot.clinical.urgency import Urgency

_LIMITS = {Effect.WITHHELD: Status.WITHHELD, Effect.CLINICIAN_ONLY: Status.CLINICIAN_ONLY}


def keep_safe(person: Person, drafts: Drafts) -> tuple[Finding, ...]:
    """Apply every contraindication (clinical.md §4); gives the findings that a clinician must see.

    The strongest effect wins and every reason is kept. Rules that wait for another option come last.
    """
    findings = []
    for rule in person.rulebook.contraindications.index.candidates(person.facts):
        if rule.when.truth(person.danger) and _its_turn(rule, drafts):
            facts = rule.when.used(person.danger)
            said = Said(rule, facts, person.say(rule, rule.words, facts, person.danger))
            _apply(person, drafts, said)
            if rule.flag is not None:
                findings.append(_finding(person, said, rule.flag))
    return tuple(findings)


def hold_back(person: Person, drafts: Drafts) -> tuple[str, ...]:
    """Withhold what the triage class leaves no room for (clinical.md §0.3); gives the rules that hold."""
    holds = [rule for rule in person.rulebook.contraindications.holds if rule.when.truth(person.danger)]
    for hold in holds:
        _hold(person, drafts, hold)
    for draft in drafts.values() if holds else ():
        if draft.shown and draft.option.interim is not None:
            draft.replace_table_reason(person.plain_reason(draft.option, draft.option.interim))
    return tuple(hold.id for hold in holds)


def _its_turn(rule: OptionRule, drafts: Drafts) -> bool:
    return rule.if_withheld is None or drafts[rule.if_withheld].status is Status.WITHHELD


def _apply(person: Person, drafts: Drafts, said: Said) -> None:
    for target in said.rule.targets:
        effect, facts = _raised(target, said.facts, person.danger)
        reason = person.rule_reason(said.rule, effect, said.text, facts)
        for draft in meant(target, said, drafts):
            _restrict(person, draft, effect, reason)
    if said.rule.added is not None:
        text = person.say(said.rule, said.rule.added, said.facts, person.danger)
        for option in said.rule.adds:
            added = Said(said.rule, said.facts, text)
            bring_in(person, drafts[option], Status.RECOMMEND, added, Effect.RECOMMEND)


def _raised(
    target: Target, facts: Mapping[str, FactValue], context: Context
) -> tuple[Effect, Mapping[str, FactValue]]:
    effect = target.effect
    for step in target.raises:
        if step.effect > effect and step.when.truth(context):
            effect, facts = step.effect, {**facts, **step.when.used(context)}
    return effect, facts


def _restrict(person: Person, draft: Draft, effect: Effect, reason: Reason) -> None:
    if effect in _LIMITS:
        draft.keep_under(_LIMITS[effect], reason)
    elif effect is not Effect.OPENS:
        draft.reasons.append(reason)
    elif draft.offered is Status.NOT_OFFERED:
        because = person.fill(draft.option.because[Status.CLINICIAN_ONLY], {})
        draft.replace_table_reason(person.plain_reason(draft.option, because))
        draft.enter(Status.CLINICIAN_ONLY, reason)


def _hold(person: Person, drafts: Drafts, hold: Hold) -> None:
    reason = person.rule_reason(hold, Effect.WITHHELD, hold.patient, hold.when.used(person.danger))
    for name, draft in drafts.items():
        status = draft.status
        if status is not None and status is not Status.NOT_OFFERED and name not in hold.keeps:
            draft.limit = Status.WITHHELD
            draft.reasons.insert(0, reason)


def _finding(person: Person, said: Said, flag: str) -> Finding:
    return Finding(
        rule=said.rule.id,
        urgency=Urgency.ROUTINE_FLAG,
        flags=(flag,),
        facts_used=person.as_told(said.facts),
        patient=said.text,
        clinician=said.rule.clinician,
        sources=said.rule.sources,
        status=said.rule.status,
    )
