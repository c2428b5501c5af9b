"""The words of yes, no, not sure and rather not, compiled from answers.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PIECE = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True)
class AnswerWords:
    """Patterns on plain text. Those with `lead` in front only match where a message begins."""

    yes: re.Pattern[str]
    plain_yes: re.Pattern[str]
    yes_later: re.Pattern[str]
    some: re.Pattern[str]
    content: re.Pattern[str]
    no: re.Pattern[str]
    plain_no: re.Pattern[str]
    no_later: re.Pattern[str]
    fine: re.Pattern[str]
    unsure: re.Pattern[str]
    maybe: re.Pattern[str]
    skip: re.Pattern[str]
    but_some: re.Pattern[str]
    fillers: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]]) -> AnswerWords:
        """Compile the lists of answers.yaml; KeyError names a missing list."""
        lead = f"(?:(?:{'|'.join(lists['lead'])})[ ,.!-]+)*"
        pieces = {name: f"(?:{'|'.join(words)})" for name, words in lists.items()} | {"lead": lead}

        def body(name: str) -> str:
            return _PIECE.sub(lambda match: body(match.group(1)), pieces[name])

        def starting(name: str) -> re.Pattern[str]:
            return re.compile(rf"^{lead}{body(name)}(?![a-z])")

        return cls(
            yes=starting("yes"),
            plain_yes=re.compile(r"^(?:yes|yeah|yep|yup|yh|it does|i do|it has)(?![a-z])"),
            yes_later=re.compile(body("yes_later")),
            some=starting("some"),
            content=starting("content"),
            no=starting("no"),
            plain_no=starting("plain_no"),
            no_later=re.compile(body("no_later")),
            fine=starting("fine"),
            unsure=re.compile(body("unsure")),
            maybe=starting("maybe"),
            skip=re.compile(body("skip")),
            but_some=re.compile(body("but_some")),
            fillers=frozenset(word for line in lists["fillers"] for word in line.split()),
        )
