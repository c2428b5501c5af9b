"""The one error a rulebook can raise: where it is wrong and what to mend."""

from __future__ import annotations


class RulebookError(ValueError):
    """The rulebook cannot be trusted, so nothing may start. Says the file, the line (from 1) and the mend."""

    def __init__(self, file: str, line: int, mend: str) -> None:
        super().__init__(f"{file}:{line}: {mend}")
        self.file = file
        self.line = line
        self.mend = mend
