"""The words for danger: which safety messages follow from the findings, filled for country and patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.clinical.facts import FIELDS, UNSURE, Facts, FactValue
from bot.clinical.reading_back import listed
from bot.clinical.rulebook import PhoneNumbers, Rulebook
from bot.clinical.rulebook.wording_texts import CLASSES, SafetyText, WordingSheet
from bot.clinical.rules import Context
from bot.clinical.triage import Finding, Triage

MOST_MESSAGES = 3
MOST_ITEMS = 3  #: signs named in one message


@dataclass(frozen=True)
class SafetyMessage:
    """One message about danger, ready to be said; `key` names it for tests and translations."""

    text: str
    key: str


def safety_messages(
    triage: Triage, facts: Facts, rulebook: Rulebook, country: str | None
) -> tuple[SafetyMessage, ...]:
    """What the patient must be told now, the worst first; nothing where no class above routine was reached.

    `country` is ISO 3166-1 alpha-2, or a sub-region such as "GB-NIR"; None gives words instead of numbers.
    Emergency and crisis messages have at most 75 words, others 45; at most three are given.
    Source: clinical.md §1.2, §1.3.
    """
    wording: WordingSheet = rulebook.wording
    lines = _lines(rulebook.phone_numbers.of(country), wording)
    messages = [
        SafetyMessage(_filled(text, findings, facts, wording, lines), text.key)
        for text, findings in _chosen(triage, wording)
    ]
    return tuple(messages[:MOST_MESSAGES])


def safety_net(rulebook: Rulebook) -> str:
    """What ends every chat, plan and check-in (clinical.md §1.4)."""
    wording: WordingSheet = rulebook.wording
    return wording.safety_net


def incomplete_message(rulebook: Rulebook) -> str:
    """For a patient who leaves before the questions on danger are through (clinical.md §1.1)."""
    wording: WordingSheet = rulebook.wording
    return wording.incomplete


def _chosen(triage: Triage, wording: WordingSheet) -> Iterator[tuple[SafetyText, list[Finding]]]:
    """The messages of the class that was reached, and those that are said beside any class."""
    if triage.urgency not in CLASSES:
        return
    of_class = [finding for finding in triage.findings if finding.urgency is triage.urgency]
    left = {finding.rule for finding in of_class}
    for text in wording.messages:
        if text.urgency is not triage.urgency and not text.always:
            continue
        if text.otherwise:
            findings = [finding for finding in of_class if finding.rule in left]
        else:
            findings = [
                one for one in triage.findings if one.rule in text.rules and one.urgency is text.urgency
            ]
            left -= text.rules
        if findings:
            yield text, findings


def _lines(numbers: PhoneNumbers, wording: WordingSheet) -> Mapping[str, str]:
    return {
        "emergency_number": numbers.emergency,
        "urgent_line": numbers.urgent or wording.lines["urgent"],
        "crisis_line": numbers.crisis or wording.lines["crisis"],
        "poison_line": numbers.poison or wording.lines["poison"],
    }


def _filled(
    text: SafetyText,
    findings: Iterable[Finding],
    facts: Facts,
    wording: WordingSheet,
    lines: Mapping[str, str],
) -> str:
    """The message with as many of the reported signs as fit its length."""
    used = {name: value for finding in findings for name, value in finding.facts_used.items()}
    items = list(_reported(used, facts, wording))
    unsure = [wording.noted[name].about for name, value in used.items() if value == UNSURE]
    message = ""
    for count in range(MOST_ITEMS, 0, -1):
        places = {
            "items": listed(items[:count]) or wording.no_items,
            "unsure": listed(unsure[:count]) or "one of the safety questions",
        }
        message = text.text.format(**lines, **places)
        if len(message.split()) <= text.most:
            break
    return message


def _reported(used: Mapping[str, FactValue], facts: Facts, wording: WordingSheet) -> Iterator[str]:
    """The danger signs among the facts that were used, in plain words, each once."""
    context = Context(facts)
    said: set[str] = set()
    for name, value in used.items():
        bundle = next((one for one in wording.bundles if one.field == name and one.when.truth(context)), None)
        noted = wording.noted[name]
        if bundle is not None:
            words: str | None = bundle.text
        elif isinstance(value, (bool, str)) and value in noted.reported:
            words = noted.reported[value]
        elif isinstance(value, (bool, str)) and value in FIELDS[name].danger:
            words = noted.about
        else:
            words = None
        if words is not None and words not in said:
            said.add(words)
            yield words
