"""The rulebook as a document that a clinician can read and dispute, made from the data and nothing else."""

from __future__ import annotations

from bot.clinical.printed.whole import COMMAND, rulebook_document

__all__ = ["COMMAND", "rulebook_document"]
