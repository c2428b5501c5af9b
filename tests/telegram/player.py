"""A scripted dialogue that plays on real turns of the real store: what it says depends on a word."""

from __future__ import annotations

from collections.abc import Callable

from bot.store import Turn

YES_NO = [("Yes", {"field": "fever", "value": "yes"}), ("No", {"field": "fever", "value": "no"})]
PLACES = [
    (label, {"field": "pain_site", "value": value})
    for label, value in (("Lower back", "lower_back"), ("Leg", "leg"), ("Hip & groin <both>", "hip"))
]
SCORES = [
    (label, {"field": "pain_avg", "value": value})
    for value, label in enumerate(["0 (no pain)", *map(str, range(1, 10)), "10 (worst)"])
]
LONG = "\n\n".join(f"Part {n}." + " Walking a little more each day helps." * 12 for n in range(1, 25))


def _scale(turn: Turn) -> None:
    turn.say("How bad is it?", kind="question", asks="pain_avg", input="scale", choices=SCORES)


def _several(turn: Turn) -> None:
    turn.say("Where is it?", kind="question", asks="pain_site", input="multi_choice", choices=PLACES)


def _fever(turn: Turn) -> None:
    turn.say("Do you have a fever?", kind="question", asks="fever", input="choice", choices=YES_NO)


SCRIPT: dict[str, Callable[[Turn], None]] = {
    "scale": _scale,
    "several": _several,
    "fever": _fever,
    "long": lambda turn: turn.say(LONG, kind="plan"),
    "danger": lambda turn: turn.say("Call 112 <now> & do not wait.", kind="safety"),
    "pdf": lambda turn: turn.say("Here is your plan.", kind="plan", key="utter_document"),
    "ten": lambda turn: [turn.say(f"Line {n}.") for n in range(1, 11)] and None,
}


class ScriptedPlayer:
    """Plays turns. `heard` is everything that reached it, in order, by conversation."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = {}
        self.greetings = 0

    async def play(self, turn: Turn) -> None:
        if turn.inbound is None:
            self.greetings += 1
            turn.open_episode("consent")
            turn.say("Hello, I am a computer program.")
            return
        words = turn.inbound.text or ", ".join(choice.label for choice in turn.inbound.choices)
        self.heard.setdefault(turn.conversation.id, []).append(words)
        if words in SCRIPT:
            SCRIPT[words](turn)
        else:
            turn.say(f"You said: {words}")


def apologise(turn: Turn) -> None:
    turn.say("Something went wrong.")
