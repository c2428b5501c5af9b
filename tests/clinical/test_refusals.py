"""A faulty rulebook is refused with the file, the line and one sentence that says what to mend."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.clinical.rulebook import Item, RulebookError, load_rulebook
from bot.clinical.rulebook.document import parse
from bot.clinical.rulebook.loader import HERE

pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "mend"),
    [
        (
            "check_in_questions.yaml",
            "- {intake: bladder_change, danger: true,",
            "- {intake: saddle_numbness, danger: true,",
            "since: 2026-11-25",
            "a question is listed twice; once is enough",
        ),
        (
            "check_in_questions.yaml",
            "- {intake: bladder_change, danger: true,",
            "- {intake: bladder_change, field: gpe, danger: true,",
            "- {intake: bladder_change, field: ",
            "give one of field, ask and intake",
        ),
        (
            "check_in_questions.yaml",
            "- {intake: bladder_change, danger: true,",
            "- {danger: true,",
            "- {danger: true, when: {is: any_le",
            "give one of field, ask and intake",
        ),
        (
            "check_in_questions.yaml",
            "- {intake: bladder_change, danger: true,",
            "- {intake: bladder, danger: true,",
            "- {intake: bladder, danger: true, ",
            "'bladder' is not a known question; did you mean 'bladder_change'?",
        ),
        (
            "check_in_questions.yaml",
            "    example: Walk a few steps. Do both legs feel and work as they did last time?\n",
            "",
            "- ask: both_legs_now",
            "a question about danger needs an `example` for asking again",
        ),
        (
            "check_in_questions.yaml",
            "    why: The same question each time shows whether things move.\n",
            "",
            "- field: nprs_now",
            "add the key 'why'",
        ),
        (
            "check_in_questions.yaml",
            "  - ask: wish\n",
            "  - ask: gpe\n",
            "- ask: gpe",
            "gpe is a field of the vocabulary; write `field: gpe`",
        ),
        (
            "check_in_questions.yaml",
            "safety_missed_after_hours: 24",
            "safety_missed_after_hours: 0",
            "safety_missed_after_hours: 0",
            "give a whole number of hours from 1 on",
        ),
        (
            "check_in_questions.yaml",
            "medicines: [current_meds]",
            "medicines: [current_med]",
            "medicines: [current_med]",
            "'current_med' is not a known question; did you mean 'current_meds'?",
        ),
        (
            "check_in_questions.yaml",
            "  ready: Hello.",
            "  redy: Hello.",
            "redy: Hello. A short message is wa",
            "unknown key 'redy'; did you mean 'ready'?",
        ),
        (
            "check_in_questions.yaml",
            "remind_after_hours: [24, 72]",
            "remind_after_hours: [24, soon]",
            "remind_after_hours: [24, soon]",
            "write a whole number here",
        ),
        ("check_ins.yaml", "regular:\n", "regular: []\nrest:\n", "rest:", "unknown key 'rest'"),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {saddle_numbness: []}",
            "when: {saddle_numbness: []}",
            "list at least one value here",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {pain_site: {contains: [hip, groin]}}",
            "when: {pain_site: {contains: [hip,",
            "`contains` takes one word; use `contains_any` for several",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {pain_site: {contains_any: []}}",
            "when: {pain_site: {contains_any: [",
            "list at least one word here",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {pain_site: {contains: hip, contains_any: [groin]}}",
            "when: {pain_site: {contains: hip, ",
            "write one of contains and contains_any here",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {pain_site: hip}",
            "when: {pain_site: hip}",
            "pain_site is a list: write {contains: ..} or {contains_any: [..]}",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {}",
            "when: {}",
            "write a condition here, or `always: true`",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {age: {min: 20, below: 20}}",
            "when: {age: {min: 20, below: 20}}",
            "no number can lie between these bounds",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {always: false}",
            "when: {always: false}",
            "`always` can only be true; remove the rule instead",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {fever: {min: 2}}",
            "when: {fever: {min: 2}}",
            "fever is not a number: write its value, or a list of values",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {psfs: walk}",
            "when: {psfs: walk}",
            "psfs holds the patient's own words: only `known` can test it",
        ),
        (
            "red_flags.yaml",
            "when: {saddle_numbness: [new, worsening]}",
            "when: {any: []}",
            "when: {any: []}",
            "list at least one condition here",
        ),
        (
            "goals.yaml",
            "painless:\n  phrases:\n",
            "painless:\n  phrases: []\n  others:\n",
            "others:",
            "unknown key 'others'",
        ),
        (
            "measures.yaml",
            '    items: ["How bad was your back pain on average in the last 24 hours?"]',
            "    items: []",
            "items: []",
            "list the words of at least one item",
        ),
        (
            "measures.yaml",
            '    items: ["How bad was your back pain on average in the last 24 hours?"]',
            "    items: [one, two]",
            "items: [one, two]",
            "`score: one` has one item",
        ),
        (
            "measures.yaml",
            "    answers: {min: 0, max: 10, low: no pain, high: pain as bad as you can imagine}\n",
            "",
            "- id: nprs",
            "add the key 'answers'",
        ),
        (
            "measures.yaml",
            "    answers: {min: 0, max: 10, low: no pain, high: pain as bad as you can imagine}",
            "    answers: {min: 10, max: 10, low: no pain, high: pain as bad as you can imagine}",
            "answers: {min: 10, max: 10, low: n",
            "`max` must be above `min`",
        ),
        (
            "measures.yaml",
            "    worse: {points: 2, sources: [DESIGN], status: design}\n",
            "",
            "- id: nprs",
            "give both `improvement` and `worse`, or neither",
        ),
        (
            "measures.yaml",
            "    fields: {baseline: nprs_baseline, now: nprs_now}\n",
            "",
            "- id: nprs",
            "what is told of a change needs the `fields` that hold it",
        ),
        (
            "measures.yaml",
            "    score: one\n",
            "    score: ones\n",
            "score: ones",
            "'ones' is not a known way to score; did you mean 'one'?",
        ),
        (
            "measures.yaml",
            "    better: lower\n",
            "    better: less\n",
            "better: less",
            "'less' is not a known direction",
        ),
        (
            "option_names.yaml",
            "[walking, walks, walk]",
            "[Walking, walks, walk]",
            "PT_GRADED_WALK: [Walking, walks, w",
            "write names in lower case",
        ),
        (
            "option_names.yaml",
            "  PT_GRADED_WALK: [",
            "  PT_GRADED_WALKS: [",
            "PT_GRADED_WALKS: [walking, walks, ",
            "unknown key 'PT_GRADED_WALKS'; did you mean 'PT_GRADED_WALK'?",
        ),
        (
            "options.yaml",
            "marks: [core, interim]",
            "marks: [core, 3]",
            "marks: [core, 3]",
            "3 is not a known mark",
        ),
        (
            "options.yaml",
            "cost: free, evidence: 2}",
            "cost: gratis, evidence: 2}",
            "rank: {visits: 0, cost: gratis, ev",
            "'gratis' is not a known cost",
        ),
        (
            "personalisation.yaml",
            "    among: strengthening",
            "    among: core2",
            "among: core2",
            "'core2' is not a known mark; did you mean 'core'?",
        ),
        (
            "personalisation.yaml",
            "ties: [visits, cost, evidence, patient_order]",
            "ties: [visits, cost, evidence]",
            "ties: [visits, cost, evidence]",
            "name each of visits, cost, evidence, patient_order once, in order",
        ),
        (
            "personalisation.yaml",
            "ties: [visits, cost, evidence, patient_order]",
            "ties: [visits, cost, evidence, age]",
            "ties: [visits, cost, evidence, age",
            "'age' is not a known tie",
        ),
        (
            "progress.yaml",
            "kept_on_hold: [ADJ_SUSPEND_PLAN, ADJ_STOP_NSAID]",
            "kept_on_hold: [ADJ_SUSPEND, ADJ_STOP_NSAID]",
            "kept_on_hold: [ADJ_SUSPEND, ADJ_ST",
            "'ADJ_SUSPEND' is not a known adjustment; did you mean 'ADJ_SUSPEND_PLAN'?",
        ),
        (
            "progress.yaml",
            "    adjustments: [ADJ_SUSPEND_PLAN]\n",
            "    adjustments: [ADJ_PAUSE]\n",
            "adjustments: [ADJ_PAUSE]",
            "'ADJ_PAUSE' is not a known adjustment; did you mean 'ADJ_STEP_UP'?",
        ),
        (
            "progress.yaml",
            "    triage: routine_flag\n",
            "    triage: routine\n",
            "triage: routine",
            "'routine' is not a known urgency; did you mean 'routine_flag'?",
        ),
        (
            "questions.yaml",
            "      - field: age\n",
            "      - field: age\n        choices: [{value: a, label: A}]\n        scale: {low: a, high: b}\n",
            "- field: age",
            "choose one of choices, scale",
        ),
        (
            "questions.yaml",
            "      - field: age\n",
            "      - field: age\n        none: None\n        unsure: Not sure\n",
            "none: None",
            "`none` belongs to a question with `ticks`",
        ),
        (
            "wording.yaml",
            "call {emergency_number}",
            "call {number}",
            "text: >-",
            "{number} is not filled here; use emergency_number, urgent_line, crisis_line, poison_line, items, unsure",
        ),
        (
            "sources.yaml",
            "sources:\n",
            "sources:\n  DESIGN: ours\n",
            "DESIGN: ours",
            "DESIGN is a mark, not a source; choose another key",
        ),
        (
            "phone_numbers.yaml",
            "countries:\n",
            "countries:\n  XX: {emergency: 5, sources: [NG59], checked: 2026-11-23}\n",
            "XX: {emergency: 5, sources: [NG59]",
            "write some words here (quote them if YAML reads them as something else)",
        ),
    ],
)
def test_a_refusal_names_file_line_and_mend(
    tmp_path: Path, file: str, old: str, new: str, at: str, mend: str
) -> None:
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    spoilt = text.replace(old, new, 1)
    (tmp_path / file).write_text(spoilt, encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load_rulebook(tmp_path)
    error = refused.value
    assert (error.file, error.mend) == (file, mend)
    assert spoilt.splitlines()[error.line - 1].strip().startswith(at)
    assert str(error) == f"{file}:{error.line}: {mend}"


@pytest.mark.parametrize(
    ("content", "line", "mend"),
    [
        ("", 1, "the file is empty; remove it or fill it"),
        ("a: 1\na: 2\n", 2, "the key 'a' is given twice; keep one"),
        ("a: 1\n? [b, c]\n: 2\n", 2, "a key must be one word"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "this is not YAML: did not find expected ',' or ']'"),
    ],
)
def test_a_file_that_is_no_good_yaml_is_refused_at_its_line(content: str, line: int, mend: str) -> None:
    with pytest.raises(RulebookError) as refused:
        parse(content, "goals.yaml")
    assert (refused.value.file, refused.value.line) == ("goals.yaml", line)
    assert refused.value.mend == mend


@pytest.mark.parametrize(
    ("content", "ask", "mend"),
    [
        ("a: 1", lambda item: item.items(), "expected a list here"),
        ("[a]", lambda item: item.entries(), "expected keys with values here"),
        ("[a]", lambda item: item.boolean(), "write true or false here"),
        ("yes", lambda item: item.number(), "write a number here"),
        ("1.5", lambda item: item.integer(), "write a whole number here"),
        ("true", lambda item: item.integer(), "write a whole number here"),
        ("2026-11-23 10:00:00", lambda item: item.date(), "write a date here, as 2026-11-23"),
        ("soon", lambda item: item.date(), "write a date here, as 2026-11-23"),
        (
            "'  '",
            lambda item: item.text(),
            "write some words here (quote them if YAML reads them as something else)",
        ),
        (
            "' '",
            lambda item: item.paragraphs(),
            "write some words here (quote them if YAML reads them as something else)",
        ),
        (
            "5",
            lambda item: item.paragraphs(),
            "write some words here (quote them if YAML reads them as something else)",
        ),
        ("[a]", lambda item: item.one_of(("b",), "mark"), "'this' is not a known mark"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_plain_words(
    content: str, ask: Callable[[Item], object], mend: str
) -> None:
    with pytest.raises(RulebookError) as refused:
        ask(parse(content, "x.yaml"))
    assert refused.value.mend == mend


def test_a_value_of_the_right_kind_comes_as_it_is() -> None:
    assert parse("2026-11-23", "x.yaml").date() == datetime.date(2026, 11, 23)
    assert parse("1.5", "x.yaml").number() == 1.5
    assert parse("false", "x.yaml").boolean() is False
    assert parse("' a  b '", "x.yaml").text() == "a b"
    assert parse("|\n  a\n  b\n", "x.yaml").paragraphs() == "a\nb"
    assert parse("[a, {b: [1]}]", "x.yaml").plain() == ["a", {"b": [1]}]
    assert parse("a", "x.yaml").each_of(("a",), "mark") == ("a",)
