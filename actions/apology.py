"""What the patient hears when a turn failed again and again: an apology, and safety advice if it is due."""

from __future__ import annotations

from collections.abc import Callable

from actions.base import Services
from bot.store import Turn

TEXT = (
    "Something went wrong on my side. Your message is kept. Please send it again in a minute. "
    "If you feel in danger, call {emergency_number}."
)


def apologise(services: Services) -> Callable[[Turn], None]:
    """An apology for `turn`, written straight into its outbox: the agent is not asked again."""

    def say(turn: Turn) -> None:
        country = turn.conversation.country or services.country
        number = services.rulebook.phone_numbers.of(country).emergency
        turn.say(TEXT.format(emergency_number=number), kind="safety", key="utter_technical_problem")

    return say
