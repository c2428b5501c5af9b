"""Reads which options a rule is about: names, everything with a mark, a family, or a list the patient gave."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.option_document import OptionTable, Raised, Target
from bot.clinical.rulebook.option_terms import Effect, Mark
from bot.clinical.rulebook.patient_words import Words, certain
from bot.clinical.rulebook.scope import Scope
from bot.clinical.rules import Condition
from bot.clinical.vocabulary import FAMILIES, OPTIONS

#: fields that hold options by the patient's own experience
TOLD_LISTS = ("prev_helpful", "prev_unhelpful", "prev_adverse")


def read_target(
    entries: Mapping[str, Item],
    when: Condition,
    scope: Scope,
    table: OptionTable,
    effects: Collection[Effect],
) -> Target:
    """The target that the keys `option`, `effect` and `raise` of a rule describe. Raises RulebookError."""
    named = entries["effect"].one_of(tuple(effect.value for effect in effects), "effect")
    effect = Effect(named)
    options, told = _selection(entries["option"], table)
    if told is not None and told not in certain(when):
        entries["option"].fail(f"the condition must say that {told} is known")
    raises = tuple(_raised(item, effect, scope, effects) for item in _members(entries, "raise"))
    return Target(options, effect, raises, told=told)


def with_words(target: Target, words: Words) -> Target:
    """The target with words of its own."""
    return Target(target.options, target.effect, target.raises, words, target.told)


def _selection(item: Item, table: OptionTable) -> tuple[tuple[str, ...], str | None]:
    if not item.is_mapping:
        return _some(item, item.each_of(OPTIONS, "option")), None
    entries = item.keys(optional=("mark", "family", "told", "among", "except"))
    left_out = entries["except"].each_of(OPTIONS, "option") if "except" in entries else ()
    kinds = [kind for kind in ("mark", "family", "told") if kind in entries]
    if len(kinds) != 1:
        item.fail("write one of mark, family and told here")
    (kind,) = kinds
    if "among" in entries and kind != "told":
        entries["among"].fail("`among` narrows `told`; remove it here")
    chosen, told = OPTIONS, None
    if kind == "mark":
        mark = Mark(entries["mark"].one_of(tuple(mark.value for mark in Mark), "mark"))
        chosen = tuple(one for one in OPTIONS if mark in table.options[one].marks)
    elif kind == "family":
        chosen = FAMILIES[entries["family"].one_of(FAMILIES, "family")]
    else:
        told = entries["told"].one_of(TOLD_LISTS, "list of options")
        chosen = entries["among"].each_of(OPTIONS, "option") if "among" in entries else OPTIONS
    for option in left_out:
        if option not in chosen:
            entries["except"].fail(f"{option!r} is not chosen anyway; remove it")
    return _some(item, tuple(one for one in chosen if one not in left_out)), told


def _some(item: Item, options: tuple[str, ...]) -> tuple[str, ...]:
    if not options:
        item.fail("no option is left, so this rule can never do anything; name one")
    return options


def _raised(item: Item, base: Effect, scope: Scope, effects: Collection[Effect]) -> Raised:
    parts = item.keys(("to", "when"))
    effect = Effect(parts["to"].one_of(tuple(effect.value for effect in effects), "effect"))
    if effect <= base:
        item.fail(f"a raise must be stronger than {base.value}")
    return Raised(effect, scope.condition(parts["when"]))


def _members(entries: Mapping[str, Item], key: str) -> tuple[Item, ...]:
    return entries[key].one_or_more() if key in entries else ()
