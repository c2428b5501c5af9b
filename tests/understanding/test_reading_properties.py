"""What holds for every message, however odd: no error, spans inside the text, values inside the vocabulary."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinical.facts import FIELDS, check, plain
from bot.understanding import Reading, read

TODAY = date(2026, 11, 23)

ASKS = st.one_of(
    st.none(), st.sampled_from(sorted(FIELDS)), st.sampled_from(["consent", "read_back", "nonsense"])
)
VOCABULARY = """
my the a of in numb feel cant pee bladder bowel legs both leg left right foot weak fell off ladder car back pain for 3
weeks since monday 7 out of 10 took all pills paracetamol not no never want to die it life he hits me chest tight had
cancer mum if what when wipe bottom really just about maybe or and but sorry i meant 4 1/2 6-7 12th october yesterday
yes unsure skip twice week , . ; ! ? … ’ 🙂 \x00 é
"""
WORDS = st.sampled_from(VOCABULARY.split())
MESSAGES = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


def check_reading(text: str, reading: Reading) -> None:
    assert reading.answer in (None, "yes", "no", "unsure", "skip")
    assert len({fact.field for fact in reading.facts}) == len(reading.facts)
    for fact in reading.facts:
        assert 0 <= fact.start <= fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.words
        assert check(fact.field, plain(fact.value)) == fact.value
    json.dumps([fact.as_json() for fact in reading.facts])
    if reading.safety is not None:
        assert reading.safety.urgency in ("same_day", "emergency_now")
        assert set(reading.safety.facts) <= {fact.field for fact in reading.facts}
        json.dumps(reading.safety.as_json())


@settings(max_examples=400, deadline=None)
@given(text=MESSAGES, asks=ASKS, before=ASKS, today=st.one_of(st.none(), st.just(TODAY)))
def test_any_message_is_read_without_an_error(
    text: str, asks: str | None, before: str | None, today: date | None
) -> None:
    check_reading(text, read(text, asks, today, before))


@settings(max_examples=200, deadline=None)
@given(text=MESSAGES, asks=ASKS)
def test_reading_twice_gives_the_same(text: str, asks: str | None) -> None:
    assert read(text, asks, TODAY) == read(text, asks, TODAY)


@settings(max_examples=200, deadline=None)
@given(
    low=st.integers(0, 10),
    high=st.integers(0, 10),
    form=st.sampled_from(["{}/10", "{} out of 10", "{}", "a {}"]),
)
def test_a_pain_score_is_read_back_as_it_was_said(low: int, high: int, form: str) -> None:
    facts = {fact.field: fact.value for fact in read(form.format(low), "pain_avg", TODAY).facts}
    assert facts["pain_avg"] == low
    if low < high:
        facts = {fact.field: fact.value for fact in read(f"{low} or {high}", "pain_avg", TODAY).facts}
        assert facts["pain_avg"] == high


@settings(max_examples=200, deadline=None)
@given(
    number=st.integers(1, 60),
    unit=st.sampled_from([("day", 1 / 7), ("week", 1.0), ("month", 52 / 12), ("year", 52.0)]),
)
def test_a_duration_is_read_back_as_it_was_said(number: int, unit: tuple[str, float]) -> None:
    name, weeks = unit
    said = f"{number} {name}{'s' if number > 1 else ''}"
    facts = {fact.field: fact.value for fact in read(said, "duration_weeks", TODAY).facts}
    assert facts["duration_weeks"] == pytest.approx(number * weeks, abs=0.06)


@settings(max_examples=200, deadline=None)
@given(ago=st.integers(0, 364))
def test_a_day_of_the_last_year_is_found_again(ago: int) -> None:
    then = TODAY - timedelta(days=ago)
    for said in (f"since {then.day} {then:%B}", f"{then:%B} {then.day}", f"since {then:%Y-%m-%d}"):
        facts = {fact.field: fact.value for fact in read(said, "leg_pain_onset_days", TODAY).facts}
        assert facts["leg_pain_onset_days"] == ago


@settings(max_examples=300, deadline=None)
@given(text=MESSAGES)
def test_no_onset_lies_in_the_future_and_no_score_outside_its_scale(text: str) -> None:
    for asks in ("duration_weeks", "leg_pain_onset_days", "pain_avg", "psfs_baseline"):
        for fact in read(text, asks, TODAY).facts:
            if fact.field in ("duration_weeks", "leg_pain_onset_days", "off_work_days"):
                assert isinstance(fact.value, (int, float))
                assert fact.value >= 0
            if fact.field in ("pain_avg", "pain_worst", "psfs_baseline"):
                assert isinstance(fact.value, (int, float))
                assert 0 <= fact.value <= 10


ECHOES = [
    *(
        "numb between my legs ",
        "cant feel when i ",
        "my leg is numb and i ",
        "no ",
        "not ",
        "i took paracetamol ",
    ),
    *(
        "fell off ",
        "what if i lose control of my ",
        "since monday for 3 weeks 7 out of 10 ",
        "3 to 4 or 5 to 6 ",
    ),
    *(
        "yes no ",
        "not sure if ",
        "my mum had ",
        "i want to die ",
        "0",
        "1 ",
        "1-",
        "1/",
        "sorry i meant 4 not 7 ",
    ),
    *(
        "a's'",
        "\x00",
        "é́́",
        "🙂",
        "numb, ",
        "( ",
        "the ",
        "really ",
        "about ",
        "a",
        " ",
        ".",
        "\n",
        "feel nothing ",
    ),
]


@pytest.mark.parametrize("echo", ECHOES)
def test_four_thousand_characters_of_the_same_are_read(echo: str) -> None:
    text = (echo * 4000)[:4000]
    for asks in (None, "pain_avg", "bladder_change", "psfs"):
        check_reading(text, read(text, asks, TODAY, before="age"))


def test_danger_at_the_end_of_a_long_message_is_found() -> None:
    text = "I am writing about my back and all the things that happened to me since. " * 53
    assert len(text) < 3950
    reading = read(text + "I can't feel when I wipe", None, TODAY)
    assert reading.safety is not None


def test_danger_after_many_repeats_is_found() -> None:
    reading = read("no no no " * 400 + "but I wet myself last night", None, TODAY)
    assert {fact.field for fact in reading.facts} >= {"bladder_change"}


def test_zalgo_and_lookalikes_are_read_like_plain_letters() -> None:
    zalgo = "".join(letter + "\u0336\u0489\u035c" for letter in "no fever")
    assert {fact.field: fact.value for fact in read(zalgo, None, TODAY).facts} == {"fever": "no"}
    assert {fact.field: fact.value for fact in read("ｎｏ ｆｅｖｅｒ", None, TODAY).facts} == {"fever": "no"}
    assert {f.field: f.value for f in read("pain ٧/١٠", None, TODAY).facts} == {"pain_avg": 7}
