"""The rules that fired, with the class, the flags and the facts behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.clinical.rulebook import Rulebook
from bot.clinical.urgency import Urgency
from bot.review import stored
from bot.review.words import RULE_MARK, TRIAGE, plain_code


@dataclass(frozen=True)
class Finding:
    """One rule that fired. `mark` says what is still open about the rule, "" when nothing is."""

    rule: str
    urgency: str
    urgency_words: str
    flags: tuple[str, ...]
    clinician: str
    patient: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    mark: str


def findings_of(documents: Iterable[Mapping[str, object]], rulebook: Rulebook) -> tuple[Finding, ...]:
    """Stored findings, worst first, each rule once."""
    marks = _marks(rulebook)
    found: dict[str, Finding] = {}
    for document in documents:
        rule, urgency = stored.text(document, "rule"), stored.text(document, "urgency")
        status = stored.text(document, "status")
        if rule in found or not rule:
            continue
        found[rule] = Finding(
            rule=rule,
            urgency=urgency,
            urgency_words=TRIAGE[urgency][0] if urgency in TRIAGE else plain_code(urgency, {}),
            flags=stored.texts(document, "flags"),
            clinician=stored.text(document, "clinician"),
            patient=stored.text(document, "patient"),
            facts=_facts(document),
            sources=stored.texts(document, "sources"),
            mark=plain_code(status, RULE_MARK) if status else marks.get(rule, ""),
        )
    return tuple(sorted(found.values(), key=lambda finding: -_rank(finding.urgency)))


def _marks(rulebook: Rulebook) -> Mapping[str, str]:
    """Rule -> what is still open about it, for findings that were stored without the mark."""
    progress = [one.rule for one in rulebook.progress.rules]
    rules = (*rulebook.red_flags, *rulebook.contraindications.rules, *progress)
    return {rule.id: RULE_MARK.get(rule.status, "") for rule in rules}


def _facts(document: Mapping[str, object]) -> tuple[str, ...]:
    for key in ("facts_used", "facts"):
        if stored.mapping(document, key):
            return tuple(stored.mapping(document, key))
        if stored.texts(document, key):
            return stored.texts(document, key)
    return ()


def _rank(urgency: str) -> int:
    return Urgency(urgency).rank if urgency in TRIAGE else -1
