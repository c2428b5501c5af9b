"""Reads conditions from YAML and refuses those that could never mean what they say.

    {leg_pain: both_legs}                     the value; `unsure` matches only when it is written
    {leg_pain: [below_knee, both_legs]}       one of
    {age: {min: 60}}                          min, max (inclusive), above, below (exclusive)
    {pain_site: {contains: hip}}              lists; also contains_any: [..]
    {change: {from: nprs_baseline, to: nprs_now, min: 2}}   also change_percent, of the first number
    {known: field}   {skipped: field}         answered with knowledge; asked and declined
    all / any / none: [..]                    none is true only when every part is known to be false
    unless: [..]                              true when no part is known to be true
    at_least: 2, of: [..]                     two or more of
    {is: name}                                a condition of definitions.yaml
    {flag: FL_X}  {urgency_at_least: same_day}  {profile: nice}  {always: true}
    {at_start: {..}}   {before: {..}}         held when the plan began; held at an earlier check-in
    {last_time: {flag: FL_X}}                 what the last contact ended with; also urgency_at_least
    {rise_from_best: {of: nprs_now, min: 3}}  above the lowest value of earlier check-ins
Several keys in one mapping must all hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.clinical.facts import FIELDS, UNDISCLOSED, UNSURE, FactError, FactValue, Field, FieldKind, check
from bot.clinical.field_tests import Change, FieldTest, Known, Skipped
from bot.clinical.past_tests import AtStart, Before, LastTime, RiseFromBest
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.reachability import contradiction
from bot.clinical.rules import AllOf, Always, AnyOf, AtLeast, Concluded, Condition, Named, NoneOf, Unless
from bot.clinical.urgency import Urgency
from bot.clinical.vocabulary import FLAGS, PROFILES

#: looks up a definition by name; the second argument says whether danger reported before counts
Definitions = Callable[[Item, bool], Named]

_NUMBERS = (FieldKind.INT, FieldKind.FLOAT)
_BOUNDS = ("min", "max", "above", "below")


def read_condition(item: Item, definitions: Definitions, *, sticky: bool = True) -> Condition:
    """The condition that `item` describes.

    `sticky` conditions also see danger that was reported before and taken back since; under `none`
    and `unless` the present counts instead. Raises RulebookError.
    """
    entries = item.entries()
    if not entries:
        item.fail("write a condition here, or `always: true`")
    parts = tuple(
        _part(key, value, entries, definitions, sticky=sticky)
        for key, value in entries.items()
        if key != "of"
    )
    if "of" in entries and "at_least" not in entries:
        entries["of"].fail("`of` needs `at_least` beside it")
    condition = parts[0] if len(parts) == 1 else AllOf(parts)
    field = contradiction(condition)
    if field is not None:
        item.fail(f"this can never be true: no value of {field} fits all of it")
    return condition


def _part(
    key: str, value: Item, entries: Mapping[str, Item], definitions: Definitions, *, sticky: bool
) -> Condition:
    match key:
        case "all":
            return AllOf(_parts(value, definitions, sticky=sticky))
        case "any":
            return AnyOf(_parts(value, definitions, sticky=sticky))
        case "none":
            return NoneOf(_parts(value, definitions, sticky=not sticky))
        case "unless":
            return Unless(_parts(value, definitions, sticky=not sticky))
        case "at_least":
            return _at_least(value, entries, definitions, sticky=sticky)
        case "is":
            return definitions(value, sticky)
        case "known":
            return Known(_field(value.text(), value).name)
        case "skipped":
            return Skipped(_field(value.text(), value).name)
        case "change" | "change_percent":
            return _change(value, percent=key == "change_percent")
        case "at_start" | "before" | "last_time":
            return _looking_back(key, value, definitions)
        case "rise_from_best":
            return _rise_from_best(value)
        case "flag":
            return _flag(value)
        case "urgency_at_least":
            return _urgency(value)
        case "profile":
            profiles = frozenset(value.each_of(PROFILES, "profile"))
            return Concluded(lambda context: context.profile in profiles)
        case "always":
            if value.boolean() is not True:
                value.fail("`always` can only be true; remove the rule instead")
            return Always()
        case _:
            return _field_test(_field(key, value), value, sticky=sticky)


def _parts(item: Item, definitions: Definitions, *, sticky: bool) -> tuple[Condition, ...]:
    members = item.one_or_more()
    if not members:
        item.fail("list at least one condition here")
    return tuple(read_condition(member, definitions, sticky=sticky) for member in members)


def _at_least(item: Item, entries: Mapping[str, Item], definitions: Definitions, *, sticky: bool) -> AtLeast:
    if "of" not in entries:
        item.fail("`at_least` needs `of: [..]` beside it")
    parts = _parts(entries["of"], definitions, sticky=sticky)
    n = item.integer()
    if not 1 <= n <= len(parts):
        item.fail(f"`at_least` must lie between 1 and the {len(parts)} conditions of `of`")
    return AtLeast(parts, n)


def _looking_back(key: str, item: Item, definitions: Definitions) -> Condition:
    part = read_condition(item, definitions, sticky=False)
    if key == "last_time":
        if part.fields():
            item.fail("`last_time` looks at flags and urgency only; use `before` for what was told")
        return LastTime(part)
    if part.looks_at_conclusions:
        item.fail(f"`{key}` looks at what was told; use `last_time` for flags and urgency")
    return AtStart(part) if key == "at_start" else Before(part)


def _rise_from_best(item: Item) -> RiseFromBest:
    entries = item.keys(("of",), _BOUNDS)
    field = _field(entries["of"].text(), entries["of"])
    if field.kind not in _NUMBERS:
        item.fail(f"{field.name} is not a number, so it has no best")
    return RiseFromBest(
        field.name, _within(item, {name: entries[name] for name in _BOUNDS if name in entries})
    )


def _flag(item: Item) -> Concluded:
    flags = frozenset(item.each_of(FLAGS, "flag"))
    return Concluded(lambda context: not flags.isdisjoint(context.flags))


def _urgency(item: Item) -> Concluded:
    least = Urgency(item.one_of([urgency.value for urgency in Urgency], "urgency"))
    return Concluded(lambda context: context.urgency >= least)


def _field(name: str, item: Item) -> Field:
    item_name = Item(item.place, name)
    return FIELDS[item_name.one_of(FIELDS, "field or condition word")]


def _field_test(field: Field, item: Item, *, sticky: bool) -> FieldTest:
    if field.kind is FieldKind.ACTIVITIES:
        item.fail(f"{field.name} holds the patient's own words: only `known` can test it")
    if item.is_mapping:
        if field.kind is FieldKind.LIST:
            return FieldTest(field.name, _contains(field, item), sticky=sticky)
        edges = tuple(bound.number() for bound in item.entries().values())
        return FieldTest(field.name, _between(field, item), sticky=sticky, edges=edges)
    if field.kind is FieldKind.LIST:
        item.fail(f"{field.name} is a list: write {{contains: ..}} or {{contains_any: [..]}}")
    wanted = frozenset(_value(field, one) for one in item.one_or_more())
    if not wanted:
        item.fail("list at least one value here")
    return FieldTest(
        field.name,
        wanted.__contains__,
        wants_unsure=UNSURE in wanted,
        wants_undisclosed=UNDISCLOSED in wanted,
        sticky=sticky,
    )


def _value(field: Field, item: Item) -> FactValue:
    try:
        return check(field.name, item.plain())
    except FactError as error:
        item.fail(f"{field.name} {error.message}")


def _contains(field: Field, item: Item) -> Callable[[FactValue], bool]:
    if len(item.entries()) != 1:
        item.fail("write one of contains and contains_any here")
    (how, what), *_ = item.keys(optional=("contains", "contains_any")).items()
    if how == "contains" and what.is_list:
        what.fail("`contains` takes one word; use `contains_any` for several")
    words: set[str] = set()
    for member in what.one_or_more():
        checked = _value(field, Item(member.place, (member,)))
        words.update(word for word in checked if isinstance(word, str)) if isinstance(
            checked, tuple
        ) else None
    if not words:
        what.fail("list at least one word here")
    return lambda value: isinstance(value, tuple) and any(word in words for word in value)


def _between(field: Field, item: Item) -> Callable[[FactValue], bool]:
    if field.kind not in _NUMBERS:
        item.fail(f"{field.name} is not a number: write its value, or a list of values")
    bounds = item.keys(optional=_BOUNDS)
    for bound in bounds.values():
        _check_limit(field, bound)
    return _within(item, bounds)


def _change(item: Item, *, percent: bool) -> Change:
    entries = item.keys(("from", "to"), _BOUNDS)
    ends = [_field(entries[end].text(), entries[end]) for end in ("from", "to")]
    for field in ends:
        if field.kind not in _NUMBERS:
            item.fail(f"{field.name} is not a number, so it has no change")
    bounds = {name: bound for name, bound in entries.items() if name in _BOUNDS}
    return Change(ends[0].name, ends[1].name, _within(item, bounds), percent)


def _within(item: Item, bounds: Mapping[str, Item]) -> Callable[[FactValue], bool]:
    if not bounds:
        item.fail("give min, max, above or below")
    limits = {name: bound.number() for name, bound in bounds.items()}
    infinity = float("inf")
    least, most = limits.get("min", -infinity), limits.get("max", infinity)
    over, under = limits.get("above", -infinity), limits.get("below", infinity)
    if max(least, over) > min(most, under) or least >= under or over >= most:
        item.fail("no number can lie between these bounds")

    def passes(value: FactValue) -> bool:
        return isinstance(value, (int, float)) and least <= value <= most and over < value < under

    return passes


def _check_limit(field: Field, item: Item) -> None:
    limit = item.number()
    if (
        field.minimum is not None
        and field.maximum is not None
        and not field.minimum <= limit <= field.maximum
    ):
        item.fail(f"{field.name} only goes from {field.minimum:g} to {field.maximum:g}")
