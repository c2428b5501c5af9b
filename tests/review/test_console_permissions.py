"""Who may do what at every address of the console, and that every write needs its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.review.console import SecondFactors, console_app
from bot.review.console.roles import MAY
from bot.store.records import ROLES, Stage
from tests.review.browser import HOME, QUICK
from tests.review.clinics import Clinic, KeptClinic, on_sqlite

SECRET = b"a secret of these tests, 32 bytes"
KEY = b"a key of these tests, 32 bytes.."
_DAY = timedelta(hours=24)
ANYBODY, NOBODY = "anybody", "nobody"
EVERYONE = frozenset(ROLES)
CLINICAL = frozenset({"clinician", "lead"})

#: (method, path) -> the roles that may; ANYBODY is open without signing in. Every address must be here.
MATRIX: Mapping[tuple[str, str], frozenset[str] | str] = {
    ("GET", "/healthz"): ANYBODY,
    ("GET", "/static/{name}"): ANYBODY,
    ("GET", "/setup/{token}"): ANYBODY,
    ("POST", "/setup/{token}"): ANYBODY,
    ("GET", "/signin"): ANYBODY,
    ("POST", "/signin"): ANYBODY,
    ("GET", "/signin/code"): ANYBODY,
    ("POST", "/signin/code"): ANYBODY,
    ("GET", "/signin/enrol"): ANYBODY,
    ("POST", "/signin/enrol"): ANYBODY,
    ("POST", "/signout"): EVERYONE,
    ("POST", "/signout/everywhere"): EVERYONE,
    ("GET", "/account"): EVERYONE,
    ("POST", "/account/recovery"): EVERYONE,
    ("GET", "/accounts"): frozenset({"lead"}),
    ("POST", "/accounts"): frozenset({"lead"}),
    ("POST", "/accounts/{account}"): frozenset({"lead"}),
    ("GET", "/audit"): frozenset({"lead", "auditor"}),
    ("GET", "/"): CLINICAL,
    ("GET", "/invitations"): CLINICAL,
    ("POST", "/invitations"): CLINICAL,
    ("POST", "/invitations/{conversation}/withdraw"): CLINICAL,
    ("GET", "/queue/state"): CLINICAL,
    ("GET", "/episodes.csv"): CLINICAL,
    ("GET", "/episodes/{episode}.json"): CLINICAL,
    ("GET", "/episodes/{episode}.{form:str}"): CLINICAL,
    ("GET", "/episodes/{episode}"): CLINICAL,
    ("GET", "/episodes/{episode}/beside/{other}"): CLINICAL,
    ("POST", "/episodes/{episode}/reference"): CLINICAL,
    ("POST", "/episodes/{episode}/decision"): CLINICAL,
    ("GET", "/episodes/{episode}/options"): CLINICAL,
    ("POST", "/episodes/{episode}/options"): CLINICAL,
    ("POST", "/episodes/{episode}/tell"): CLINICAL,
    ("POST", "/episodes/{episode}/notes"): CLINICAL,
    ("POST", "/episodes/{episode}/flags/{flag}"): CLINICAL,
}
PATIENTS_WORDS = "cant really feel when i wipe"


class Visitor:
    """Sends single requests to the console in one role, without a browser's habits."""

    def __init__(self, app: Starlette, clinic: Clinic, role: str) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME)
        self.store = clinic.store
        self.role = role
        self.token = ""
        if role != NOBODY:
            token = self.store.issue_setup_token(f"a {role}", role=role)
            self.account = self.store.set_password(token, QUICK.hash("x" * 12)).id
            self.begin()

    def begin(self) -> None:
        """Sign in anew; what signed this visitor out before does not matter."""
        if self.role != NOBODY:
            self.token = self.store.open_clinician_session(self.account, _DAY, Stage.FULL)
            self.http.cookies.clear()
            self.http.cookies.set("backplan_session", self.token)

    async def send(self, method: str, path: str, **fields: str) -> httpx.Response:
        return await self.http.request(method, path, data=fields or None)


def routes_of(app: Starlette) -> list[tuple[str, str]]:
    """Every method and path; HEAD goes with GET."""
    return [
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
        if method != "HEAD"
    ]


def address(path: str, clinic: Clinic) -> str:
    """The path with its parts filled in for what exists; an emergency has no plan whose options could change."""
    for part, value in {
        "{episode}": clinic.episodes["well" if path.endswith("/options") else "numb"],
        "{form:str}": "html",
        "{flag}": "no-such-flag",
        "{account}": "no-such-account",
        "{token}": "no-such-token",
        "{name}": "style.css",
        "{conversation}": "no-such-invitation",
        "{other}": clinic.episodes["well"],
    }.items():
        path = path.replace(part, value)
    return path


@pytest.fixture
def clinic(kept_clinic: KeptClinic, tmp_path: Path) -> Iterator[Clinic]:
    made = on_sqlite(kept_clinic, tmp_path)
    for name in ("well", "numb"):
        made.store.link_reference(made.episodes[name], "A 17")
    yield made
    made.close()


@pytest.fixture
def app(clinic: Clinic) -> Starlette:
    return console_app(
        clinic.store,
        clinic.clock,
        SECRET,
        passwords=QUICK,
        second_factors=SecondFactors(KEY, clinic.clock),
    )


def test_every_address_is_in_the_matrix_and_every_line_of_it_is_an_address(app: Starlette) -> None:
    assert sorted(routes_of(app)) == sorted(MATRIX)


def test_every_role_is_known_to_the_console() -> None:
    assert set(MAY) == EVERYONE


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
async def test_each_role_gets_exactly_what_the_matrix_says(clinic: Clinic, app: Starlette, role: str) -> None:
    for (method, path), allowed in MATRIX.items():
        visitor = Visitor(app, clinic, role)
        answer = await visitor.send(method, address(path, clinic))
        told = f"{role} {method} {path}: {answer.status_code}"
        home_of_an_auditor = path == "/" and role == "auditor"
        if allowed == ANYBODY:
            home_again = path == "/signin" and answer.status_code == 303 and role != NOBODY
            assert home_again or answer.headers.get("location", "") in {"", "/signin"}, told
        elif role == NOBODY:
            to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/signin")
            assert to_sign_in or answer.status_code == 401, told
        elif home_of_an_auditor:
            assert (answer.status_code, answer.headers["location"]) == (303, "/audit"), told
        elif role not in allowed:
            assert answer.status_code == 403, told
            assert "Not for this account" in answer.text, told
        elif method == "POST":
            # Past the gate, and stopped by the missing form.
            assert answer.status_code == 415, told
        else:
            assert answer.status_code == 200, told
        if role not in CLINICAL:
            assert PATIENTS_WORDS not in answer.text, told
        elif (method, path) == ("GET", "/episodes/{episode}"):
            assert PATIENTS_WORDS in answer.text, told
        await visitor.http.aclose()


@pytest.mark.parametrize("role", ROLES)
async def test_every_write_of_every_role_needs_the_token_of_its_own_page(
    clinic: Clinic, app: Starlette, role: str
) -> None:
    before = len(clinic.audit())
    for method, path in MATRIX:
        if method != "POST" or path == "/setup/{token}":
            continue
        visitor = Visitor(app, clinic, role)
        for csrf in ("", "forged", "x" * 43):
            answer = await visitor.send(method, address(path, clinic), csrf=csrf, decision="accept")
            half_signed_in_only = path in {"/signin/code", "/signin/enrol"} and answer.status_code == 303
            assert answer.status_code == 403 or half_signed_in_only, f"{role} {path}"
        # From another site, with whatever token.
        answer = await visitor.http.post(
            address(path, clinic), data={"csrf": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code in {403, 303}, f"{role} {path}"
        await visitor.http.aclose()
    done = {action for _, action, _ in clinic.audit()[before:]}
    assert done <= {"refused page"}
