"""Telling the draft plan in pieces: what matters most first, each option with its why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.base import Scene

Option = Mapping[str, Any]

WORDS_A_MESSAGE = 45
MOST_OPTIONS = 2  #: explained at once when a word may mean several
_ABOUT = ("expect", "guidelines", "risks", "cost_time_place")


def tell_plan(scene: Scene, document: Mapping[str, Any], *, reviewed: bool = False) -> None:
    """Say a stored assessment: first what to do, then what to think about, then what was left out and why.

    `reviewed` says that a clinician signed this version: only then is it no draft any more.
    """
    options = document["options"]
    by_status = {
        status: _with_status(options, status) for status in ("recommend", "consider", "clinician_only")
    }
    scene.voice.respond("utter_plan_intro_reviewed" if reviewed else "utter_plan_intro", kind="plan")
    for goal in document.get("goals") or ():
        _tell(scene, [str(goal["text"])], "plan_goal")
    said: set[str] = set()
    for option in by_status["recommend"]:
        _tell_option(scene, "utter_plan_option", option["name"], _first_words(option, said))
    _tell_names(scene, "utter_plan_consider", by_status["consider"])
    for option in by_status["clinician_only"]:
        _tell_option(scene, "utter_plan_clinician_only", option["name"], [_why(option)])
    for names, why in _sharing_a_reason(_with_status(options, "withheld")):
        _tell_option(scene, "utter_plan_left_out", names, [why])
    _tell_names(scene, "utter_plan_not_offered", _with_status(options, "not_offered"))
    last = "utter_plan_next_reviewed" if reviewed else "utter_plan_next"
    scene.voice.respond(last, kind="plan", code=scene.case_code)


def tell_options_asked_about(scene: Scene, document: Mapping[str, Any]) -> bool:
    """Explain the options that the message names, from the stored assessment; False when it names none."""
    asked = scene.rulebook.option_names.options_in(scene.heard.text)
    known = {option["id"]: option for option in document["options"]}
    for option in asked[:MOST_OPTIONS]:
        if option in known:
            tell_option(scene, known[option])
        else:
            name = scene.rulebook.options.options[option].name
            scene.voice.respond("utter_option_not_called_for", option=name)
    return bool(asked)


def tell_option(scene: Scene, option: Option) -> None:
    """Everything about one option of a stored assessment: every reason, then what a person should know."""
    reasons = [reason["text"] for reason in option["reasons"]]
    _tell_option(scene, f"utter_option_{option['status']}", option["name"], reasons)
    about = option.get("about") or {}
    _tell(scene, [about[part] for part in _ABOUT if about.get(part)], f"about_{option['id']}")
    daily = option.get("daily") or {}
    _tell(scene, [daily.get("text", "")], f"daily_{option['id']}")


def _with_status(options: Iterable[Option], *statuses: str) -> list[Option]:
    return [option for option in options if option["status"] in statuses]


def _first_words(option: Option, said: set[str]) -> list[str]:
    """Why it is here, what to take care of, and how to begin."""
    about, daily = option.get("about") or {}, option.get("daily") or {}
    begin = daily.get("text") or about.get("what") or ""
    return [_new(_why(option), said), *_cautions(option, said), begin]


def _cautions(option: Option, said: set[str]) -> list[str]:
    """What to take care of, once in a telling even where it holds for several options."""
    cautions = [reason["text"] for reason in option["reasons"][1:] if reason.get("effect") == "caution"]
    new = [text for text in cautions if text not in said]
    said.update(new)
    return new


def _new(text: str, said: set[str]) -> str:
    """The text without its first sentence where that was said before: many options share their situation."""
    first, _, rest = text.partition(". ")
    if rest and first in said:
        return rest
    said.add(first)
    return text


def _why(option: Option) -> str:
    return str(option["reasons"][0]["text"]) if option["reasons"] else ""


def _sharing_a_reason(options: Iterable[Option]) -> list[tuple[str, str]]:
    """Options with the same reason are told together: (names, reason)."""
    by_reason: dict[str, list[str]] = {}
    for option in options:
        by_reason.setdefault(_why(option), []).append(str(option["name"]))
    return [(", ".join(names), why) for why, names in by_reason.items()]


def _tell_names(scene: Scene, response: str, options: list[Option]) -> None:
    names: list[str] = []
    for option in options:
        name = str(option["name"])
        if names and len(" ".join([*names, name]).split()) > WORDS_A_MESSAGE - 20:
            scene.voice.respond(response, kind="plan", options=", ".join(names))
            names = []
        names.append(name)
    if names:
        scene.voice.respond(response, kind="plan", options=", ".join(names))


def _tell_option(scene: Scene, response: str, title: str, sentences: Iterable[str]) -> None:
    """Say the first piece under the option's name, the others after it."""
    first, *others = _pieces(sentences, WORDS_A_MESSAGE - len(title.split())) or [""]
    scene.voice.respond(response, kind="plan", title=title, words=first)
    for piece in others:
        scene.voice.tell(piece, kind="plan", key=f"{response}_more")


def _tell(scene: Scene, sentences: Iterable[str], key: str) -> None:
    """Say the sentences in as few messages as the length of a message allows."""
    for piece in _pieces(sentences, WORDS_A_MESSAGE):
        scene.voice.tell(piece, kind="plan", key=key)


def _pieces(sentences: Iterable[str], most_words: int) -> list[str]:
    pieces: list[str] = []
    for sentence in filter(None, sentences):
        if pieces and len(f"{pieces[-1]} {sentence}".split()) <= most_words:
            pieces[-1] = f"{pieces[-1]} {sentence}"
        else:
            pieces.append(sentence)
    return pieces
