"""Made-up people for properties: any answers that the vocabulary allows, with and without danger."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st

from bot.clinical.facts import FIELDS, Field, FieldKind
from bot.clinical.rulebook import default_rulebook

#: "no" in its three spellings
HARMLESS = ("no", "none", False)


def harmless(field: Field) -> Any:
    """The "no" of a yes-or-no or multiple-choice field, or None where there is none."""
    if field.kind is FieldKind.BOOL:
        return False
    return next((value for value in HARMLESS if value in field.values), None)


def answers(field: Field) -> st.SearchStrategy[Any]:
    """Anything that may be answered to this field."""
    unsure = ["unsure"] if field.accepts_unsure else []
    match field.kind:
        case FieldKind.BOOL:
            return st.sampled_from([True, False, *unsure])
        case FieldKind.CHOICE:
            return st.sampled_from([*field.values, *unsure])
        case FieldKind.INT:
            return st.integers(int(field.minimum or 0), min(int(field.maximum or 0), 120))
        case FieldKind.FLOAT:
            return st.floats(field.minimum or 0, min(field.maximum or 0, 120))
        case FieldKind.TEXT:
            return st.sampled_from(["GB", "US", "GB-NIR"])
        case FieldKind.ACTIVITIES:
            return st.lists(_ACTIVITIES, max_size=3)
        case FieldKind.LIST:
            words = _MEDICINES if field.name == "current_meds" else _WISHES if field.name == "goals" else ()
            return st.lists(st.sampled_from([*field.values, *words] or ["something else"]), max_size=3)


@st.composite
def people(draw: st.DrawFn, names: Collection[str] = tuple(FIELDS), most: int = 25) -> dict[str, Any]:
    """Answers to some of the named fields, `most` at most."""
    chosen = draw(st.lists(st.sampled_from(sorted(names)), max_size=most, unique=True))
    return {name: draw(answers(FIELDS[name])) for name in chosen}


#: fields that never lift the class above routine_flag by themselves, so that a plan is made
CALM: tuple[str, ...] = tuple(
    name
    for name, field in FIELDS.items()
    if not field.red_flag or name in ("pregnant", "osteoporosis", "steroids_long_term", "immunosuppressed")
)

_MEDICINES = sorted(
    {name for one in default_rulebook().contraindications.medicines.values() for name in one.names}
)
_WISHES = ("no pain", "walk the dog without pain", "back to work", "sleep through", "play with my kids")
_ACTIVITIES = st.builds(
    lambda activity, score: {"activity": activity, "score": score},
    st.sampled_from(
        ["walk the dog", "sit at my desk for an hour", "carry shopping", "be pain free", "juggle"]
    ),
    st.none() | st.integers(0, 10),
)
