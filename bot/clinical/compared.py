"""Two rulebooks side by side: what was added, removed and changed, and which cases come out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.clinical.assess import Assessment, assess
from bot.clinical.facts import Facts
from bot.clinical.printed.conditions import field_words, in_words
from bot.clinical.printed.markdown import shown
from bot.clinical.rulebook import Rulebook, load_rulebook
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.loader import read_documents

Fields = Mapping[str, str]

#: the keys of which one names each member of a list, by the list's own key; any other list is named by id or key
_OF_A_CHECK_IN = (("id",), ("field", "ask", "intake"))
_NAMED_BY = {
    "questions": (("field",),),
    "bundles": (("field",),),
    "sections": (("section",),),
    "regular": _OF_A_CHECK_IN,
    "safety": _OF_A_CHECK_IN,
}
_NAMES = (("id",), ("key",))
_OF_FILE = "(the file itself)"
_NEXT_LINE = "<br>"  #: of the printed rulebook


@dataclass(frozen=True)
class Case:
    """A set of facts to try both rulebooks on. `name` is what the report calls it."""

    name: str
    facts: Facts = field(repr=False)


@dataclass(frozen=True)
class Change:
    """One field of a rule, before and after; None where the rule does not have it."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two rulebooks; rules are named by their file and their id."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[Change, ...]]
    outcomes: Mapping[str, tuple[Change, ...]]
    cases: int

    def in_words(self) -> str:
        """The report, one change a line."""
        lines = [f"Added: {name}." for name in self.added]
        lines += [f"Removed: {name}." for name in self.removed]
        for name, changes in self.changed.items():
            lines.append(f"Changed: {name}.")
            lines += [f"  {_line(change)}" for change in changes]
        if not lines:
            lines.append("No rule and no text differs.")
        lines.append("")
        for name, changes in self.outcomes.items():
            lines.append(f"Case {name} comes out otherwise.")
            lines += [f"  {_line(change)}" for change in changes]
        lines.append(f"{len(self.outcomes)} of {self.cases} cases change outcome.")
        return "\n".join(lines)


def compare(old: Path, new: Path, cases: Iterable[Case]) -> Comparison:
    """Compare the rulebooks of two folders. Raises RulebookError when one of them does not load."""
    before, after = load_rulebook(old), load_rulebook(new)
    was, is_now = _entries(read_documents(old)), _entries(read_documents(new))
    tried = tuple(cases)
    outcomes = {case.name: _changes(_outcome(case, before), _outcome(case, after)) for case in tried}
    return Comparison(
        added=tuple(name for name in is_now if name not in was),
        removed=tuple(name for name in was if name not in is_now),
        changed=_only_changed({name: _changes(was[name], is_now[name]) for name in was if name in is_now}),
        outcomes=_only_changed(outcomes),
        cases=len(tried),
    )


def _entries(documents: Mapping[str, Item]) -> dict[str, Fields]:
    """Everything that has a name in the files, with its fields as words."""
    found: dict[str, Fields] = {}
    for file, item in documents.items():
        own: dict[str, str] = {}
        for name, fields in _walk(item, "", own):
            found[f"{name} in {file}.yaml"] = fields
        if own:
            found[f"{_OF_FILE} in {file}.yaml"] = own
    return found


def _walk(item: Item, path: str, own: dict[str, str]) -> Iterator[tuple[str, Fields]]:
    """The named entries under `item`; what belongs to none of them goes into `own`."""
    for key, value in item.entries().items():
        here = f"{path}{field_words(key)}"
        names = _name_keys(key, value)
        if names:
            for member in value.items():
                fields: dict[str, str] = {}
                yield from _walk(member, "", fields)
                yield (
                    next(member.entries()[name].text() for name in names if name in member.entries()),
                    fields,
                )
        elif key == "when":
            own[here] = in_words(value)
        elif value.is_mapping:
            yield from _walk(value, f"{here}: ", own)
        else:
            own[here] = shown(value).replace(_NEXT_LINE, "; ")


def _name_keys(key: str, item: Item) -> tuple[str, ...]:
    """The keys by one of which each member of this list is told apart; none when they have no names."""
    members = item.items() if item.is_list else ()
    for names in _NAMED_BY.get(key, _NAMES):
        if members and all(
            member.is_mapping and any(name in member.entries() for name in names) for member in members
        ):
            return names
    return ()


def _outcome(case: Case, rulebook: Rulebook) -> Fields:
    result: Assessment = assess(case.facts, rulebook)
    standing = {f"option {option.id}": option.status.value for option in result.plan.options}
    return {
        "triage": result.triage.urgency.value,
        "flags": ", ".join(sorted(result.triage.flags)) or "none",
        **standing,
    }


def _changes(old: Fields, new: Fields) -> tuple[Change, ...]:
    names = dict.fromkeys((*old, *new))
    return tuple(
        Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    )


def _only_changed(changes: Mapping[str, tuple[Change, ...]]) -> dict[str, tuple[Change, ...]]:
    return {name: found for name, found in changes.items() if found}


def _line(change: Change) -> str:
    if change.old is None:
        return f"{change.field}: now {change.new}"
    if change.new is None:
        return f"{change.field}: no longer {change.old}"
    return f"{change.field}: {change.old} → {change.new}"
