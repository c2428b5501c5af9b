"""Scenarios: conversations written in YAML as a clinician would read them, played on a real server.

A scenario is a name, an answer sheet (`as`, with `but` for other answers to some fields), the `steps` and
what must be true in the end (`then`); `zone` is that of the patient's device, `zone: none` where it tells
none. A step is one of
  until: FIELD        answer from the sheet until FIELD is asked (`until: the end`: until nothing is)
  patient: TEXT       type something
  tap: [LABELS]       tap choices of the newest question, by the beginning of their labels
  tap_on: {FIELD: [LABELS]}   tap choices of the newest question about FIELD, which may be an old one
  together: [TEXTS]   send several messages at once, before any is answered
  silence: {days: 2}  let that time pass
  clinician: TEXT     a clinician asks this in the console
and may say of the answer to it (what must be true in the end is of the conversation the patient is in then;
`erased: true` says that it is not the first one any more, and that nothing of that is left)
  bot: [KEYS]         these keys, in this order, others in between
  only: [KEYS]        exactly these keys
  asks: FIELD         what is asked then; `asks: nothing`
  says: [REGEX], never: [KEY or /REGEX/], kinds: [KINDS that alone occur]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.store import Case, Message
from tests.dialogue import answers
from tests.dialogue.patient import Answers, Patient

FOLDER = Path(__file__).with_name("scenarios")
NOTHING = "nothing"
THE_END = "the end"

SHEETS: Mapping[str, Answers] = {
    "acute": answers.ACUTE_UNCOMPLICATED,
    "on a blood thinner": answers.ON_A_BLOOD_THINNER,
    "chronic": answers.CHRONIC,
    "sciatica": answers.SCIATICA,
}
DOES = {"until", "patient", "tap", "tap_on", "together", "silence", "clinician"}
EXPECTS = {"bot", "only", "asks", "says", "never", "kinds"}
ENDS = {
    *("status", "triage", "flags", "no_flags", "facts", "unknown", "plans", "options", "consents"),
    *("check_ins", "asked", "never", "says", "episodes", "words", "zone", "erased"),
}


class ScenarioError(ValueError):
    """A scenario file says something that no scenario may say."""


@dataclass(frozen=True)
class Step:
    """One thing the patient does, and what is expected of the answer to it."""

    does: str
    what: Any
    expects: Mapping[str, Any]

    @classmethod
    def from_yaml(cls, step: Mapping[str, Any]) -> Step:
        done = DOES & step.keys()
        if len(done) != 1 or step.keys() - DOES - EXPECTS:
            raise ScenarioError(f"not a step: {dict(step)}")
        [does] = done
        return cls(does, step[does], {key: step[key] for key in step.keys() - DOES})


@dataclass(frozen=True)
class Scenario:
    """One conversation: who answers, what happens, and what holds in the end."""

    name: str
    answers: Answers
    steps: Sequence[Step]
    then: Mapping[str, Any] = field(default_factory=dict)
    zone: str | None = "Europe/London"

    @classmethod
    def from_yaml(cls, document: Mapping[str, Any]) -> Scenario:
        if document.keys() - {"scenario", "as", "but", "steps", "then", "zone"}:
            raise ScenarioError(f"not a scenario: {sorted(document)}")
        then = document.get("then") or {}
        if then.keys() - ENDS:
            raise ScenarioError(f"unknown in then: {sorted(then.keys() - ENDS)}")
        sheet = {**SHEETS[document.get("as", "acute")], **(document.get("but") or {})}
        steps = [Step.from_yaml(step) for step in document["steps"]]
        zone = document.get("zone", "Europe/London")
        return cls(document["scenario"], sheet, steps, then, None if zone == "none" else zone)


def scenarios(folder: Path = FOLDER) -> Iterator[Scenario]:
    """Every scenario of the files in `folder`, by file and place in it."""
    for path in sorted(folder.glob("*.yaml")):
        for document in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Scenario.from_yaml(document)


def check_answer(step: Step, said: Sequence[Message]) -> None:
    """Hold what the bot said after a step against what is expected of it."""
    keys = [message.key for message in said]
    told = [f"{message.key}: {message.text}" for message in said]
    expects = step.expects
    if "bot" in expects:
        rest = iter(keys)
        assert all(key in rest for key in expects["bot"]), f"{expects['bot']} are not said in order in {told}"
    if "only" in expects:
        assert keys == expects["only"], told
    if "asks" in expects:
        asks = said[-1].asks if said else None
        assert asks == (None if expects["asks"] == NOTHING else expects["asks"]), told
    if "kinds" in expects:
        assert {message.kind for message in said} <= set(expects["kinds"]), told
    for pattern in expects.get("says", ()):
        assert any(re.search(pattern, message.text, re.I) for message in said), f"{pattern!r} not in {told}"
    check_never(expects.get("never", ()), said)


def check_never(never: Sequence[str], said: Sequence[Message]) -> None:
    for unsaid in never:
        if unsaid.startswith("/"):
            wrong = [message.text for message in said if re.search(unsaid.strip("/"), message.text, re.I)]
        else:
            wrong = [message.text for message in said if message.key == unsaid]
        assert not wrong, f"{unsaid} is said: {wrong}"


def check_end(then: Mapping[str, Any], case: Case, episodes: int) -> None:
    """Hold what the store kept against what must be true in the end."""
    facts = {fact.field: fact.value for fact in case.facts if not fact.retracted}
    words = {fact.field: fact.words for fact in case.facts if not fact.retracted}
    flags = {flag.code for flag in case.flags} | set(case.episode.flags)
    said = [message for message in case.messages if message.sender == "bot"]
    options = {one["id"]: one["status"] for one in case.plans[-1].assessment["options"]} if case.plans else {}
    consents = {consent.purpose: consent.granted for consent in case.consents}
    planned = [one.kind for one in case.check_ins if one.status.value == "planned"]
    asks = [message.asks for message in said if message.asks]
    found: dict[str, tuple[Any, Any]] = {
        "status": (then.get("status"), case.episode.status),
        "triage": (then.get("triage"), case.episode.triage),
        "facts": (then.get("facts"), {name: facts.get(name) for name in then.get("facts") or ()}),
        "words": (then.get("words"), {name: words.get(name) for name in then.get("words") or ()}),
        "plans": (then.get("plans"), [plan.status for plan in case.plans]),
        "options": (then.get("options"), {name: options.get(name) for name in then.get("options") or ()}),
        "consents": (then.get("consents"), {name: consents.get(name) for name in then.get("consents") or ()}),
        "check_ins": (then.get("check_ins"), planned),
        "asked": (then.get("asked"), {name: asks.count(name) for name in then.get("asked") or ()}),
        "episodes": (then.get("episodes"), episodes),
        "zone": (then.get("zone"), case.conversation.timezone),
    }
    wrong = {
        key: f"wanted {want}, got {got}" for key, (want, got) in found.items() if key in then and want != got
    }
    assert not wrong, wrong
    assert set(then.get("flags", ())) <= flags, flags
    assert flags.isdisjoint(then.get("no_flags", ())), flags
    known = facts.keys() & set(then.get("unknown", ()))
    assert not known, {name: facts[name] for name in known}
    for pattern in then.get("says", ()):
        assert any(re.search(pattern, message.text, re.I) for message in said), f"nobody says {pattern!r}"
    check_never(then.get("never", ()), said)


def tap_on_older(patient: Patient, asked: str, labels: Sequence[str]) -> None:
    """Tap choices of the newest question about a field, though another may be open by now."""
    question = [message for message in patient.bot_messages if message["asks"] == asked][-1]
    ids = [
        choice["id"]
        for label in labels
        for choice in question["choices"]
        if choice["label"].lower().startswith(label.lower())
    ]
    assert len(ids) == len(labels), f"{labels} among {question['choices']}"
    patient.send({"choices": ids})
