"""One fact as it was read from a message, with the patient's own words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as hidden

from bot.clinical.facts import FactValue, plain

ANSWER = "answer"
VOLUNTEERED = "volunteered"
#: Found by likeness alone: the dialogue takes it for "not sure" and asks, so that no learned model decides.
LIKELY = "likely"


@dataclass(frozen=True)
class ReadFact:
    """`value` is in the vocabulary of clinical.md §0; `start` and `end` count characters of the message.

    `about` is true when the patient was vague ("a few weeks", "six or seven"). `source` is "answer" for
    the field that was asked, "likely" for what only the second look found, and "volunteered" for everything else.
    """

    field: str
    value: FactValue = hidden(repr=False)
    words: str = hidden(repr=False)
    start: int
    end: int
    about: bool = False
    source: str = VOLUNTEERED

    def as_json(self) -> dict[str, object]:
        return {
            "field": self.field,
            "value": plain(self.value),
            "words": self.words,
            "start": self.start,
            "end": self.end,
            "about": self.about,
            "source": self.source,
        }
