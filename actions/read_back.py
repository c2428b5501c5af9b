"""The read-back: what was understood, in plain words, with a way to change each item."""

from __future__ import annotations

from actions.base import Scene
from bot.clinical.questions import read_back

READ_BACK = "read_back"
CONFIRMED, CHANGE = "confirmed", "change"
WORDS_A_MESSAGE = 30


def ask_read_back(scene: Scene) -> None:
    """Say everything back in short messages; the last one asks whether it is right."""
    *first, last = _in_pieces([item.words for item in read_back(scene.turn.facts, scene.rulebook)]) or [""]
    if first:
        scene.voice.respond("utter_read_back_start")
    for piece in first:
        scene.voice.tell(piece, key="read_back_piece")
    scene.voice.ask_response(READ_BACK, "utter_read_back", "choice", noted=last)


def ask_what_to_change(scene: Scene) -> None:
    items = read_back(scene.turn.facts, scene.rulebook)
    taps = [(item.words, item.field) for item in items]
    scene.voice.ask_response(READ_BACK, "utter_read_back_change", "choice", taps)


def tell_noted(scene: Scene) -> None:
    """Answer "what have you noted?"."""
    pieces = _in_pieces([item.words for item in read_back(scene.turn.facts, scene.rulebook)])
    if not pieces:
        scene.voice.respond("utter_nothing_noted")
        return
    scene.voice.respond("utter_noted", noted=pieces[0])
    for piece in pieces[1:]:
        scene.voice.tell(piece, key="noted_piece")


def _in_pieces(sentences: list[str]) -> list[str]:
    """Join sentences into pieces short enough for one message each."""
    pieces: list[str] = []
    for sentence in sentences:
        ended = sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
        if pieces and len(f"{pieces[-1]} {ended}".split()) <= WORDS_A_MESSAGE:
            pieces[-1] = f"{pieces[-1]} {ended}"
        else:
            pieces.append(ended)
    return pieces
