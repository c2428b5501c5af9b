"""Generated requests in every role (10,000 under `make soak`): none breaks the console or shows too much."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.review.console.forms import Forms
from bot.review.history import last_heard
from bot.store.records import ROLES
from tests.review.clinics import Clinic
from tests.review.test_console_permissions import (
    CLINICAL,
    MATRIX,
    NOBODY,
    PATIENTS_WORDS,
    SECRET,
    Visitor,
    app,
    clinic,
)

__all__ = ["app", "clinic"]

#: for the four kinds of visitors together
REQUESTS = int(os.environ.get("SOAK_REQUESTS", "480"))
REQUESTS_OF_EACH = REQUESTS // (1 + len(ROLES))
IN_A_ROW = 10
FORM = "application/x-www-form-urlencoded"

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "9" * 30, "\x00", "\ud800", "../..", "%", "'", "<script>", "2026-11-25", "\U0001f642"]
    ),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            "name",
            "password",
            "again",
            "next",
            "code",
            "decision",
            "reason",
            "words",
            "plan_version",
            "as_of",
            "heard",
            "kind",
            "text",
            "status",
            "step",
            "role",
            "status.PT_GRADED_WALK",
            "why.PT_GRADED_WALK",
            "status.PM_NSAID_ORAL",
            "reference",
            "days",
        ]
    ),
    st.text(max_size=8),
)
KNOWN = st.sampled_from(
    [
        "accept",
        "reject",
        "call_in",
        "question",
        "message",
        "acknowledged",
        "closed",
        "check",
        "sign",
        "reset",
        "unlock",
        "sign_out",
        "lead",
        "auditor",
        "recommend",
        "withheld",
        "link",
        "unlink",
        "1",
    ]
)
QUERY_NAMES = st.sampled_from(
    [
        "show",
        "urgency",
        "page",
        "done",
        "next",
        "for",
        "actor",
        "subject",
        "since",
        "until",
        "before",
        "check",
    ]
)
HEADER_NAMES = st.sampled_from(
    ["Origin", "Sec-Fetch-Site", "If-None-Match", "X-Backplan", "Content-Type", "Range"]
)
PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@dataclass(frozen=True)
class Shape:
    """One request, before it is sent."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@st.composite
def shapes(draw: st.DrawFn, clinic: Clinic) -> Shape:
    """Mostly well-formed requests to what exists, with something odd in most of them."""
    method, path = draw(st.sampled_from(sorted(MATRIX)))
    case = clinic.store.case(draw(st.sampled_from(sorted(clinic.episodes.values()))))
    parts = {
        "{episode}": case.episode.id,
        "{form:str}": draw(st.sampled_from(["html", "csv", "fhir", "docx"])),
        "{flag}": case.flags[0].id if case.flags else "none",
        "{account}": draw(st.sampled_from([one.id for one in clinic.store.clinicians()] or ["none"])),
        "{token}": "none",
        "{other}": draw(st.sampled_from(sorted(clinic.episodes.values()))),
        "{conversation}": draw(st.sampled_from(_waiting(clinic))),
        "{name}": draw(st.sampled_from(["style.css", "queue.js", "../x"])),
    }
    odd = draw(st.integers(0, 4)) == 0
    for part, value in parts.items():
        path = path.replace(part, _quoted(draw(ODD) if odd else value))
    form = draw(st.dictionaries(NAMES, st.one_of(ODD, KNOWN), max_size=6))
    if draw(st.booleans()):
        form |= {"as_of": case.episode.updated_at.isoformat(), "heard": str(last_heard(case))}
        form |= {"plan_version": str(case.plans[-1].version) if case.plans else ""}
    return Shape(
        draw(st.sampled_from(["PUT", "DELETE", "OPTIONS", "HEAD"]))
        if draw(st.integers(0, 19)) == 0
        else method,
        path,
        draw(st.dictionaries(QUERY_NAMES, ODD, max_size=3)),
        form,
        draw(st.dictionaries(HEADER_NAMES, PLAIN, max_size=1)),
    )


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_requests_of_any_shape_break_nothing(clinic: Clinic, app: Starlette, role: str) -> None:
    loop = asyncio.new_event_loop()
    visitor, forms = Visitor(app, clinic, role), Forms(SECRET)
    statuses: list[int] = []

    async def send(shape: Shape) -> None:
        form = {**shape.form, "csrf": forms.token(visitor.token)}
        answer = await visitor.http.request(
            shape.method,
            f"{shape.path}?{_encoded(shape.query)}",
            content=_encoded(form),
            headers={"Content-Type": FORM, **shape.headers},
        )
        told = f"{role} {shape.method} {shape.path}"
        assert answer.status_code < 500, told
        assert "content-security-policy" in answer.headers, told
        if role not in CLINICAL:
            assert PATIENTS_WORDS not in answer.text, told
        statuses.append(answer.status_code)

    @seed(20261125)
    @settings(
        max_examples=REQUESTS_OF_EACH // IN_A_ROW,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(shapes(clinic), min_size=IN_A_ROW, max_size=IN_A_ROW))
    def play(in_a_row: list[Shape]) -> None:
        visitor.begin()
        for shape in in_a_row:
            loop.run_until_complete(send(shape))

    play()
    loop.run_until_complete(visitor.http.aclose())
    loop.close()
    assert len(statuses) >= REQUESTS_OF_EACH
    if role in CLINICAL:
        # Not only refusals: pages were shown, and steps were taken.
        assert {200, 303, 404, 422} <= set(statuses)
    assert clinic.store.check_audit().intact


def _waiting(clinic: Clinic) -> list[str]:
    """Invitations that may be withdrawn, a chat that is none, and nothing."""
    chat = clinic.store.case(clinic.episodes["well"]).conversation.id
    return [*(one.conversation for one in clinic.store.waiting_invitations(limit=5)), chat, "none"]


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _encoded(fields: dict[str, str]) -> str:
    return urlencode(fields, errors="surrogatepass")
