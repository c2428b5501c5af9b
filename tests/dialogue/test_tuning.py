"""The speed patches give what the stock functions give, and refuse a Rasa they were not checked against."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from bot.dialogue import tuning


@pytest.fixture(autouse=True)
def patched() -> None:
    tuning.apply()


@pytest.mark.parametrize("name", sorted({event.type_name for event in all_subclasses(Event)}))
def test_every_event_type_resolves_to_the_class_that_stock_rasa_finds(name: str) -> None:
    assert Event.resolve_by_type(name) is tuning._stock_resolve(name)


def test_an_unknown_event_type_resolves_as_in_stock_rasa() -> None:
    assert Event.resolve_by_type("topic") is tuning._stock_resolve("topic") is None
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such event")


GOOD: list[dict[str, Any]] = [
    {"events": [], "responses": []},
    {
        "events": [{"event": "slot", "name": "asking", "value": "age"}],
        "responses": [{"text": "How old are you?"}],
    },
]
BAD: list[Any] = [
    {"events": [{"value": 1}], "responses": []},
    {"events": "none", "responses": []},
    [],
]


@pytest.mark.parametrize("result", GOOD)
def test_a_good_action_result_passes_as_in_stock_rasa(result: dict[str, Any]) -> None:
    action = RemoteAction("action_any", None)
    assert action._validate_action_result(result) is tuning._stock_validate(action, result) is True


@pytest.mark.parametrize("result", BAD)
def test_a_bad_action_result_is_refused_as_in_stock_rasa(result: Any) -> None:
    action = RemoteAction("action_any", None)
    with pytest.raises(jsonschema.ValidationError) as stock:
        tuning._stock_validate(action, result)
    with pytest.raises(jsonschema.ValidationError) as ours:
        action._validate_action_result(result)
    assert str(ours.value) == str(stock.value)


def test_another_rasa_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(tuning.UnsupportedRasa, match=r"3\.6\.21"):
        tuning.apply()
