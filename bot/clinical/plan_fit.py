"""Fitting a draft plan to the person: needs, what was tried before, preferences, and one of several alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.clinical.plan_draft import Draft, Drafts, Said, bring_in, meant
from bot.clinical.plan_order import ranked
from bot.clinical.plan_reasons import Person, Reason
from bot.clinical.rulebook.option_document import Choice, Target, entry_status
from bot.clinical.rulebook.option_terms import Effect, Mark
from bot.clinical.status import Status

_LIFTS = {Effect.RECOMMEND: Status.RECOMMEND, Effect.CONSIDER: Status.CONSIDER}
_EFFECT_OF = {**{status: effect for effect, status in _LIFTS.items()}, Status.CLINICIAN_ONLY: Effect.OPENS}
_WORDS = frozenset({Effect.FIRST, Effect.PREFER, Effect.NOTE})
_CHOICES = frozenset({Effect.WITHHELD, Effect.LATER})

#: starting one of these is for a clinician, a pharmacist and the person to settle: a good experience moves it
#: up in the order, never to `recommend`
_NOT_RAISED = frozenset({Mark.MEDICINE, Mark.NEEDLES})


def fit_to_needs(person: Person, drafts: Drafts) -> None:
    """What the person's situation brings in, puts first or adds a word to (clinical.md §5.2)."""
    for said, target in _fired(person, _LIFTS.keys() | _WORDS):
        for draft in meant(target, said, drafts):
            if target.effect in _LIFTS:
                _lift(person, draft, said, target.effect)
            elif draft.status is not None:
                draft.first |= target.effect is Effect.FIRST
                draft.preferred |= target.effect is Effect.PREFER
                draft.reasons.append(_reason(person, said, target.effect))


def follow_check_in(person: Person, drafts: Drafts) -> None:
    """Put in what the rules of a check-in bring before a clinician or into the plan (clinical.md §6.3)."""
    for finding in person.triage.findings:
        rule = person.rulebook.progress.by_id(finding.rule)
        for added in rule.options if rule is not None else ():
            draft = drafts[added.option]
            if rule is not None and (draft.offered is None or draft.offered < added.status):
                effect = _EFFECT_OF[added.status]
                reason = person.rule_reason(rule.rule, effect, finding.patient, finding.facts_used)
                draft.enter(added.status, reason)


def fit_to_preferences(person: Person, drafts: Drafts) -> None:
    """What the person has tried and wants, after safety has spoken (clinical.md §5.2 L14 to L20)."""
    for said, target in _fired(person, {Effect.RAISE}):
        for draft in meant(target, said, drafts):
            _raise(person, draft, said)
    for said, target in _fired(person, _CHOICES):
        for draft in meant(target, said, drafts):
            if draft.status not in (None, Status.NOT_OFFERED):
                draft.later |= target.effect is Effect.LATER and draft.shown
                draft.keep_under(Status.WITHHELD, _reason(person, said, target.effect))
    shown = {option for option, draft in drafts.items() if draft.shown}
    for said, target in _fired(person, {Effect.LOWER}):
        lowered = list(meant(target, said, drafts))
        others = shown - {draft.option.id for draft in lowered}
        for draft in lowered:
            _lower(draft, others, _reason(person, said, target.effect))


def choose(person: Person, drafts: Drafts) -> None:
    """Of several recommended options of one sort, keep the best ranked and put the others back (L25)."""
    for choice in person.rulebook.personalisation.choices:
        if choice.when.truth(person.now):
            candidates = [drafts[option] for option in choice.among]
            recommended = [draft for draft in candidates if draft.status is Status.RECOMMEND]
            if len(recommended) > 1:
                _keep_first(person, choice, ranked(person, recommended))


def _fired(person: Person, effects: Iterable[Effect]) -> Iterator[tuple[Said, Target]]:
    """The rules that fire with one of these effects, each target with what is said of it."""
    wanted = frozenset(effects)
    for rule in person.personal_rules:
        targets = [target for target in rule.targets if target.effect in wanted]
        if targets:
            facts = rule.when.used(person.now)
            for target in targets:
                text = person.say(rule, target.words or rule.words, facts, person.now)
                yield Said(rule, facts, text), target


def _reason(person: Person, said: Said, effect: Effect) -> Reason:
    return person.rule_reason(said.rule, effect, said.text, said.facts)


def _lift(person: Person, draft: Draft, said: Said, effect: Effect) -> None:
    status = _LIFTS[effect]
    if draft.offered is None:
        bring_in(person, draft, status, said, effect)
    elif draft.offered.shown:
        if draft.offered is Status.CONSIDER:
            draft.offered = max(draft.offered, status)
        draft.reasons.append(_reason(person, said, effect))


def _raise(person: Person, draft: Draft, said: Said) -> None:
    """One step up for what helped before, unless safety says otherwise."""
    if draft.limit <= Status.CLINICIAN_ONLY:
        return
    in_order_only = not _NOT_RAISED.isdisjoint(draft.option.marks)
    if draft.offered is None and in_order_only:
        why_not = draft.option.otherwise or said.text
        draft.enter(Status.NOT_OFFERED, person.plain_reason(draft.option, why_not))
    elif draft.offered is None:
        bring_in(person, draft, entry_status(draft.option), said, Effect.RAISE)
    elif draft.offered >= Status.CONSIDER:
        draft.preferred = True
        draft.offered = draft.offered if in_order_only else Status.RECOMMEND
        draft.reasons.append(_reason(person, said, Effect.RAISE))


def _lower(draft: Draft, others: set[str], reason: Reason) -> None:
    """One step down for what did not help; not offered while something in its place is."""
    if not draft.shown:
        return
    draft.lowered = True
    draft.reasons.append(reason)
    replaceable = Mark.CORE not in draft.option.marks and not others.isdisjoint(draft.option.instead)
    if draft.offered is Status.RECOMMEND:
        draft.offered = Status.CONSIDER
    elif draft.status is Status.CONSIDER and replaceable:
        draft.offered = Status.NOT_OFFERED


def _keep_first(person: Person, choice: Choice, recommended: list[Draft]) -> None:
    chosen, *others = recommended
    text = choice.words.fill(lambda gap: chosen.option.name)
    for draft in others:
        draft.offered = Status.CONSIDER
        draft.reasons.append(person.rule_reason(choice, Effect.LOWER, text, {}))
