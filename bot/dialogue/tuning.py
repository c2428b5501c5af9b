"""Guarded speed patches for Rasa 3.6.21: the same results, without the repeated work.

Each patch names what it replaces; `apply` refuses another Rasa version, and a test compares the
results with the stock functions. Measured: half of a turn or more went into these two places.
"""

import functools
from typing import Any, Dict, Optional, Type

import jsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

SUPPORTED = "3.6.21"
_stock_validate = RemoteAction._validate_action_result
_stock_resolve = Event.resolve_by_type


class UnsupportedRasa(RuntimeError):
    """The installed Rasa is not the version that these patches were checked against."""


@functools.lru_cache(maxsize=1)
def _action_result_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def _validate_action_result(self: RemoteAction, result: Dict[str, Any]) -> bool:
    error = jsonschema.exceptions.best_match(_action_result_validator().iter_errors(result))
    if error is None:
        return True
    # The stock function words the complaint; it runs only when there is one.
    return _stock_validate(self, result)


@functools.lru_cache(maxsize=1)
def _event_types() -> Dict[str, Type[Event]]:
    # The first class of a name wins, as in the stock walk.
    types: Dict[str, Type[Event]] = {}
    for event in all_subclasses(Event):
        types.setdefault(event.type_name, event)
    return types


def _resolve_by_type(type_name: str, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
    found = _event_types().get(type_name)
    return found if found is not None else _stock_resolve(type_name, default)


def apply() -> None:
    """Put the patches in place, once; raise `UnsupportedRasa` on any other Rasa than 3.6.21."""
    if rasa.__version__ != SUPPORTED:
        raise UnsupportedRasa(
            f"Rasa {rasa.__version__} is installed; the server is checked with {SUPPORTED}."
        )
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(_resolve_by_type)
