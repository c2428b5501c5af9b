"""The files on options and goals are refused when anything in them is wrong, with the place and what to mend."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
import yaml

from bot.clinical.rulebook import RulebookError, default_rulebook, load_rulebook
from bot.clinical.rulebook.loader import HERE
from bot.clinical.rulebook.option_terms import Effect
from bot.clinical.status import Status
from bot.clinical.vocabulary import FAMILY_OF, OPTIONS
from tests.clinical.readability import grade

LONG = "very " * 46


pytestmark = pytest.mark.usefixtures("unchanged_files_are_parsed_once")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The shipped files, to be spoiled."""
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(directory: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` by `new`; the line (from 1) where it stood."""
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(directory: Path) -> RulebookError:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(directory)
    return refused.value


EDU = "table: {all: recommend, leg: recommend}"
HOME = "table: {acute: consider, subacute: recommend, chronic: recommend}"
FEAR = "acute: [{recommend: {fear_of_movement: {min: 7}}}, consider]"


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            "- id: EDU_EXPLAIN",
            "- id: EDU_EXPLAINS",
            "'EDU_EXPLAINS' is not a known option; did you mean 'EDU_EXPLAIN'?",
        ),
        ("- id: PT_MOTOR_CONTROL", "- id: PT_STRENGTH", "the option 'PT_STRENGTH' is here twice; keep one"),
        (
            "marks: [core, interim]",
            "marks: [core, interims]",
            "'interims' is not a known mark; did you mean 'interim'?",
        ),
        ("tier: 1", "tier: 10", "write a whole number from 0 to 9 here"),
        (
            "rank: {visits: 0, cost: free, evidence: 2}",
            "rank: {visits: 0, cost: cheap, evidence: 2}",
            "'cheap' is not a known cost",
        ),
        (
            "rank: {visits: 0, cost: free, evidence: 2}",
            "rank: {visits: 0, cost: free, evidence: 4}",
            "write a whole number from 0 to 3 here",
        ),
        (
            EDU,
            "table: {all: recommended, leg: recommend}",
            "'recommended' is not a known status of a cell; did you mean 'recommend'?",
        ),
        (EDU, "table: {all: withheld, leg: recommend}", "'withheld' is not a known status of a cell"),
        (EDU, "table: {}", "give at least one cell here"),
        (EDU, "table: {everybody: recommend}", "unknown key 'everybody'"),
        (HOME, "table: {acute: consider, chronic: recommend}", "add a cell for 'subacute', or `all`"),
        (
            HOME,
            "table: {acute: clinician_only, subacute: recommend, chronic: recommend}",
            "add the reason for 'clinician_only': the table can give it",
        ),
        (
            HOME,
            "table: {acute: absent, subacute: recommend, chronic: recommend}",
            "add `otherwise`: the table can give 'absent', and somebody may ask why",
        ),
        (
            FEAR,
            "acute: [{recommend: {fear_of_movement: {min: 7}}}]",
            "end the cell with a plain status, for when no step holds",
        ),
        (
            FEAR,
            "acute: [consider, {recommend: {fear_of_movement: {min: 7}}}, consider]",
            "nothing after this status can be reached; write it last",
        ),
        (
            FEAR,
            "acute: [{recommend: {fear_of_moving: {min: 7}}}, consider]",
            "'fear_of_moving' is not a known field or condition word; did you mean 'fear_of_movement'?",
        ),
        (
            FEAR,
            "acute: [{recommend: {fear_of_movement: {min: 11}}}, consider]",
            "fear_of_movement only goes from 0 to 10",
        ),
        (
            FEAR,
            "acute: [{recommend: {pain_avg: {min: 7}}}, consider]",
            "{fear_of_movement} cannot be filled here: the condition does not say that it is known",
        ),
        (
            FEAR,
            "acute: [{recommend: {is: chronical}}, consider]",
            "'chronical' is not a known definition; did you mean 'chronic'?",
        ),
        (
            "You rated your fear of moving {fear_of_movement}",
            "You rated it {fear}",
            "{fear} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "recommend: Knowing what helps",
            "recommend: A proven way to know what helps",
            "say this without 'proven': no claims and no diagnosis",
        ),
        (
            "recommend: Knowing what helps",
            f"recommend: {LONG}Knowing what helps",
            "shorten this to 45 words; it has 60",
        ),
        (
            "recommend: Gentle daily movement",
            f"recommend: {'very ' * 16}gentle daily movement",
            "with every gap filled this can grow to 48 words; keep it to 45",
        ),
        (
            "sources: [MEDSCAPE-NICE, AAFP-ACP, GLC-WHO]",
            "sources: []",
            "give at least one source, or [DESIGN] with `status: design`",
        ),
        (
            "sources: [MEDSCAPE-NICE, AAFP-ACP, GLC-WHO]",
            "sources: [MEDSCAPE]",
            "'MEDSCAPE' is not a known source; did you mean 'MEDSCAPE-ACU'?",
        ),
        (
            "sources: [MEDSCAPE-NICE, AAFP-ACP, GLC-WHO]",
            "sources: [DESIGN]",
            "a rule that rests on DESIGN needs `status: design`",
        ),
        (
            "      what: Plain facts",
            "      whatever: Plain facts",
            "unknown key 'whatever'; did you mean 'what'?",
        ),
        ("verdict: recommend", "verdict: strong", "'strong' is not a known verdict"),
        (
            "      NICE: {verdict",
            "      NIECE: {verdict",
            "'NIECE' is not a known guideline body; did you mean 'NICE'?",
        ),
        ("instead: [EDU_EXPLAIN]", "instead: [EDU]", "'EDU' is not a known option"),
        (
            "instead: [EDU_EXPLAIN]",
            "instead: [PT_ADVICE_ACTIVE]",
            "'PT_ADVICE_ACTIVE' cannot stand in for itself; remove it",
        ),
        (
            "marks: [core, interim, active]",
            "marks: [core, active]",
            "only an option with the mark `interim` can use this; remove it",
        ),
        ("from_week: 2", "from_week: 1", "write a whole number from 2 to 12 here"),
        (
            "      nice: {all: not_offered",
            "      british: {all: not_offered",
            "'british' is not a known profile",
        ),
        (
            "  acute: Your back pain started {duration} ago.",
            "  acute: Your back pain started {weeks} ago.",
            "{weeks} cannot be filled here: the condition does not say that it is known",
        ),
        ("since: 2026-11-23", "since: last week", "write a date here, as 2026-11-23"),
        ("    clinician: Education and self", "    doctor: Education and self", "unknown key 'doctor'"),
    ],
)
def test_a_faulty_option_is_refused(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "options.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "options.yaml"
    assert refused.mend == mend


def test_a_missing_option_is_refused_by_name(directory: Path) -> None:
    path = directory / "options.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - id: BED_REST"), len(text)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert "add the option 'BED_REST'" in refusal(directory).mend


def test_a_dose_for_everybody_must_come_last(directory: Path) -> None:
    dose = '      - {minutes: 5, text: "Five minutes of balance practice with one hand on a firm counter."}'
    spoil(directory, "options.yaml", dose, dose.replace("{minutes", "{when: {age: {min: 70}}, minutes"))
    assert "end the list with a dose without `when`" in refusal(directory).mend


N01 = "option: PM_NSAID_ORAL\n    effect: withheld"


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        (
            N01,
            "option: PM_NSAID\n    effect: withheld",
            "'PM_NSAID' is not a known option; did you mean 'PM_NSAID_ORAL'?",
        ),
        (
            N01,
            "option: []\n    effect: withheld",
            "no option is left, so this rule can never do anything; name one",
        ),
        (N01, "option: {mark: pills}\n    effect: withheld", "'pills' is not a known mark"),
        (N01, "option: {family: tablets}\n    effect: withheld", "'tablets' is not a known family"),
        (
            N01,
            "option: {mark: medicine, family: pain}\n    effect: withheld",
            "write one of mark, family and told here",
        ),
        (
            N01,
            "option: {mark: medicine, except: [AT_YOGA]}\n    effect: withheld",
            "'AT_YOGA' is not chosen anyway; remove it",
        ),
        (
            N01,
            "option: {mark: medicine, among: [AT_YOGA]}\n    effect: withheld",
            "`among` narrows `told`; remove it here",
        ),
        (
            N01,
            "option: {told: prev_helpful}\n    effect: withheld",
            "the condition must say that prev_helpful is known",
        ),
        (
            N01,
            "option: {mark: medicine, except: [YOGA]}\n    effect: withheld",
            "'YOGA' is not a known option; did you mean 'AT_YOGA'?",
        ),
        (
            N01,
            "option: {told: prev_helpful, among: [YOGA]}\n    effect: withheld",
            "'YOGA' is not a known option; did you mean 'AT_YOGA'?",
        ),
        (N01, f"{N01}\n    adds: [YOGA]", "'YOGA' is not a known option; did you mean 'AT_YOGA'?"),
        (N01, f"{N01}\n    if_withheld: YOGA", "'YOGA' is not a known option; did you mean 'AT_YOGA'?"),
        (N01, "option: PM_NSAID_ORAL\n    effect: forbidden", "'forbidden' is not a known effect"),
        (N01, "option: PM_NSAID_ORAL\n    effect: recommend", "'recommend' is not a known effect"),
        (
            N01,
            "option: AT_YOGA\n    effect: opens",
            "options.yaml has no reason for AT_YOGA as clinician_only; add it",
        ),
        (
            N01,
            f"{N01}\n    adds: [AT_ACUPUNCTURE]",
            "options.yaml has no reason without gaps for AT_ACUPUNCTURE as recommend; add it",
        ),
        (N01, f"{N01}\n    added: Some words.", "nothing is added here; write `adds` or remove this"),
        (
            N01,
            f"{N01}\n    if_withheld: PM_NSAID",
            "'PM_NSAID' is not a known option; did you mean 'PM_NSAID_ORAL'?",
        ),
        (N01, f"{N01}\n    flag: FL_MEDS", "'FL_MEDS' is not a known flag; did you mean 'FL_RED_CES'?"),
        (
            "- {to: withheld, when: {is: triple_whammy}}",
            "- {to: caution, when: {is: triple_whammy}}",
            "a raise must be stronger than clinician_only",
        ),
        (
            "when: {anticoagulant: true}",
            "when: {blood_thinner: true}",
            "'blood_thinner' is not a known field or condition word; did you mean 'blood_in_urine'?",
        ),
        (
            "when: {anticoagulant: true}",
            "when: {anticoagulant: true, all: [{anticoagulant: false}]}",
            "this can never be true: no value of anticoagulant fits all of it",
        ),
        (
            "You are {age}. From 60 on",
            "You weigh {weight_kg}. From 60 on",
            "{weight_kg} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "You take a blood thinner{anticoagulant}.",
            "You take a blood thinner{warfarin}.",
            "{warfarin} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "You take a blood thinner{anticoagulant}.",
            "You take a blood thinner{.",
            "write a gap as {name}, or leave the brace out",
        ),
        (
            "You told us about {causes}. It could",
            "You told us about it. It could",
            "the patient's text has no {causes}; write it there or remove this",
        ),
        (
            "You told us about {causes}. It could",
            f"{'So ' * 30}{{causes}}. It could",
            "with every gap filled this can grow to 54 words; keep it to 45",
        ),
        (
            "You told us about heart failure.",
            "You have heart failure.",
            "say this without 'You have': no claims and no diagnosis",
        ),
        (
            "current_meds: {contains: paracetamol}}\n    option",
            "current_meds: {contains: parcetamol}}\n    option",
            "'parcetamol' is not a known medicine class; did you mean 'paracetamol'?",
        ),
        ("keeps: []", "keeps: [EDU]", "'EDU' is not a known option"),
        (
            "answers: anticoagulant",
            "answers: peptic_ulcer",
            "peptic_ulcer is not answered with yes or no, so no name can answer it",
        ),
        (
            "names: [warfarin, coumadin",
            "names: [warfarin, warfarin",
            "the name 'warfarin' is here twice; keep one",
        ),
        (
            "sources: [SMPC-IBU, ARTHRITIS-CA]",
            "sources: []",
            "give at least one source, or [DESIGN] with `status: design`",
        ),
        ("- id: N02", "- id: N01", "the rule id 'N01' is taken at contraindications.yaml:49; choose another"),
        ("- id: N02", "- id: A1", "the rule id 'A1' is taken at red_flags.yaml:9; choose another"),
    ],
)
def test_a_faulty_contraindication_is_refused(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "contraindications.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "contraindications.yaml"
    assert refused.mend == mend


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("daily_actions: 3", "daily_actions: 0", "write a whole number above zero here"),
        (
            "ties: [visits, cost, evidence, patient_order]",
            "ties: [visits, cost]",
            "name each of visits, cost, evidence, patient_order once, in order",
        ),
        (
            "ties: [visits, cost, evidence, patient_order]",
            "ties: [visits, price]",
            "'price' is not a known tie",
        ),
        (
            "among: strengthening",
            "among: medicines",
            "'medicines' is not a known mark; did you mean 'medicine'?",
        ),
        (
            "{chosen}",
            "{option}",
            "{option} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "option: LS_SLEEP\n    effect: recommend",
            "option: LS_SLEEP\n    effect: caution",
            "'caution' is not a known effect",
        ),
        (
            "option: LS_SLEEP\n    effect: recommend",
            "option: PSY_COMBINED_PROGRAMME\n    effect: recommend",
            "options.yaml has no reason for PSY_COMBINED_PROGRAMME as recommend; add it there",
        ),
        (
            "option: LS_SLEEP\n    effect: recommend",
            "option: LS_SLEEPING\n    effect: recommend",
            "'LS_SLEEPING' is not a known option; did you mean 'LS_SLEEP'?",
        ),
        (
            "option: {told: prev_helpful}",
            "option: {told: prev_liked}",
            "'prev_liked' is not a known list of options",
        ),
        (
            "when: {known: prev_helpful}",
            "when: {known: age}",
            "the condition must say that prev_helpful is known",
        ),
        (
            "You rated your sleep trouble {sleep_problem}",
            "You rated it {stress}",
            "{stress} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "patient: You told us about {causes}.\n    causes:\n      - {when: {stress",
            "patient: You told us.\n    causes:\n      - {when: {stress",
            "no text of this rule has {causes}; write it there or remove this",
        ),
        (
            "patient: You told us that you smoke.",
            f"patient: {'Really, ' * 40}you smoke.",
            "with every gap filled this can grow to 51 words; keep it to 45",
        ),
        (
            "sources: [WHO-PA20]",
            "sources: [WHO-PA]",
            "'WHO-PA' is not a known source; did you mean 'WHO-PA20'?",
        ),
    ],
)
def test_a_faulty_personal_rule_is_refused(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "personalisation.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "personalisation.yaml"
    assert refused.mend == mend


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("weeks: 6", "weeks: 7", "write a whole number from 1 to 6 here"),
        ("sure: 7", "sure: 11", "write a whole number from 1 to 10 here"),
        (
            "    words: []",
            "    words: [anything]",
            "end the list with a kind without words, for every other activity",
        ),
        ("words: [lift,", "words: []\n    other: [lift,", "unknown key 'other'"),
        (
            "    options: [PT_GRADED_WALK, LS_ACTIVITY]",
            "    options: [PT_WALK]",
            "'PT_WALK' is not a known option; did you mean 'PT_GRADED_WALK'?",
        ),
        (
            '"By {date}: {activity}',
            '"On {day}: {activity}',
            "{day} cannot be filled here: the condition does not say that it is known",
        ),
        (
            "  - {obstacle: The next",
            "  - {when: {age: {min: 1}}, obstacle: The next",
            "end the list with the one obstacle that has no `when`, for everybody else",
        ),
        ("phrases:\n    - no more pain", "phrases: []\n  other:\n    - no more pain", "unknown key 'other'"),
        ("sources: [DESIGN, PRECISION]", "sources: [GUESS]", "'GUESS' is not a known source"),
        ("status: design", "status: cited", "a rule that rests on DESIGN needs `status: design`"),
    ],
)
def test_a_faulty_goal_text_is_refused(directory: Path, old: str, new: str, mend: str) -> None:
    spoil(directory, "goals.yaml", old, new)
    refused = refusal(directory)
    assert refused.file == "goals.yaml"
    assert refused.mend == mend


def test_the_refusal_names_the_line_of_the_fault(directory: Path) -> None:
    line = spoil(
        directory, "contraindications.yaml", "option: AT_ELECTROACUPUNCTURE\n", "option: AT_ELECTRO\n"
    )
    assert refusal(directory).line == line


@pytest.mark.parametrize("name", ["options", "contraindications", "personalisation", "goals"])
def test_no_file_on_options_may_be_missing_or_empty(directory: Path, name: str) -> None:
    (directory / f"{name}.yaml").write_text("", encoding="utf-8")
    assert "empty" in refusal(directory).mend
    (directory / f"{name}.yaml").unlink()
    assert "missing" in refusal(directory).mend


@pytest.mark.parametrize("file", ["options", "contraindications", "personalisation", "goals"])
def test_any_edit_gives_another_version(directory: Path, file: str) -> None:
    before = load_rulebook(directory).version
    path = directory / f"{file}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert load_rulebook(directory).version != before


def test_a_newer_rule_dates_the_whole_rulebook(directory: Path) -> None:
    spoil(directory, "personalisation.yaml", "since: 2026-11-23", "since: 2027-02-01")
    assert load_rulebook(directory).version.startswith("2027-02-01+")


def test_every_option_of_the_vocabulary_is_there_in_its_family() -> None:
    options = default_rulebook().options.options
    assert tuple(options) == OPTIONS
    assert {option.id: option.family for option in options.values()} == dict(FAMILY_OF)
    assert all(isinstance(option.since, datetime.date) for option in options.values())


def test_effects_and_statuses_know_which_is_stronger() -> None:
    assert Effect.WITHHELD > Effect.CLINICIAN_ONLY > Effect.CAUTION
    assert Status.RECOMMEND > Status.CONSIDER > Status.CLINICIAN_ONLY > Status.NOT_OFFERED > Status.WITHHELD
    assert [status for status in Status if status.shown] == [
        *(Status.CLINICIAN_ONLY, Status.CONSIDER, Status.RECOMMEND)
    ]


def _patient_texts() -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for option in default_rulebook().options.options.values():
        texts += [(f"{option.id} {part}", text) for part, text in vars(option.about).items()]
        texts += [(f"{option.id} {status.value}", words.plain) for status, words in option.because.items()]
        texts += [(f"{option.id} daily", dose.text) for dose in option.daily]
        texts += [(option.id, text) for text in (option.interim, option.otherwise, option.name) if text]
    for file in ("contraindications", "personalisation"):
        document = yaml.safe_load((HERE / f"{file}.yaml").read_text(encoding="utf-8"))
        for rule in (*document["rules"], *document.get("holds", ()), *document.get("choices", ())):
            texts += [
                (rule["id"], one["patient"]) for one in (rule, *rule.get("also", ())) if "patient" in one
            ]
    return texts


#: shorter ones say little about how hard a text is: one long word decides
_ENOUGH_WORDS = 8


@pytest.mark.parametrize(("where", "text"), _patient_texts())
def test_every_text_for_patients_is_short_and_plain(where: str, text: str) -> None:
    assert len(text.split()) <= 45
    if len(text.split()) >= _ENOUGH_WORDS:
        assert round(grade(text)) <= 8, (where, grade(text))


@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_told_about_an_option_as_a_whole_is_easy_to_read(option: str) -> None:
    about = default_rulebook().options.options[option].about
    assert grade(" ".join(vars(about).values())) <= 8


@pytest.mark.parametrize("option", OPTIONS)
def test_no_text_names_a_dose(option: str) -> None:
    found = default_rulebook().options.options[option]
    texts = [*vars(found.about).values(), *(words.text for words in found.because.values())]
    assert not any(unit in text.split() for text in texts for unit in ("mg", "g", "ml", "mcg"))
