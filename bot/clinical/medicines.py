"""Knows medicines by their names, so that a listed medicine counts as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.clinical.facts import Facts
from bot.clinical.rulebook.option_document import Contraindications, MedicineClass

_LISTED = "current_meds"
_MOST_NAMES = 2  #: shown in brackets


class MedicineNames:
    """The names of contraindications.yaml, ready to be looked for. Names are matched as whole words."""

    def __init__(self, classes: Mapping[str, MedicineClass]) -> None:
        self._classes = classes
        self._class_of: dict[str, list[str]] = {}
        for medicine in classes.values():
            for name in medicine.names:
                self._class_of.setdefault(_spaced(name), []).append(medicine.name)
        self._shown = {_spaced(name): name for one in classes.values() for name in one.names}
        longest_first = sorted(self._class_of, key=len, reverse=True)
        self._pattern = re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\S)")
        self._forms = {
            name: frozenset(_spaced(form) for form in medicine.unless) for name, medicine in classes.items()
        }

    def found(self, listed: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Class of medicine -> the names by which it was listed, as the rulebook writes them.

        A word that is the name of its class says nothing beside a medicine's own name.
        """
        found: dict[str, dict[str, None]] = {}
        generic: dict[str, dict[str, None]] = {}
        for entry in listed:
            spaced = _spaced(entry)
            words = frozenset(spaced.split())
            for match in self._pattern.finditer(spaced):
                for medicine in self._class_of[match[0]]:
                    if words.isdisjoint(self._forms[medicine]):
                        names = generic if entry == medicine else found
                        names.setdefault(medicine, {})[self._shown[match[0]]] = None
        return {medicine: tuple(names) for medicine, names in {**generic, **found}.items()}

    def answered(self, medicine: str) -> str | None:
        """The field that a listed medicine of this class answers with "yes"."""
        return self._classes[medicine].answers


@lru_cache(maxsize=4)
def medicine_names(contraindications: Contraindications) -> MedicineNames:
    """The names of these rules, prepared once."""
    return MedicineNames(contraindications.medicines)


def with_listed_medicines(facts: Facts, contraindications: Contraindications) -> Facts:
    """These facts with what the medicine list answers: a listed name counts as "yes", whatever was ticked.

    The classes are added to the list as words, so that conditions can look for them.
    Source: clinical.md §4 (medicines are given as a free list).
    """
    listed = facts.get(_LISTED)
    if not isinstance(listed, tuple) or not listed:
        return facts
    names = medicine_names(contraindications)
    found = listed_names(facts, contraindications)
    for medicine in found:
        field = names.answered(medicine)
        if field is not None and facts.get(field) is not True:
            facts = facts.with_(field, True)
    return facts.with_(_LISTED, (*listed, *found)) if found else facts


def listed_names(facts: Facts, contraindications: Contraindications) -> dict[str, tuple[str, ...]]:
    """Class of medicine -> the names by which the person listed it."""
    listed = facts.get(_LISTED)
    words = [word for word in listed if isinstance(word, str)] if isinstance(listed, tuple) else []
    return medicine_names(contraindications).found(words) if words else {}


def in_brackets(names: Iterable[str], said: str) -> str:
    """Names as " (apixaban)", or nothing where the text has said them already."""
    fresh = [name for name in names if name.casefold() not in said.casefold()]
    return f" ({', '.join(fresh[:_MOST_NAMES])})" if fresh else ""


def _spaced(words: str) -> str:
    """Lower-case words with single spaces between them and nothing else."""
    return " ".join(re.findall(r"[a-z0-9]+", words.casefold()))
