"""Loads the lexicon's YAML files, checks every value against the vocabulary and compiles the patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.clinical.facts import FIELDS, FactError, FactValue, FieldKind, check
from bot.understanding.lexicon.answer_words import AnswerWords
from bot.understanding.lexicon.first_look import FirstLook, chosen, needed_literals
from bot.understanding.lexicon.openings import OpeningsLook, WholeWords, WordStarts
from bot.understanding.lexicon.phrase import REACH, WIDE_REACH, Near, Phrase, Style
from bot.understanding.spelling import Spelling, words_in, words_in_patterns

_HERE = Path(__file__).parent
#: What patients write, for the words they use.
_EXAMPLES = _HERE.parent / "sign_examples"
_SPELLINGS = "spellings.yaml"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_MACRO = re.compile(r"<([a-z_0-9]+)>")
#: A longer text holds nearly all letters that phrases need; looking for them would cost more than it saves.
_LOOKED_THROUGH = 400
#: Written for `negated` and `past` where the words then teach nothing.
_NOTHING = "nothing"
_KEYS = frozenset(
    {
        "field",
        "value",
        "style",
        "negated",
        "past",
        "say",
        "unless",
        "needs",
        "needs_anywhere",
        "asked",
        "also",
        "near",
        "wide",
    }
)


class LexiconError(ValueError):
    """An entry of the lexicon is wrong; names the file and the entry."""


@dataclass(frozen=True)
class Lexicon:
    """`phrases` in file order; `spelling` gives a misspelt word as the patterns spell it."""

    phrases: tuple[Phrase, ...]
    spelling: Spelling
    medicines: Mapping[str, tuple[str, tuple[str, ...]]]
    first_look: FirstLook
    openings: tuple[OpeningsLook, OpeningsLook]
    answers: AnswerWords
    countries: Mapping[str, str]
    composed: Mapping[str, frozenset[str]]
    roundabout: Mapping[str, tuple[re.Pattern[str], ...]]

    @cached_property
    def medicine_names(self) -> WholeWords:
        """Any name of a medicine, the longest first."""
        ordered = sorted(self.medicines, key=lambda name: (-len(name), name))
        return WholeWords.of(r"\b(?:" + "|".join(re.escape(name) for name in ordered) + r")(?![a-z])")

    @cached_property
    def medicine_classes(self) -> frozenset[str]:
        """The fields that taking some medicine makes true."""
        return frozenset(field for _, classes in self.medicines.values() for field in classes)

    def candidates(self, words: WordStarts) -> list[Phrase]:
        """The phrases that may match the text, in file order: a few of several hundred."""
        bits = self.openings[0].items(words) & self.openings[1].items(words)
        if bits < 0 or len(words.text) <= _LOOKED_THROUGH:
            bits &= self.first_look.items(words.text)
        return list(chosen(self.phrases, bits))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon beside this module, read once.

    Raises `LexiconError` for an unknown field, a value outside the vocabulary or a pattern that does not compile.
    """
    macros = _expanded(_yaml("macros.yaml"))
    phrases: list[Phrase] = []
    for path in sorted(_HERE.glob("phrases_*.yaml")):
        for number, entry in enumerate(_yaml(path.name), start=1):
            try:
                phrases.extend(_phrases(entry, macros))
            except (FactError, KeyError, ValueError, re.error) as error:
                raise LexiconError(f"{path.name}, entry {number}: {error}") from error
    return Lexicon(
        phrases=tuple(phrases),
        spelling=Spelling(
            _spellings(_yaml(_SPELLINGS)), words_in_patterns(_texts(_HERE)), words_in(_texts(_EXAMPLES))
        ),
        medicines=_medicines(_yaml("medicines.yaml")),
        first_look=FirstLook.at([phrase.keys for phrase in phrases]),
        openings=(
            OpeningsLook.at([phrase.pieces[0].openings for phrase in phrases]),
            OpeningsLook.at([phrase.pieces[-1].openings for phrase in phrases]),
        ),
        answers=AnswerWords.of(_yaml("answers.yaml")),
        countries=_countries(_yaml("countries.yaml")),
        composed={
            kind: frozenset(word for line in lines for word in line.split())
            for kind, lines in _yaml("composed.yaml").items()
        },
        roundabout={
            _known(field): tuple(_whole_words(way, macros).pattern for way in ways)
            for field, ways in _yaml("roundabout.yaml").items()
        },
    )


def _yaml(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_HERE / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe


def _texts(folder: Path) -> str:
    """The YAML files of a folder, without comments and known misspellings."""
    paths = (path for path in sorted(folder.glob("*.yaml")) if path.name != _SPELLINGS)
    return "\n".join(_COMMENT.sub(" ", path.read_text(encoding="utf-8")) for path in paths)


def _expanded(macros: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Macros may use those above them."""
    done: dict[str, str] = {}
    for name, body in macros.items():
        joined = "|".join(body) if isinstance(body, list) else body
        done[name] = "(?:" + _fill(joined, done) + ")"
    return done


def _fill(pattern: str, macros: Mapping[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        if match.group(1) not in macros:
            raise LexiconError(f"macro <{match.group(1)}> is not in macros.yaml")
        return macros[match.group(1)]

    return _MACRO.sub(replace, pattern)


def _phrases(entry: Mapping[str, Any], macros: Mapping[str, str]) -> Iterator[Phrase]:
    unknown = entry.keys() - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]}")
    value, negated = _values(entry["field"], Style(entry["style"]), entry)
    for words, keys in _words(entry, macros):
        phrase = Phrase(
            field=entry["field"],
            value=value,
            style=Style(entry["style"]),
            words=words,
            keys=keys,
            negated=negated,
            past=None if entry.get("past") in (None, _NOTHING) else check(entry["field"], entry["past"]),
            unless=_optional(entry.get("unless"), macros),
            needs=_optional(entry.get("needs"), macros),
            needs_anywhere=_optional(entry.get("needs_anywhere"), macros),
            asked=frozenset(entry.get("asked", ())),
        )
        yield phrase
        for also, also_value in entry.get("also", {}).items():
            yield replace(phrase, field=also, value=check(also, also_value), negated=None, past=None)


def _words(
    entry: Mapping[str, Any], macros: Mapping[str, str]
) -> Iterator[tuple[WholeWords | Near, frozenset[str]]]:
    """The patterns of `say` as one, and each pair of `near`, with the letters that a match must have."""
    if "say" in entry:
        said = _whole_words("|".join(entry["say"]), macros)
        yield said, needed_literals(said.pattern.pattern)
    for key, stop, reach in (("near", "stop", REACH), ("wide", "wide_stop", WIDE_REACH)):
        ends = re.compile(r"\b" + macros[stop])
        for left, right in entry.get(key, ()):
            first, second = _whole_words(left, macros), _whole_words(right, macros)
            needed = needed_literals(first.pattern.pattern) or needed_literals(second.pattern.pattern)
            yield Near(first, second, ends, reach), needed


def _whole_words(pattern: str, macros: Mapping[str, str]) -> WholeWords:
    return WholeWords.of(r"\b(?:" + _fill(pattern, macros) + r")(?![a-z])")


def _optional(pattern: str | None, macros: Mapping[str, str]) -> re.Pattern[str] | None:
    return None if pattern is None else re.compile(r"\b(?:" + _fill(pattern, macros) + ")")


def _values(field: str, style: Style, entry: Mapping[str, Any]) -> tuple[FactValue, FactValue | None]:
    """The value and its opposite; both may be left out where the kind of field makes them plain."""
    known = FIELDS[field]
    denied: object = entry.get("negated")
    if style is Style.CES:
        return check(field, "new"), check(field, "none")
    if known.kind is FieldKind.BOOL:
        value = entry.get("value", True)
        default: object = (not value) if style is not Style.AS_IS else None
    elif "value" in entry:
        value = entry["value"]
        default = None
    elif "yes" in known.values and "no" in known.values:
        value, default = "yes", "no"
    else:
        raise ValueError(f"{field} needs a value")
    if known.kind is FieldKind.LIST and isinstance(value, str):
        value = [value]
    if style is Style.AS_IS:
        return check(field, value), None
    denied = default if denied is None else denied
    return check(field, value), None if denied in (None, _NOTHING) else check(field, denied)


def _spellings(entries: Mapping[str, str]) -> dict[str, str]:
    return {wrong: right for right, wrongs in entries.items() for wrong in str(wrongs).split()}


def _known(field: str) -> str:
    if field not in FIELDS:
        raise LexiconError(f"roundabout.yaml: {field} is not in the vocabulary")
    return field


def _countries(entries: Mapping[str, str]) -> dict[str, str]:
    """Each name -> its code."""
    return {
        name: str(check("country", code)) for code, names in entries.items() for name in names.split(", ")
    }


def _medicines(entries: Mapping[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each name or brand -> (generic name, facts that taking it makes true)."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for group in entries.values():
        facts = tuple(group.get("facts", ()))
        for fact in facts:
            check(fact, True)
        for generic, brands in group["names"].items():
            for name in (generic, *str(brands or "").split(", ")):
                if name:
                    found[name.lower()] = (generic, facts)
    return found
