"""The rules as tables: red flags, contraindications, personalisation and check-ins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.clinical.printed.markdown import Entries, condition, effects, mark, shown, table, text
from bot.clinical.rulebook.document import Item

Documents = Mapping[str, Item]

_HEAD = ("rule", "since", "when", "what it does", "words for the patient", "words for the clinician")
_SOURCES = ("sources", "status")
_TRIAGE = ("triage", "raise", "flag", "actions", "adjustments", "options", "clarify", "ask", "instead_of")
_OPTION = ("option", "effect", "raise", "also", "adds", "added", "flag", "if_withheld", "causes", "keeps")

RED_FLAG_GROUPS = {
    "A": "Cauda equina",
    "B": "Nerves and spinal cord",
    "C": "Cancer",
    "D": "Fracture",
    "E": "Infection",
    "F": "Inflammatory back pain",
    "G": "Vessels and organs",
    "H": "Pregnancy",
    "I": "Age",
    "J": "Mind and safety",
}
CONTRAINDICATION_GROUPS = {
    "N": "Anti-inflammatory tablets and gels",
    "P": "Other medicines and injections",
    "M": "Manual therapy",
    "A": "Acupuncture",
    "H": "Heat, massage and hands-on care",
    "X": "Exercise and everything else",
    "I": "Age",
}


def definitions(documents: Documents) -> Iterator[str]:
    """The named conditions that rules share."""
    yield "## Definitions\n"
    yield "Rules write these in “quotes”. What is not known is never taken as no.\n"
    items = documents["definitions"].entries()["definitions"].entries()
    yield table(
        ("name", "meaning", "when", *_SOURCES),
        (
            (name.replace("_", " "), text(e, "meaning"), condition(e), text(e, "source"), mark(e))
            for name, item in items.items()
            for e in (item.entries(),)
        ),
    )


def red_flags(documents: Documents) -> Iterator[str]:
    """Everything that classes danger, by group."""
    sections = documents["red_flags"].entries()
    yield "## Red flags\n"
    for letter, title, rules in _by_letter(sections["red_flags"].items(), RED_FLAG_GROUPS):
        yield f"### {letter}. {title}\n"
        yield _rules(rules, _TRIAGE)
    for section, title in (
        ("unsure", "Not sure, or not answered"),
        ("backstops", "Backstops"),
        ("routine_flags", "Routine flags"),
    ):
        yield f"### {title}\n"
        yield _rules(sections[section].items(), _TRIAGE)


def contraindications(documents: Documents) -> Iterator[str]:
    """What holds the plan, what takes options out of it, and the medicines that are known by name."""
    sections = documents["contraindications"].entries()
    yield "## Holds\n"
    yield "Only the options named under “keeps” may still be shown.\n"
    yield _rules(sections["holds"].items(), _OPTION)
    yield "## Contraindications\n"
    yield "The strongest effect wins; every reason is kept and told.\n"
    for letter, title, rules in _by_letter(sections["rules"].items(), CONTRAINDICATION_GROUPS):
        yield f"### {letter}. {title}\n"
        yield _rules(rules, _OPTION)
    yield "### Medicines known by name\n"
    yield table(
        ("class", "names", "answers the question", "not beside these words"),
        (
            (name, text(e, "names"), text(e, "answers"), text(e, "unless"))
            for name, item in sections["medicines"].entries().items()
            for e in (item.entries(),)
        ),
    )


def personalisation(documents: Documents) -> Iterator[str]:
    """What fits the plan to the person."""
    sections = documents["personalisation"].entries()
    yield "## Personalisation\n"
    yield f"A plan starts with at most: {shown(sections['limits'])}. Ties are settled by: {shown(sections['ties'])}.\n"
    yield _rules(sections["choices"].items(), ("among",))
    yield _rules(sections["rules"].items(), _OPTION)


def progress(documents: Documents) -> Iterator[str]:
    """What the answers of a check-in mean."""
    sections = documents["progress"].entries()
    yield "## Progress at check-ins\n"
    yield f"While the plan is suspended, only these adjustments stand: {shown(sections['kept_on_hold'])}.\n"
    yield _rules(sections["rules"].items(), _TRIAGE)


def _rules(items: Iterable[Item], keys: Sequence[str]) -> str:
    return table((*_HEAD, *_SOURCES), (_rule(item.entries(), keys) for item in items))


def _rule(entries: Entries, keys: Sequence[str]) -> tuple[str, ...]:
    return (
        f"**{text(entries, 'id')}**",
        text(entries, "since"),
        condition(entries),
        effects(entries, keys),
        text(entries, "patient"),
        text(entries, "clinician"),
        text(entries, "sources"),
        mark(entries),
    )


def _by_letter(items: Sequence[Item], titles: Mapping[str, str]) -> Iterator[tuple[str, str, list[Item]]]:
    """Rules by the first letter of their id, in the order of the file; a letter without a title too."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.entries()["id"].text()[0], []).append(item)
    for letter, rules in groups.items():
        yield letter, titles.get(letter, "Other"), rules
