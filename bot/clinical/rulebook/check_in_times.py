"""Reads check_ins.yaml: who is contacted again, and when. See there for the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.vocabulary import RULE_STATUSES

_UNITS = ("hours", "days", "weeks")


@dataclass(frozen=True)
class Contact:
    """One planned contact: its kind, and how long after the plan or the advice."""

    kind: str
    after: timedelta


@dataclass(frozen=True, eq=False)
class Timetable:
    """The contacts of one group. `instead_of` names regular kinds that they replace; `alone` replaces all."""

    id: str
    when: Condition
    contacts: tuple[Contact, ...]
    instead_of: frozenset[str]
    alone: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CheckInSheet:
    """The timetables; in each list the first whose condition holds is used."""

    after_advice: tuple[Timetable, ...]
    regular: tuple[Timetable, ...]
    new_nsaid: Contact
    long_term: Contact


def parse_check_ins(document: Item, scope: Scope) -> CheckInSheet:
    """The timetables of a document. Raises RulebookError."""
    entries = document.keys(("since", "after_advice", "regular", "new_nsaid", "long_term"))
    entries["since"].date()
    regular = tuple(_timetable(item, scope) for item in entries["regular"].items())
    if not regular:
        entries["regular"].fail("list at least one timetable")
    return CheckInSheet(
        after_advice=tuple(_timetable(item, scope) for item in entries["after_advice"].items()),
        regular=regular,
        new_nsaid=_contact(entries["new_nsaid"]),
        long_term=_contact(entries["long_term"]),
    )


def _timetable(item: Item, scope: Scope) -> Timetable:
    entries = item.keys(("id", "when", "contacts", "sources"), ("instead_of", "alone", "status"))
    status = entries["status"].one_of(RULE_STATUSES, "status") if "status" in entries else "cited"
    contacts = tuple(_contact(one) for one in entries["contacts"].items())
    kinds = [contact.kind for contact in contacts]
    if not contacts or len(set(kinds)) != len(kinds):
        entries["contacts"].fail("list at least one contact, and each kind once")
    if list(contacts) != sorted(contacts, key=lambda contact: contact.after):
        entries["contacts"].fail("list the contacts in the order of time")
    instead = entries["instead_of"].one_or_more() if "instead_of" in entries else ()
    return Timetable(
        id=entries["id"].text(),
        when=scope.condition(entries["when"]),
        contacts=contacts,
        instead_of=frozenset(one.text() for one in instead),
        alone=_flag(entries, "alone"),
        sources=scope.sources(entries["sources"], status),
    )


def _flag(entries: Mapping[str, Item], key: str) -> bool:
    return key in entries and entries[key].boolean()


def _contact(item: Item) -> Contact:
    entries = item.keys(("kind",), _UNITS)
    given = [unit for unit in _UNITS if unit in entries]
    if len(given) != 1:
        item.fail("give one of hours, days and weeks")
    amount = entries[given[0]].integer()
    if amount < 1:
        entries[given[0]].fail("give a whole number from 1 on")
    return Contact(entries["kind"].text(), timedelta(**{given[0]: amount}))
