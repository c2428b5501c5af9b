"""What the rulebook holds once it is loaded is what its files say: each value read a second time, by YAML alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
import yaml

from bot.clinical.facts import FIELDS, check
from bot.clinical.rulebook import default_rulebook
from bot.clinical.rulebook.check_in_times import Contact, Timetable
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rulebook.option_document import OptionRule, Target
from bot.clinical.rulebook.option_terms import Mark
from bot.clinical.rulebook.question import Question
from bot.clinical.rulebook.rule import Rule, TriageRule
from bot.clinical.rulebook.scope import MOST_WORDS
from bot.clinical.rulebook.wording_texts import MOST_EMERGENCY_WORDS
from bot.clinical.vocabulary import FAMILIES, OPTIONS, PROFILES

BOOK = default_rulebook()
Written = dict[str, Any]


@lru_cache(maxsize=32)
def written(file: str) -> Any:
    """A file as YAML has it, without our reader."""
    return yaml.safe_load((HERE / f"{file}.yaml").read_text(encoding="utf-8"))


def several(value: Any) -> list[Any]:
    """A value that may stand alone or in a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def one_line(text: str) -> str:
    return " ".join(text.split())


def yes_or_no(value: Any) -> Any:
    """YAML 1.1 reads a bare yes as true; the vocabulary has the word."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


RED_FLAGS = [rule for section in written("red_flags").values() for rule in section]
PROGRESS = written("progress")["rules"]
CARE, PERSON = written("contraindications"), written("personalisation")

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *BOOK.red_flags,
        *(one.rule for one in BOOK.progress.rules),
        *BOOK.contraindications.holds,
        *BOOK.contraindications.rules,
        *BOOK.personalisation.choices,
        *BOOK.personalisation.rules,
    )
}
WRITTEN_RULES = [*RED_FLAGS, *PROGRESS, *CARE["holds"], *CARE["rules"], *PERSON["choices"], *PERSON["rules"]]


# ------------------------------------------------------------------ rules


def test_every_rule_of_the_files_is_loaded_and_no_other() -> None:
    assert set(RULES) == {one["id"] for one in WRITTEN_RULES}
    assert len(RULES) == len(WRITTEN_RULES)


@pytest.mark.parametrize("rule", WRITTEN_RULES, ids=lambda rule: rule["id"])
def test_a_rule_has_its_date_its_two_voices_its_sources_and_its_mark(rule: Written) -> None:
    loaded = RULES[rule["id"]]
    assert loaded.since == rule["since"]
    assert loaded.patient == one_line(rule["patient"])
    assert loaded.clinician == one_line(rule["clinician"])
    assert loaded.sources == tuple(several(rule["sources"]))
    assert loaded.status == rule.get("status", "cited")


@pytest.mark.parametrize("rule", [*RED_FLAGS, *PROGRESS], ids=lambda rule: rule["id"])
def test_a_rule_on_danger_has_its_class_its_flags_and_what_follows(rule: Written) -> None:
    loaded = RULES[rule["id"]]
    assert isinstance(loaded, TriageRule)
    assert loaded.urgency.value == rule["triage"]
    assert [one.urgency.value for one in loaded.raises] == [one["to"] for one in several(rule.get("raise"))]
    flags = [one if isinstance(one, dict) else {"flag": one} for one in several(rule.get("flag"))]
    assert [one.flag for one in loaded.flags] == [one["flag"] for one in flags]
    assert [one.when is not None for one in loaded.flags] == ["when" in one for one in flags]
    for key in ("actions", "adjustments", "clarify", "ask"):
        assert list(getattr(loaded, key)) == several(rule.get(key)), key


@pytest.mark.parametrize("rule", PROGRESS, ids=lambda rule: rule["id"])
def test_a_rule_on_a_check_in_has_its_options_and_the_rules_it_speaks_for(rule: Written) -> None:
    loaded = BOOK.progress.by_id(rule["id"])
    assert loaded is not None
    added = [{"option": one.option, "status": one.status.value} for one in loaded.options]
    assert added == several(rule.get("options"))
    assert loaded.instead_of == set(several(rule.get("instead_of")))


def test_what_stands_while_a_plan_is_on_hold_is_what_the_file_lists() -> None:
    assert BOOK.progress.kept_on_hold == set(written("progress")["kept_on_hold"])


# ------------------------------------------------------------------ rules on options


def chosen(what: Any) -> tuple[str, ...]:
    """The options that `option` of a rule means."""
    if not isinstance(what, dict):
        return tuple(several(what))
    if "mark" in what:
        marked = {option.id for option in BOOK.options.options.values() if Mark(what["mark"]) in option.marks}
        among: Iterable[str] = [one for one in OPTIONS if one in marked]
    elif "family" in what:
        among = FAMILIES[what["family"]]
    else:
        among = what.get("among", OPTIONS)
    return tuple(one for one in among if one not in several(what.get("except")))


def seen(target: Target) -> Written:
    return {
        "options": target.options,
        "effect": target.effect.value,
        "told": target.told,
        "raise": [one.effect.value for one in target.raises],
        "patient": target.words.text if target.words is not None else None,
    }


def expected(entry: Written, *, own_words: bool) -> Written:
    what = entry["option"]
    return {
        "options": chosen(what),
        "effect": entry["effect"],
        "told": what.get("told") if isinstance(what, dict) else None,
        "raise": [one["to"] for one in several(entry.get("raise"))],
        "patient": entry.get("patient") if own_words else None,
    }


@pytest.mark.parametrize("rule", [*CARE["rules"], *PERSON["rules"]], ids=lambda rule: rule["id"])
def test_a_rule_on_options_names_them_and_what_it_does_to_each(rule: Written) -> None:
    loaded = RULES[rule["id"]]
    assert isinstance(loaded, OptionRule)
    also = [expected(one, own_words=True) for one in rule.get("also", ())]
    assert [seen(one) for one in loaded.targets] == [expected(rule, own_words=False), *also]
    assert loaded.words.text == loaded.patient
    assert [one.say.text for one in loaded.causes] == [one["say"] for one in rule.get("causes", ())]


@pytest.mark.parametrize("rule", CARE["rules"], ids=lambda rule: rule["id"])
def test_a_contraindication_has_what_it_adds_its_flag_and_what_it_waits_for(rule: Written) -> None:
    loaded = RULES[rule["id"]]
    assert isinstance(loaded, OptionRule)
    assert loaded.adds == tuple(several(rule.get("adds")))
    assert loaded.flag == rule.get("flag")
    assert loaded.if_withheld == rule.get("if_withheld")
    first_sentence = rule["patient"].partition(". ")[0].rstrip(".") + "."
    wanted = rule.get("added", first_sentence) if "adds" in rule else None
    assert (loaded.added.text if loaded.added is not None else None) == wanted


def test_a_hold_keeps_what_the_file_lists() -> None:
    kept = {hold.id: set(hold.keeps) for hold in BOOK.contraindications.holds}
    assert kept == {one["id"]: set(one["keeps"]) for one in CARE["holds"]}


def test_a_class_of_medicines_has_its_names_what_it_answers_and_what_it_is_not() -> None:
    loaded = BOOK.contraindications.medicines
    assert list(loaded) == list(CARE["medicines"])
    for name, entry in CARE["medicines"].items():
        one = loaded[name]
        assert (one.name, one.answers) == (name, entry.get("answers"))
        assert (list(one.names), list(one.unless)) == (entry["names"], entry.get("unless", []))


def test_a_plan_starts_with_no_more_than_the_file_says_and_ties_are_settled_in_its_order() -> None:
    limits = BOOK.personalisation.limits
    assert vars(limits) == PERSON["limits"]
    assert [tie.value for tie in BOOK.personalisation.ties] == PERSON["ties"]
    assert [one.among for one in BOOK.personalisation.choices] == [
        chosen({"mark": one["among"]}) for one in PERSON["choices"]
    ]


# ------------------------------------------------------------------ options

OPTION_TABLE = written("options")


@pytest.mark.parametrize("entry", OPTION_TABLE["options"], ids=lambda entry: entry["id"])
def test_an_option_is_as_written(entry: Written) -> None:
    option = BOOK.options.options[entry["id"]]
    assert (option.id, option.since, option.name) == (entry["id"], entry["since"], entry["name"])
    assert (option.tier, option.from_week) == (entry["tier"], entry.get("from_week", 1))
    assert {mark.value for mark in option.marks} == set(entry.get("marks", ()))
    rank = entry["rank"]
    assert (option.rank.visits, option.rank.evidence) == (rank["visits"], rank["evidence"])
    assert option.rank.cost.value == rank["cost"]
    assert {status.value: text.text for status, text in option.because.items()} == entry["because"]
    assert (option.interim, option.otherwise) == (entry.get("interim"), entry.get("otherwise"))
    assert option.clinician == one_line(entry["clinician"])
    assert (list(option.sources), option.status) == (entry["sources"], entry.get("status", "cited"))
    assert vars(option.about) == entry["about"]
    assert option.instead == tuple(entry.get("instead", ()))


@pytest.mark.parametrize("entry", OPTION_TABLE["options"], ids=lambda entry: entry["id"])
def test_an_option_has_its_doses_and_what_each_guideline_says(entry: Written) -> None:
    option = BOOK.options.options[entry["id"]]
    doses = [(one.minutes, one.text, one.when is not None) for one in option.daily]
    assert doses == [(one["minutes"], one["text"], "when" in one) for one in entry.get("daily", ())]
    positions = {
        key: (one.body, one.verdict, one.note, list(one.sources)) for key, one in option.positions.items()
    }
    assert positions == {
        key: (OPTION_TABLE["bodies"][key], one["verdict"], one.get("note"), several(one["sources"]))
        for key, one in entry["positions"].items()
    }


def cell(value: Any) -> list[tuple[str, bool]]:
    """Each step of a cell: its status, and whether it waits for a condition."""
    return [(next(iter(one)), True) if isinstance(one, dict) else (one, False) for one in several(value)]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("entry", OPTION_TABLE["options"], ids=lambda entry: entry["id"])
def test_an_option_stands_in_each_column_as_written(entry: Written, profile: str) -> None:
    columns: Written = {}
    for cells in (entry["table"], entry.get("profiles", {}).get(profile, {})):
        durations = dict.fromkeys(("acute", "subacute", "chronic"), cells["all"]) if "all" in cells else {}
        columns |= durations | {name: value for name, value in cells.items() if name != "all"}
    loaded = {
        name: [(one.status.value if one.status else "absent", one.when is not None) for one in steps]
        for name, steps in BOOK.options.options[entry["id"]].rows[profile].columns.items()
    }
    assert loaded == {name: cell(value) for name, value in columns.items()}


def test_a_reason_opens_with_the_words_on_the_situation() -> None:
    assert {name: one.text for name, one in BOOK.options.situations.items()} == OPTION_TABLE["situations"]
    assert BOOK.options.bodies == OPTION_TABLE["bodies"]


def test_a_name_that_people_use_finds_its_options_and_the_longest_name_wins() -> None:
    names = written("option_names")["names"]
    for option, known in names.items():
        for name in known:
            others = [one for one in names if name in names[one]]
            assert list(BOOK.option_names.options_in(f"what about {name.upper()}?")) == others, (option, name)
    assert BOOK.option_names.options_in("walking or a massage, or walking") == (
        *BOOK.option_names.options_in("walking"),
        *BOOK.option_names.options_in("massage"),
    )


# ------------------------------------------------------------------ goals and measures


def test_goals_are_as_written() -> None:
    file, loaded = written("goals"), BOOK.goals
    assert (loaded.since, loaded.newest, loaded.status) == (file["since"], file["since"], file["status"])
    assert list(loaded.sources) == file["sources"]
    assert vars(loaded.limits) == file["limits"]
    assert {name: one.text for name, one in loaded.texts.items()} == file["texts"]
    assert [(one.text) for one in loaded.steps] == [one["text"] for one in file["steps"]]
    assert [(one.obstacle, one.plan, one.when is not None) for one in loaded.obstacles] == [
        (one["obstacle"], one["plan"], "when" in one) for one in file["obstacles"]
    ]


def test_a_kind_of_goal_is_as_written_and_known_by_the_beginning_of_its_words() -> None:
    for kind, entry in zip(BOOK.goals.kinds, written("goals")["kinds"], strict=True):
        assert (kind.id, kind.target, kind.frequency) == (entry["id"], entry["target"], entry["frequency"])
        assert (kind.step, list(kind.options)) == (entry["step"], several(entry["options"]))
        assert (kind.words is None) == (entry["words"] == [])
        for word in entry["words"]:
            assert kind.words is not None
            assert kind.words.search(f"To {word.upper()}ing"), word
            assert not kind.words.search(f"x{word}"), word


def test_a_wish_for_no_pain_is_known_as_written_with_spaces_or_hyphens() -> None:
    file, painless = written("goals")["painless"], BOOK.goals.painless
    assert sorted(painless.filler) == sorted(set(file["filler"]))
    assert (painless.manner, painless.usual) == (file["manner"], file["usual"])
    for phrase in file["phrases"]:
        for told in (phrase, phrase.upper(), phrase.replace(" ", "-"), phrase.replace(" ", "  ")):
            assert painless.phrases.search(f"be {told} again"), told
        assert not painless.phrases.search(f"x{phrase}x"), phrase


def step(entry: Written | None) -> Any:
    if entry is None:
        return None
    return (entry.get("points"), entry.get("percent"), entry["sources"], entry.get("status", "cited"))


@pytest.mark.parametrize("entry", written("measures")["measures"], ids=lambda entry: entry["id"])
def test_a_measure_is_as_written(entry: Written) -> None:
    one = BOOK.measures.measures[entry["id"]]
    assert (one.id, one.since, one.name) == (entry["id"], entry["since"], entry["name"])
    assert (one.exact, one.lower_is_better) == (entry["wording"] == "exact", entry["better"] == "lower")
    assert one.method.value == entry["score"]
    assert one.stem == (one_line(entry["stem"]) if "stem" in entry else None)
    assert list(one.items) == [one_line(words) for words in entry["items"]]
    ticks = entry["score"] == "ticks"
    few = entry.get("fewest", 0 if ticks else len(entry["items"]))
    assert (one.fewest, one.most) == (few, entry.get("most", len(entry["items"])))
    assert one.start == entry.get("start")
    fields = entry.get("fields", {})
    assert one.baseline == fields.get("baseline", entry.get("field"))
    assert one.now == fields.get("now", entry.get("field"))
    assert {direction.value: text.text for direction, text in one.told.items()} == entry.get("told", {})


@pytest.mark.parametrize("entry", written("measures")["measures"], ids=lambda entry: entry["id"])
def test_a_measure_has_its_answers_bands_steps_and_licence(entry: Written) -> None:
    one = BOOK.measures.measures[entry["id"]]
    scale = entry.get("answers", {"max": 1})
    labels, least = scale.get("labels", []), scale.get("min", 0)
    assert list(one.answers.labels) == labels
    most = least + len(labels) - 1 if labels else scale["max"]
    assert (one.answers.minimum, one.answers.maximum) == (least, most)
    assert (one.answers.low, one.answers.high) == (scale.get("low"), scale.get("high"))
    assert [(band.name, band.start, band.meaning, list(band.sources), band.status) for band in one.bands] == [
        (band["name"], band["from"], band["meaning"], band["sources"], band.get("status", "cited"))
        for band in entry.get("bands", ())
    ]
    for key in ("improvement", "worse"):
        loaded = getattr(one, key)
        assert (loaded and (loaded.points, loaded.percent, list(loaded.sources), loaded.status)) == step(
            entry.get(key)
        )
    licence = entry["licence"]
    assert one.licence.ships_text is licence["ships_text"]
    assert one.licence.terms == one_line(licence["terms"])
    assert one.licence.notice == licence.get("notice")
    assert (list(one.licence.sources), one.licence.status) == (
        licence["sources"],
        licence.get("status", "cited"),
    )


# ------------------------------------------------------------------ questions

SHEET = [
    (part["section"], question) for part in written("questions")["sections"] for question in part["questions"]
]


def facts(entry: Mapping[str, Any]) -> Written:
    return {name: check(name, yes_or_no(value)) for name, value in entry.items()}


def taps(entry: Written) -> list[tuple[str, str | None]]:
    """The words on each tap and, where the file gives it, its key."""
    if "scale" in entry:
        ends = {0: f" ({entry['scale']['low']})", 10: f" ({entry['scale']['high']})"}
        shown: list[tuple[str, str | None]] = [(f"{n}{ends.get(n, '')}", str(n)) for n in range(11)]
    elif "choices" in entry:
        shown = [(one["label"], one["value"]) for one in entry["choices"]]
    else:
        shown = [(one["label"], one.get("value")) for one in entry.get("ticks", ())]
        shown += [(entry[key], key) for key in ("none", "unsure") if key in entry]
    return [*shown, (entry["skip"], "skip")] if "skip" in entry else shown


def check_question(question: Question, entry: Written) -> None:
    assert question.text == one_line(entry["text"])
    assert question.why == one_line(entry["why"])
    assert question.example == entry.get("example")
    assert question.skippable is entry.get("skippable", False)
    forms = {"choices": "choice", "ticks": entry.get("input", "multi_choice"), "scale": "scale"}
    assert question.input == next((forms[form] for form in forms if form in entry), None)
    shown = taps(entry)
    assert [choice.label for choice in question.choices] == [label for label, _ in shown]
    for choice, (_, key) in zip(question.choices, shown, strict=True):
        assert key in (None, choice.value)
    for one in (*entry.get("choices", ()), *entry.get("ticks", ())):
        said_otherwise = one.get("value") in entry.get("said", {})
        if "facts" in one and not said_otherwise:
            assert question.answers[one["value"]] == facts(one["facts"])
    for name, value in facts(entry.get("unticked", {})).items():
        assert question.unticked[name] == value
    assert "ticks" in entry or not question.has_boxes


@pytest.mark.parametrize(("section", "entry"), SHEET, ids=[entry["field"] for _, entry in SHEET])
def test_a_question_of_the_intake_is_as_written(section: str, entry: Written) -> None:
    asking = next(one for one in BOOK.questions.askings if one.question.field == entry["field"])
    assert asking.question.section == section
    assert asking.since == entry.get("since", written("questions")["since"])
    assert (list(asking.sources), asking.status) == (entry["sources"], entry.get("status", "cited"))
    assert (asking.when is not None) == ("when" in entry)
    assert not set(asking.core) & set(entry.get("also", ()))
    check_question(asking.question, entry)


def test_the_questions_come_in_the_order_of_the_file() -> None:
    assert [one.question.field for one in BOOK.questions.askings] == [entry["field"] for _, entry in SHEET]


def test_the_emergency_screen_is_as_written() -> None:
    entry, screen = written("questions")["screen"], BOOK.questions.screen
    assert (screen.field, screen.section, screen.input) == ("emergency_screen", "emergency", "choice")
    check_question(screen, entry)
    assert screen.answers["no"] == screen.answers["none"]
    told = [name for one in entry["choices"] for name in one["facts"]]
    assert list(screen.fields) == list(dict.fromkeys(told))


CHECK_IN = written("check_in_questions")


@pytest.mark.parametrize("part", ["regular", "safety"])
def test_a_question_of_a_check_in_is_as_written(part: str) -> None:
    for one, entry in zip(getattr(BOOK.check_in_questions, part), CHECK_IN[part], strict=True):
        lead = next(entry[key] for key in ("field", "ask", "intake") if key in entry)
        assert one.name == lead
        assert one.danger is entry.get("danger", False)
        assert one.free is entry.get("free", False)
        assert (one.when is not None) == ("when" in entry)
        assert {key: list(asked) for key, asked in one.then.items()} == {
            key: several(asked) for key, asked in entry.get("then", {}).items()
        }
        assert not set(one.core) & set(entry.get("also", ()))
        if "intake" in entry:
            assert one.question is BOOK.questions.by_lead[lead].question
            assert one.core == (lead,)
        else:
            assert one.question.section == "check_in"
            check_question(one.question, entry)
            if "field" in entry:
                assert one.core == (lead,)


def test_boxes_of_a_check_in_settle_every_field_that_is_not_told_along() -> None:
    core = {one.name: one.core for one in BOOK.check_in_questions.regular}
    assert core["both_legs_now"] == ("leg_weakness", "gait_unsteady_new")
    assert core["new_danger"] == (
        *("saddle_numbness", "bladder_change", "bowel_change"),
        *("fever", "sudden_severe_onset", "suicidal_thoughts"),
    )


def test_the_words_and_hours_around_a_check_in_are_as_written() -> None:
    loaded = BOOK.check_in_questions
    check_question(loaded.start, CHECK_IN["start"])
    texts = CHECK_IN["texts"]
    assert (loaded.ready, loaded.reminder) == (texts["ready"], texts["reminder"])
    assert vars(loaded.picture) == texts["picture"]
    assert [wait / timedelta(hours=1) for wait in loaded.remind_after] == CHECK_IN["remind_after_hours"]
    assert loaded.missed_after / timedelta(hours=1) == CHECK_IN["missed_after_hours"]
    assert loaded.safety_missed_after / timedelta(hours=1) == CHECK_IN["safety_missed_after_hours"]
    assert set(loaded.by_name) == {one.name for one in (*loaded.regular, *loaded.safety)} | {"check_in_start"}
    assert all(question.field == name for name, question in loaded.by_name.items())


def contact(entry: Written) -> Contact:
    return Contact(entry["kind"], timedelta(**{unit: n for unit, n in entry.items() if unit != "kind"}))


def timetable(one: Timetable) -> Any:
    return (one.id, list(one.contacts), set(one.instead_of), one.alone, list(one.sources))


def test_the_timetables_are_as_written() -> None:
    file, sheet = written("check_ins"), BOOK.check_ins
    for name in ("after_advice", "regular"):
        assert [timetable(one) for one in getattr(sheet, name)] == [
            (
                entry["id"],
                [contact(one) for one in entry["contacts"]],
                set(several(entry.get("instead_of"))),
                entry.get("alone", False),
                entry["sources"],
            )
            for entry in file[name]
        ]
    assert (sheet.new_nsaid, sheet.long_term) == (contact(file["new_nsaid"]), contact(file["long_term"]))


# ------------------------------------------------------------------ wording, phone lines, sources

WORDING = written("wording")


def test_the_words_for_danger_are_as_written_and_in_their_order() -> None:
    expected = [
        (
            *(one["key"], urgency, set(several(one.get("rules"))), one_line(one["text"])),
            one.get("most", MOST_EMERGENCY_WORDS if urgency == "emergency_now" else MOST_WORDS),
            *(one.get("otherwise", False), one.get("always", False), one["sources"]),
        )
        for urgency in ("emergency_now", "same_day", "urgent_days")
        for one in WORDING["messages"][urgency]
    ]
    assert [
        (
            *(one.key, one.urgency.value, set(one.rules), one.text, one.most),
            *(one.otherwise, one.always, list(one.sources)),
        )
        for one in BOOK.wording.messages
    ] == expected


def test_the_other_words_of_every_chat_are_as_written() -> None:
    sheet = BOOK.wording
    assert sheet.safety_net == one_line(WORDING["safety_net"]["text"])
    assert sheet.incomplete == one_line(WORDING["incomplete"]["text"])
    assert (sheet.lines, sheet.no_items) == (WORDING["lines"], WORDING["no_items"])
    assert [(list(one.fields), one.text) for one in sheet.together] == [
        (several(one["fields"]), one["say"]) for one in WORDING["together"]
    ]
    assert [(one.field, one.text) for one in sheet.bundles] == [
        (one["field"], one["say"]) for one in WORDING["bundles"]
    ]


def value_of(field: str, name: object) -> object:
    word = yes_or_no(name)
    return word == "yes" if FIELDS[field].kind.value == "bool" and word in ("yes", "no") else word


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_said_back_as_written(field: str) -> None:
    entry, noted = WORDING["noted"][field], BOOK.wording.noted[field]
    own = ("about", "say", "unit", "words", "empty", "reported", "quiet")
    assert (noted.field, noted.about, noted.template) == (field, entry["about"], entry.get("say"))
    assert (noted.unit, noted.empty, noted.quiet) == (
        entry.get("unit"),
        entry.get("empty"),
        entry.get("quiet", False),
    )
    assert noted.words == entry.get("words", {})
    assert noted.reported == {value_of(field, name): say for name, say in entry.get("reported", {}).items()}
    said = {
        "unsure": f"Not sure about {entry['about']}",
        "undisclosed": f"You would rather not say about {entry['about']}",
    }
    said |= {value_of(field, name): say for name, say in entry.items() if name not in own}  # type: ignore[misc]
    assert noted.said == said


def test_the_lines_of_a_country_are_as_written() -> None:
    file, book = written("phone_numbers"), BOOK.phone_numbers
    assert set(book.countries) == set(file["countries"])
    for code, entry in (("", file["unknown"]), *file["countries"].items()):
        lines = book.countries[code] if code else book.unknown
        assert lines.country == code
        assert lines.checked == entry["checked"]
        assert list(lines.sources) == entry["sources"]
        for line in ("emergency", "urgent", "crisis", "poison"):
            assert getattr(lines, line) == entry.get(line), (code, line)


def test_a_source_says_where_it_was_read() -> None:
    assert {key: one.where for key, one in BOOK.sources.items()} == written("sources")["sources"]
    assert all(one.key == key for key, one in BOOK.sources.items())


def test_every_definition_is_there_by_its_name() -> None:
    assert list(BOOK.definitions) == list(written("definitions")["definitions"])
