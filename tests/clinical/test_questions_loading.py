"""Questions, texts and timetables that are wrong in any way are refused, with file, line and what to mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.clinical.rulebook import Item, RulebookError, Scope, default_rulebook, load_rulebook
from bot.clinical.rulebook.document import parse, read
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rulebook.question_texts import parse_check_ins, parse_questions, parse_wording

AGE = "      - field: age\n"
WHY_AGE = "why: Some causes of back pain depend on age."
UNSURE = "          - {value: unsure, label: Not sure}\n"
TOUCH = "example: Touch the skin there through your clothes. Does it feel the same as always?"
AAA = "          - {field: known_aaa, label: A swollen main blood vessel in the tummy (aneurysm)}"

READERS: dict[str, Callable[[Item, Scope], object]] = {
    "questions.yaml": parse_questions,
    "wording.yaml": parse_wording,
    "check_ins.yaml": parse_check_ins,
}

pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")


@pytest.fixture(scope="module")
def scope() -> Scope:
    definitions, _ = read(HERE / "definitions.yaml")
    return Scope(definitions.keys(("definitions",))["definitions"], default_rulebook().sources)


def spoilt(file: str, old: str, new: str) -> str:
    """The shipped text with the first `old` replaced."""
    text = (HERE / file).read_text(encoding="utf-8")
    assert old in text, old
    return text.replace(old, new, 1)


def refusal(scope: Scope, file: str, old: str, new: str) -> RulebookError:
    """What reading the file says once `old` has become `new`."""
    with pytest.raises(RulebookError) as refused:
        READERS[file](parse(spoilt(file, old, new), file), scope)
    return refused.value


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (AGE, "      - field: aeg\n", "'aeg' is not a known field; did you mean 'age'?"),
        (AGE, "      - field: fever\n", "a question about danger needs the answer `unsure`"),
        (AGE, "      - fields: age\n", "unknown key 'fields'; did you mean 'field'?"),
        (
            "section: context",
            "section: contexts",
            "'contexts' is not a known section; did you mean 'context'?",
        ),
        (
            "section: nerves",
            "section: context",
            "context must come earlier; the order is emergency, context, cauda_equina, nerves, mind, cancer, fracture, "
            "infection, organs, pain, inflammation, "
            "limits, medicines, health, slow_breathing, outlook, work, wishes, day",
        ),
        (WHY_AGE, "why: We offer a proven cure.", "say this without 'proven': no claims and no diagnosis"),
        (WHY_AGE, "why: You have a weak back.", "say this without 'You have': no claims and no diagnosis"),
        (WHY_AGE, "why: " + "very " * 46, "shorten this to 45 words; it has 52"),
        (
            "example: A number is enough, for example 42.",
            "example: " + "word " * 44,
            "text and example are said together: shorten them to 45 words from 50",
        ),
        (
            "example: A number is enough, for example 42.",
            "skip: Skip this",
            "a question with `skip` needs `skippable: true`",
        ),
        (
            "example: A number is enough, for example 42.",
            "none: None of these",
            "`none` belongs to a question with `ticks`",
        ),
        ("example: A number is enough, for example 42.", "scale: {low: young}", "add the key 'high'"),
        (
            "sources: [NG59, DEVON]",
            "sources: [NICE59]",
            "'NICE59' is not a known source; did you mean 'NICE-QS155'?",
        ),
        ("sources: [NG59, DEVON]", "sources: [DESIGN]", "a rule that rests on DESIGN needs `status: design`"),
        (
            "when: {is: may_be_pregnant}",
            "when: {is: pregnant}",
            "'pregnant' is not a known definition; did you mean 'may_be_pregnant'?",
        ),
        (
            "when: {is: may_be_pregnant}",
            "when: {flag: FL_PREGNANCY}",
            "questions are asked by what the patient said, not by flags or urgency",
        ),
        (
            "- {value: possible, label: Maybe pregnant}",
            "- {value: perhaps, label: Maybe pregnant}",
            "pregnant may be one of no, yes, possible, unsure",
        ),
        (
            "- {value: possible, label: Maybe pregnant}",
            '- {value: "yes", label: Maybe}',
            "the answer 'yes' is given twice",
        ),
        ("- {value: possible, label: Maybe pregnant}", "- {value: possible}", "add the key 'label'"),
        (
            "- {value: possible, label: Maybe pregnant}",
            "- {value: possible, label: " + "very " * 20 + "}",
            "shorten this to 19 words; it has 20",
        ),
        (
            'facts: {pregnant: "no", breastfeeding: true}',
            "facts: {pregnant: never}",
            "pregnant may be one of no, yes, possible, unsure",
        ),
        (
            'facts: {pregnant: "no", breastfeeding: true}',
            "facts: {milk: true}",
            "'milk' is not a known field",
        ),
        (f"{UNSURE}        said", "        said", "a question about danger needs the answer `unsure`"),
        ('said: {"yes": new}', 'said: {"yes": maybe}', "'maybe' is not a known answer of this question"),
        ('said: {"yes": new}', "said: {perhaps: new}", "unknown key 'perhaps'"),
        ('said: {"yes": new}', "skippable: true", "a question about danger may not be skipped"),
        (TOUCH, "status: cited", "a question about danger needs an `example` for asking again"),
        (
            "        none: None of these\n",
            "",
            "a question with `ticks` needs `none`: the words for no tick at all",
        ),
        (
            AAA,
            "          - {label: An aneurysm}",
            "a box needs a `field`, an `is`, or a `value` with `facts`",
        ),
        (
            AAA,
            "          - {field: known_aaa, value: a, facts: {known_aaa: true}, label: An aneurysm}",
            "a box with `facts` needs a `value`, and no `field`",
        ),
        (
            AAA,
            "          - {field: osteoporosis, label: Thin bones}",
            "the key 'osteoporosis' is taken; give this box a `value` of its own",
        ),
        (
            AAA,
            "          - {field: loin_pain, label: Pain}",
            "loin_pain is asked by both osteoporosis and abdominal_pain_new; give it to one",
        ),
        (
            AAA,
            "          - {field: pain_avg, is: 3, label: Pain}",
            "say in `unticked` what an empty box means for pain_avg",
        ),
        (
            "      - field: bladder_change\n",
            "      - field: saddle_numbness\n",
            "saddle_numbness has a question already; one is enough",
        ),
        (
            "- value: none\n      label: None of these",
            "- value: nothing\n      label: None of these",
            "the screen needs the answer `none`",
        ),
        ("since: 2026-11-23", "since: soon", "write a date here, as 2026-11-23"),
    ],
)
def test_a_faulty_question_is_refused(scope: Scope, old: str, new: str, mend: str) -> None:
    refused = refusal(scope, "questions.yaml", old, new)
    assert refused.file == "questions.yaml"
    assert refused.mend == mend


def test_loading_refuses_at_the_line_of_the_fault(tmp_path: Path) -> None:
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    old = "- {value: possible,"
    text = spoilt("questions.yaml", old, "- {value: perhaps,")
    (tmp_path / "questions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load_rulebook(tmp_path)
    assert refused.value.file == "questions.yaml"
    assert "perhaps" in text.splitlines()[refused.value.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            "call {emergency_number}",
            "call {emergency}",
            "{emergency} is not filled here; use "
            "emergency_number, urgent_line, crisis_line, poison_line, items, unsure",
        ),
        ("call {emergency_number}", "call {emergency_number", "a brace is not closed"),
        ("call {emergency_number}", "call " + "now " * 60, "shorten this to 75 words; it has 111"),
        ("      rules: [J3, J4]\n", "", "write `rules`, or `otherwise: true` for the findings that are left"),
        ("rules: [J3, J4]\n", "rules: [J3]\n      most: 60\n", "`most` is 45 or 75 words"),
        (
            "key: safety_emergency_drowsy",
            "key: safety_emergency_overdose",
            "the key 'safety_emergency_overdose' is given twice",
        ),
        (
            "      otherwise: true\n",
            "      rules: [J3]\n",
            "give each class one message with `otherwise: true`",
        ),
        (
            "Please get help now, even if you feel well.",
            "A proven way to be well.",
            "say this without 'proven': no claims and no diagnosis",
        ),
        ("sources: [MSD-APAP, NTH-PARACETAMOL, BLT]", "sources: [MSD]", "'MSD' is not a known source"),
        (
            "  age: {about: your age,",
            "  agee: {about: your age,",
            "'agee' is not a known field; did you mean 'age'?",
        ),
        ("  fever: {about: fever,", "  fever: {", "add the key 'about'"),
        ('"yes": A fever, "no": No fever}', '"yes": A fever}', "say fever in words for no"),
        ('say: "You are {value} years old"', 'say: "You are old"', "age needs `say` with {value} in it"),
        ("empty: No goal named", "quiet: true", "say in `empty` what an empty list of goals means"),
        ("unit: days, empty: No days off work", "unit: hours", "'hours' is not a known unit"),
        (
            "crisis: a crisis line in your area",
            "crisis:",
            "write some words here (quote them if YAML reads them as something else)",
        ),
        (
            "when: {saddle_numbness: new, bladder_change: unsure",
            "when: {saddle_numbness: newish, bladder_change: unsure",
            "saddle_numbness may be one of none, new, worsening, longstanding_stable, unsure",
        ),
        (
            "{fields: [major_trauma_recent, minor_trauma_recent]",
            "{fields: [major_trauma]",
            "'major_trauma' is not a known field; did you mean 'major_trauma_recent'?",
        ),
    ],
)
def test_a_faulty_text_is_refused(scope: Scope, old: str, new: str, mend: str) -> None:
    refused = refusal(scope, "wording.yaml", old, new)
    assert refused.file == "wording.yaml"
    assert refused.mend == mend


def test_a_field_without_words_is_refused(scope: Scope) -> None:
    line = '  bmi: {about: your body mass index, say: "Body mass index {value}"}\n'
    refused = refusal(scope, "wording.yaml", line, "")
    assert "say how bmi is read back" in refused.mend


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("hours: 1", "minutes: 60", "unknown key 'minutes'"),
        ("{kind: safety_1h, hours: 1}", "{kind: safety_1h}", "give one of hours, days and weeks"),
        ("hours: 1}", "hours: 0}", "give a whole number from 1 on"),
        (
            "{kind: safety_1h, hours: 1}, {kind: safety_24h, days: 1}",
            "{kind: a, days: 1}, {kind: a, days: 2}",
            "list at least one contact, and each kind once",
        ),
        (
            "{kind: safety_1h, hours: 1}, {kind: safety_24h, days: 1}",
            "{kind: a, days: 1}, {kind: b, hours: 2}",
            "list the contacts in the order of time",
        ),
        ("when: {is: chronic}", "when: {is: long}", "'long' is not a known definition"),
        (
            "sources: [DESIGN]\n    status: design",
            "sources: [DESIGN]",
            "a rule that rests on DESIGN needs `status: design`",
        ),
        ("new_nsaid: {kind: day_3, days: 3}", "new_nsaid: {days: 3}", "add the key 'kind'"),
    ],
)
def test_a_faulty_timetable_is_refused(scope: Scope, old: str, new: str, mend: str) -> None:
    refused = refusal(scope, "check_ins.yaml", old, new)
    assert refused.file == "check_ins.yaml"
    assert refused.mend == mend
