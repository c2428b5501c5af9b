"""What is asked, said and measured, as tables: questions, safety messages, goals, check-ins, measures, lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.clinical.printed.conditions import field_words
from bot.clinical.printed.markdown import Entries, condition, effects, mark, shown, table, text
from bot.clinical.rulebook.document import Item
from bot.clinical.rulebook.wording_texts import CLASSES

Documents = Mapping[str, Item]

_ANSWERS = (
    "choices",
    "ticks",
    "none",
    "unsure",
    "scale",
    "said",
    "also",
    "unticked",
    "skip",
    "skippable",
    "input",
)
_MEASURE = (
    "stem",
    "items",
    "answers",
    "fewest",
    "most",
    "score",
    "better",
    "start",
    "field",
    "fields",
    "told",
)


def questions(documents: Documents) -> Iterator[str]:
    """Every question, in the order of asking."""
    sections = documents["questions"].entries()
    yield "## Questions\n"
    yield f"Since {shown(sections['since'])}. Nothing is asked more than twice.\n"
    yield "### Before everything else: is this an emergency?\n"
    yield _questions([sections["screen"].entries()])
    for item in sections["sections"].items():
        section = item.entries()
        yield f"### Questions: {field_words(text(section, 'section'))}\n"
        yield _questions([one.entries() for one in section["questions"].items()])


def wording(documents: Documents) -> Iterator[str]:
    """What is said where safety is at stake, and how every fact is said back."""
    sections = documents["wording"].entries()
    yield "## Wording\n"
    yield table(
        ("text", "words", "sources", "status"),
        (
            (field_words(name), text(e, "text"), text(e, "sources"), mark(e))
            for name in ("safety_net", "incomplete")
            for e in (sections[name].entries(),)
        ),
    )
    yield f"Where a country has no line: {shown(sections['lines'])}. No sign named: {shown(sections['no_items'])}.\n"
    classes = sections["messages"].entries()
    for urgency in (one.value for one in CLASSES):
        yield f"### Messages: {field_words(urgency)}\n"
        yield table(
            ("message", "for the rules", "words", "sources", "status"),
            (_message(item.entries()) for item in classes[urgency].items()),
        )
    yield "### Facts, as they are said back\n"
    yield table(
        ("fact", "about", "said as"),
        (
            (field_words(name), text(e, "about"), _rest(e))
            for name, item in sections["noted"].entries().items()
            for e in (item.entries(),)
        ),
    )
    yield "Said as one while all are harmless:\n"
    yield table(
        ("facts", "words"), ((text(e, "fields"), text(e, "say")) for e in _each(sections["together"]))
    )
    yield table(
        ("fact", "when", "words"),
        ((text(e, "field"), condition(e), text(e, "say")) for e in _each(sections["bundles"])),
    )


def goals(documents: Documents) -> Iterator[str]:
    """How a wish becomes a goal."""
    sections = documents["goals"].entries()
    yield "## Goals\n"
    yield f"Since {shown(sections['since'])}; sources: {shown(sections['sources'])}; {mark(sections)}.\n"
    yield f"{shown(sections['limits'])}. {shown(sections['texts'])}\n"
    yield table(
        ("kind", "words of the wish", "target", "how often", "first step", "options that may carry it"),
        (
            (
                f"GOAL_{text(e, 'id')}",
                *(text(e, key) for key in ("words", "target", "frequency", "step", "options")),
            )
            for e in _each(sections["kinds"])
        ),
    )
    yield table(
        ("first step instead", "when"), ((text(e, "text"), condition(e)) for e in _each(sections["steps"]))
    )
    yield table(
        ("obstacle", "when", "plan"),
        ((text(e, "obstacle"), condition(e), text(e, "plan")) for e in _each(sections["obstacles"])),
    )
    yield f"A wish for no pain: {shown(sections['painless'])}.\n"


def check_ins(documents: Documents) -> Iterator[str]:
    """Who is contacted again, and when."""
    sections = documents["check_ins"].entries()
    yield "## Check-ins\n"
    yield f"Since {shown(sections['since'])}. In each table the first row whose condition holds is used.\n"
    for name in ("after_advice", "regular"):
        yield f"### Check-ins: {field_words(name)}\n"
        yield table(
            ("timetable", "when", "contacts", "replaces", "sources", "status"),
            (
                (
                    f"**{text(e, 'id')}**",
                    condition(e),
                    text(e, "contacts"),
                    effects(e, ("instead_of", "alone")),
                    text(e, "sources"),
                    mark(e),
                )
                for e in _each(sections[name])
            ),
        )
    yield f"New anti-inflammatory: {shown(sections['new_nsaid'])}. Long term: {shown(sections['long_term'])}.\n"


def measures(documents: Documents) -> Iterator[str]:
    """The outcome measures."""
    yield "## Measures\n"
    yield table(
        (
            "measure",
            "name",
            "since",
            "items and scoring",
            "bands",
            "counts as improved",
            "counts as worse",
            "licence",
        ),
        (
            (
                f"**{text(e, 'id')}**",
                text(e, "name"),
                text(e, "since"),
                effects(e, _MEASURE),
                *(text(e, key) for key in ("bands", "improvement", "worse", "licence")),
            )
            for e in _each(documents["measures"].entries()["measures"])
        ),
    )


def phone_numbers(documents: Documents) -> Iterator[str]:
    """The lines of each country."""
    sections = documents["phone_numbers"].entries()
    rows = {"unknown country": sections["unknown"], **sections["countries"].entries()}
    keys = ("emergency", "urgent", "crisis", "poison", "checked", "sources")
    yield "## Phone numbers\n"
    yield "Check every one again before each deployment.\n"
    yield table(
        ("country", *keys, "status"),
        (
            (f"**{code}**", *(text(e, key) for key in keys), mark(e))
            for code, item in rows.items()
            for e in (item.entries(),)
        ),
    )


def option_names(documents: Documents) -> Iterator[str]:
    """What people call the options."""
    yield "## Names of options\n"
    names = documents["option_names"].entries()["names"].entries()
    yield table(("option", "names"), ((f"**{option}**", shown(item)) for option, item in names.items()))


def check_in_questions(documents: Documents) -> Iterator[str]:
    """What a check-in asks, and how long it is waited for."""
    sections = documents["check_in_questions"].entries()
    yield "## Questions of a check-in\n"
    yield (
        f"Since {shown(sections['since'])}. Reminders after {shown(sections['remind_after_hours'])} hours; missed "
        f"after {shown(sections['missed_after_hours'])} hours, a contact after advice to get help after "
        f"{shown(sections['safety_missed_after_hours'])} hours.\n"
    )
    yield table(
        ("text", "words"), ((f"**{key}**", shown(item)) for key, item in sections["texts"].entries().items())
    )
    for title, part in (("regular", "At every check-in"), ("safety", "After advice to get help")):
        yield f"### {part}\n"
        rows: list[Entries] = [one.entries() for one in sections[title].items()]
        yield _questions([sections["start"].entries(), *rows] if title == "regular" else rows)


def sources(documents: Documents) -> Iterator[str]:
    """Where everything was read."""
    yield "## Sources\n"
    yield "DESIGN is our own proposal. GK is general knowledge that still has to be read up.\n"
    entries = documents["sources"].entries()["sources"].entries()
    yield table(("key", "where it was read"), ((f"**{key}**", shown(item)) for key, item in entries.items()))


def _questions(rows: list[Entries]) -> str:
    return table(
        ("fact", "question", "why we ask", "asked when", "answers", "if asked again", "sources", "status"),
        (
            (
                f"**{text(e, 'field') or text(e, 'ask') or text(e, 'intake') or 'screen'}**",
                text(e, "text"),
                text(e, "why"),
                condition(e),
                effects(e, _ANSWERS),
                text(e, "example"),
                text(e, "sources"),
                mark(e),
            )
            for e in rows
        ),
    )


def _message(entries: Entries) -> tuple[str, ...]:
    rules = text(entries, "rules") or "all others"
    always = " (said beside a worse class too)" if "always" in entries else ""
    return (
        f"**{text(entries, 'key')}**",
        rules + always,
        text(entries, "text"),
        text(entries, "sources"),
        mark(entries),
    )


def _rest(entries: Entries) -> str:
    return "<br>".join(f"{key}: {shown(item)}" for key, item in entries.items() if key != "about")


def _each(item: Item) -> Iterator[Entries]:
    return (one.entries() for one in item.items())
