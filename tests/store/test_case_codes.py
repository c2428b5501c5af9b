"""A patient's code for their case: short, written in any way, and it finds the case again."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.case_codes import beginning_of_id, case_code
from bot.store.repository import random_id
from tests.store.clinic import Clinic


def test_a_code_is_eight_letters_that_do_not_look_alike() -> None:
    assert case_code("0000000000" + "f" * 22) == "0000-0000"
    assert case_code("ffffffffff" + "0" * 22) == "ZZZZ-ZZZZ"
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", case_code(random_id()))


@given(st.uuids(version=4))
def test_every_code_leads_back_to_its_id(one: uuid.UUID) -> None:
    code = case_code(one.hex)
    for said in (
        code,
        code.lower(),
        code.replace("-", " "),
        f" {code.replace('-', '')} ",
        code.replace("0", "o"),
    ):
        assert beginning_of_id(said) == one.hex[:10]
    assert beginning_of_id(code.replace("1", "l")) == one.hex[:10]


@pytest.mark.parametrize("said", ["", "K7M4", "K7M4-QX2", "K7M4-QX2P9", "my code", "ÄÖÜß-1234", "' OR 1=1"])
def test_what_is_no_code_finds_nothing(clinic: Clinic, said: str) -> None:
    clinic.patient_in("held", None)
    assert beginning_of_id(said) is None
    assert clinic.store.episodes_with_code(said) == ()


def test_the_store_finds_the_case_by_its_code(clinic: Clinic) -> None:
    ids = [clinic.patient_in("held", None).case().episode.id for _ in range(3)]
    for one in ids:
        assert clinic.store.episodes_with_code(case_code(one).lower()) == (one,)
    assert clinic.store.episodes_with_code("ZZZZ-ZZZZ") == ()
