"""The clinician console: sign in, the list of episodes by urgency, and the summary of one."""

from __future__ import annotations

from bot.review.console.access import SessionRules
from bot.review.console.application import console_app
from bot.review.console.guard import LOOPBACK
from bot.review.console.links import clinician_link, first_clinician_link, trouble_with_name
from bot.review.console.second_factor import SecondFactors

__all__ = [
    "LOOPBACK",
    "SecondFactors",
    "SessionRules",
    "clinician_link",
    "console_app",
    "first_clinician_link",
    "trouble_with_name",
]
