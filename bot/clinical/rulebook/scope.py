"""What every section of the rulebook may refer to, and the reading that all rules share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bot.clinical.facts import FIELDS
from bot.clinical.rulebook.conditions import read_condition
from bot.clinical.rulebook.document import Item, Place
from bot.clinical.rulebook.rule import Raise, RaisedFlag, Rule, Source, TriageRule
from bot.clinical.rules import Condition, Named
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import ACTIONS, ADJUSTMENTS, FLAGS, FORBIDDEN_ACTION, RULE_STATUSES

DESIGN = "DESIGN"  #: the source key of a rule that is our own proposal
GENERAL_KNOWLEDGE = "GK"  #: the source key of a rule that still has to be read up

MOST_WORDS = 45  #: in one message to a patient (clinical.md §9)

_RULE_KEYS = ("id", "since", "when", "patient", "clinician", "sources")
_RULE_ID = re.compile(r"[A-Z][A-Za-z0-9_]{0,39}")
_CLAIMS = re.compile(r"\b(cures?|proven|safe for you)\b", re.IGNORECASE)
#: "you have" names a diagnosis, unless it supposes ("if you have"), asks ("do you have") or goes on as a helper verb
_DIAGNOSIS = re.compile(
    r"(?<!\bif )(?<!\bwhen )(?<!\buntil )(?<!\bonce )(?<!\bdo )\byou have\b"
    r"(?! (to|been|had|not|any|already|told|said|just)\b)",
    re.IGNORECASE,
)
_URGENCIES = tuple(urgency.value for urgency in Urgency)


class Scope:
    """Definitions and sources to refer to, and the rule ids taken so far."""

    def __init__(self, definitions: Item, sources: Mapping[str, Source]) -> None:
        self._definitions = definitions.entries()
        self._compiled: dict[tuple[str, bool], Named] = {}
        self._open: list[str] = []
        self._ids: dict[str, Place] = {}
        self.source_table = sources
        self._check_definitions()

    @property
    def definition_names(self) -> tuple[str, ...]:
        return tuple(self._definitions)

    def definition(self, name: str) -> Condition:
        """A named condition, as the plan sees it (the present counts). Raises KeyError."""
        return self._compiled[name, False]

    def condition(self, item: Item) -> Condition:
        """A condition; danger reported before counts where the context brings it. Raises RulebookError."""
        return read_condition(item, self._named)

    def rule(
        self, item: Item, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> tuple[Rule, dict[str, Item]]:
        """What all rules share, and the section's own keys. Raises RulebookError."""
        entries = item.keys((*_RULE_KEYS, *required), ("status", *optional))
        status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
        rule = Rule(
            id=self._id(entries["id"]),
            since=entries["since"].date(),
            when=self.condition(entries["when"]),
            patient=self.patient_text(entries["patient"]),
            clinician=entries["clinician"].text(),
            sources=self.sources(entries["sources"], status),
            status=status,
        )
        return rule, entries

    def triage_rule(self, item: Item) -> TriageRule:
        """A rule that classes danger, from an intake or a check-in. Raises RulebookError."""
        own = ("raise", "flag", "actions", "adjustments", "clarify", "ask")
        rule, entries = self.rule(item, required=("triage",), optional=own)
        urgency = Urgency(entries["triage"].one_of(_URGENCIES, "urgency"))
        return TriageRule(
            **vars(rule),
            urgency=urgency,
            raises=tuple(self._raise(one, urgency) for one in _members(entries, "raise")),
            flags=tuple(self._flag(one) for one in _members(entries, "flag")),
            actions=self.actions(entries["actions"]) if "actions" in entries else (),
            adjustments=_words(entries, "adjustments", ADJUSTMENTS, "adjustment"),
            clarify=_words(entries, "clarify", FIELDS, "field"),
            ask=_words(entries, "ask", FIELDS, "field"),
        )

    def actions(self, item: Item) -> tuple[str, ...]:
        """Action names; telling somebody to stop a medicine abruptly is never one. Raises RulebookError."""
        actions = item.each_of(ACTIONS, "action")
        if FORBIDDEN_ACTION in actions:
            item.fail(f"{FORBIDDEN_ACTION} may never be used; remove it")
        return actions

    def sources(self, item: Item, status: str) -> tuple[str, ...]:
        """Keys of sources.yaml that fit the rule's status. Raises RulebookError."""
        known = (*self.source_table, DESIGN, GENERAL_KNOWLEDGE)
        keys = item.each_of(known, "source")
        if not keys:
            item.fail(f"give at least one source, or [{DESIGN}] with `status: design`")
        if DESIGN in keys and status == "cited":
            item.fail(f"a rule that rests on {DESIGN} needs `status: design`")
        if GENERAL_KNOWLEDGE in keys and status != "to_verify":
            item.fail(f"a rule that rests on {GENERAL_KNOWLEDGE} needs `status: to_verify`")
        return keys

    def patient_text(self, item: Item, most: int = MOST_WORDS) -> str:
        """Words for the patient: short, and without a claim or a diagnosis. Raises RulebookError."""
        text = item.text()
        if len(text.split()) > most:
            item.fail(f"shorten this to {most} words; it has {len(text.split())}")
        claim = _CLAIMS.search(text) or _DIAGNOSIS.search(text)
        if claim:
            item.fail(f"say this without {claim.group()!r}: no claims and no diagnosis")
        return text

    def _id(self, item: Item) -> str:
        if not isinstance(item.raw, str) or not _RULE_ID.fullmatch(item.raw):
            item.fail("a rule id is a capital letter followed by letters, digits or _")
        if item.raw in self._ids:
            item.fail(f"the rule id {item.raw!r} is taken at {_shown(self._ids[item.raw])}; choose another")
        self._ids[item.raw] = item.place
        return item.raw

    def _raise(self, item: Item, base: Urgency) -> Raise:
        entries = item.keys(("to", "when"))
        urgency = Urgency(entries["to"].one_of(_URGENCIES, "urgency"))
        if urgency <= base:
            item.fail(f"a raise must go above {base.value}")
        return Raise(urgency, self.condition(entries["when"]))

    def _flag(self, item: Item) -> RaisedFlag:
        if not item.is_mapping:
            return RaisedFlag(item.one_of(FLAGS, "flag"), None)
        entries = item.keys(("flag", "when"))
        return RaisedFlag(entries["flag"].one_of(FLAGS, "flag"), self.condition(entries["when"]))

    def _named(self, item: Item, sticky: bool) -> Named:
        name = item.one_of(self._definitions, "definition")
        if (name, sticky) not in self._compiled:
            if name in self._open:
                item.fail("this definition leads back to itself: " + " → ".join((*self._open, name)))
            self._open.append(name)
            when = self._definitions[name].entries()["when"]
            self._compiled[name, sticky] = Named(name, read_condition(when, self._named, sticky=sticky))
            self._open.pop()
        return self._compiled[name, sticky]

    def _check_definitions(self) -> None:
        for item in self._definitions.values():
            entries = item.keys(("meaning", "when"), ("source", "status"))
            entries["meaning"].text()
            status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
            if "source" in entries:
                self.sources(entries["source"], status)
        for name, item in self._definitions.items():
            for sticky in (True, False):
                self._named(Item(item.place, name), sticky)


def _members(entries: Mapping[str, Item], key: str) -> tuple[Item, ...]:
    return entries[key].one_or_more() if key in entries else ()


def _words(entries: Mapping[str, Item], key: str, vocabulary: Collection[str], what: str) -> tuple[str, ...]:
    return entries[key].each_of(vocabulary, what) if key in entries else ()


def _shown(place: Place) -> str:
    return f"{place.file}:{place.line}"
