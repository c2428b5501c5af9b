"""What the patient reported, field by field: as it stands, as it was before, and what was corrected."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.clinical.facts import FIELDS, is_danger
from bot.review.labels import label_of
from bot.review.words import value_words
from bot.store.records import CheckIn, FactRecord

#: How much of a message stands beside a fact; the transcript has the whole.
LONGEST_QUOTE = 280


@dataclass(frozen=True)
class Report:
    """One answer: the value in words, and what the patient said (`words`, possibly shortened)."""

    field: str
    label: str
    value: str = dataclasses.field(repr=False)
    words: str | None = dataclasses.field(repr=False)
    at: datetime
    seq: int | None
    source: str
    restricted: bool


@dataclass(frozen=True)
class Correction:
    """A change of one answer. `now` is None when it was taken back and nothing took its place.

    `later` says that it came with a check-in: then it is news rather than a correction.
    """

    field: str
    label: str
    before: Report
    now: Report | None
    later: bool


class Reported:
    """All reports of an episode, ready to be asked about. Pure."""

    def __init__(self, facts: Iterable[FactRecord], option_names: Mapping[str, str]) -> None:
        self._by_field: dict[str, list[FactRecord]] = {}
        self._option_names = option_names
        for record in facts:
            self._by_field.setdefault(record.field, []).append(record)

    def current(self, name: str) -> FactRecord | None:
        """The newest report that stands, or None."""
        standing = [record for record in self._by_field.get(name, ()) if not record.retracted]
        return standing[-1] if standing else None

    def fields(self) -> tuple[str, ...]:
        """Fields with a report that stands, in the order of the vocabulary, unknown ones last."""
        known = [name for name in FIELDS if self.current(name)]
        return (*known, *(name for name in self._by_field if name not in FIELDS and self.current(name)))

    def danger_before(self, name: str) -> FactRecord | None:
        """The newest dangerous answer that a later one replaced; it stands until a clinician clears it.

        Source: clinical.md §0.3. An answer taken back counts too, because only red-flag fields have one.
        """
        if name not in FIELDS or not FIELDS[name].red_flag:
            return None
        current = self.current(name)
        dangerous = [
            record
            for record in self._by_field.get(name, ())
            if record is not current and is_danger(name, record.value)
        ]
        return dangerous[-1] if dangerous else None

    def report(self, record: FactRecord) -> Report:
        """The record as a line of the summary."""
        return Report(
            field=record.field,
            label=label_of(record.field),
            value=value_words(record.field, record.value, self._option_names),
            words=_quote(record.words),
            at=record.at,
            seq=record.message_seq,
            source=record.source,
            restricted=record.restricted,
        )

    def corrections(self, check_ins: Iterable[CheckIn]) -> tuple[Correction, ...]:
        """Every change of an answer, oldest first."""
        first_check_in = min((one.asked_at for one in check_ins if one.asked_at), default=None)
        changes = [
            Correction(
                name,
                label_of(name),
                self.report(before),
                self.report(now) if now else None,
                later=now is not None and first_check_in is not None and now.at >= first_check_in,
            )
            for name, records in self._by_field.items()
            for before, now in _steps(records)
        ]
        return tuple(sorted(changes, key=lambda change: (change.now or change.before).at))


def _steps(records: list[FactRecord]) -> Iterator[tuple[FactRecord, FactRecord | None]]:
    for place, now in enumerate(records[1:]):
        before = records[place]
        if before.value != now.value:
            yield before, now
    if records[-1].retracted:
        standing = [record for record in records if not record.retracted]
        yield records[-1], standing[-1] if standing else None


def _quote(words: str | None) -> str | None:
    if words is None or len(words) <= LONGEST_QUOTE:
        return words
    return words[:LONGEST_QUOTE].rstrip() + " …"
