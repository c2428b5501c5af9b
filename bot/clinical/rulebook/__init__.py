"""The rulebook: dated, cited clinical rules as data, checked in full before anything starts."""

from __future__ import annotations

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.errors import RulebookError
from bot.clinical.rulebook.loader import Rulebook, default_rulebook, load_rulebook
from bot.clinical.rulebook.rule import (
    PhoneBook,
    PhoneNumbers,
    Raise,
    RaisedFlag,
    Rule,
    Source,
    TriageRule,
)
from bot.clinical.rulebook.scope import Scope

__all__ = [
    "Item",
    "PhoneBook",
    "PhoneNumbers",
    "Raise",
    "RaisedFlag",
    "Rule",
    "Rulebook",
    "RulebookError",
    "Scope",
    "Source",
    "TriageRule",
    "default_rulebook",
    "load_rulebook",
]
