"""The three files on options: the table, what safety does to it, and what fits it to the person."""

from __future__ import annotations

from bot.clinical.rulebook.contraindication_rules import parse_contraindications
from bot.clinical.rulebook.option_table import parse_options
from bot.clinical.rulebook.personalisation_rules import parse_personalisation

__all__ = ["parse_contraindications", "parse_options", "parse_personalisation"]
