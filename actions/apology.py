"""What the patient hears when a turn failed again and again: an apology, and safety advice if it is due."""

from __future__ import annotations

from collections.abc import Callable

from actions.base import Services
from bot.store import Turn

RESPONSE = "utter_technical_problem"


def apologise(services: Services, text: str) -> Callable[[Turn], None]:
    """An apology for `turn`, written straight into its outbox: the agent is not asked again.

    `text` is the domain's response of that name, with its place for the emergency number.
    """

    def say(turn: Turn) -> None:
        country = services.country_of(turn.conversation)
        number = services.rulebook.phone_numbers.of(country).emergency
        turn.say(text.format(emergency_number=number), kind="safety", key=RESPONSE)

    return say
