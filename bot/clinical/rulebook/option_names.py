"""Reads option_names.yaml: what people call the options, and which ones a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clinical.rulebook.document import Item
from bot.clinical.vocabulary import OPTIONS


@dataclass(frozen=True, eq=False)
class OptionNames:
    """Names in lower case, each with the options that it may mean."""

    options_of: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]

    def options_in(self, text: str) -> tuple[str, ...]:
        """The options that `text` names, in the order of the words; the longest name wins."""
        found = self.pattern.findall(text.lower())
        return tuple(dict.fromkeys(option for name in found for option in self.options_of[name]))


def parse_option_names(document: Item) -> OptionNames:
    """Every option has a name. Raises RulebookError for an unknown option, or one that nobody could ask for."""
    entries = document.keys(("names",))["names"]
    table = entries.keys(OPTIONS)
    options_of: dict[str, tuple[str, ...]] = {}
    for option, item in table.items():
        for word in item.items():
            name = word.text()
            if name != name.lower():
                word.fail("write names in lower case")
            options_of[name] = (*options_of.get(name, ()), option)
    longest_first = sorted(options_of, key=lambda name: -len(name))
    return OptionNames(options_of, re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b"))
