"""The console as an application: its addresses, and what stands around them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clinical.rulebook import default_rulebook
from bot.review.console import pages
from bot.review.console.access import Gate, SessionRules
from bot.review.console.account import OwnAccount
from bot.review.console.accounts import Accounts
from bot.review.console.auditing import Auditing
from bot.review.console.deciding import Deciding
from bot.review.console.errors import PLAIN, PageError
from bot.review.console.exporting import Exporting
from bot.review.console.forms import Forms
from bot.review.console.guard import LOOPBACK, Guard
from bot.review.console.interface import ConsoleStore
from bot.review.console.inviting import Inviting
from bot.review.console.linking import Linking
from bot.review.console.lockout import Lockout
from bot.review.console.passwords import Passwords
from bot.review.console.reading import Reading
from bot.review.console.roles import Permission
from bot.review.console.second_factor import SecondFactors
from bot.review.console.second_step import SecondStep
from bot.review.console.signing_in import SigningIn
from bot.review.invitations import ChatAddresses
from bot.review.rendering import page_file

OWN, CASES = Permission.OWN_ACCOUNT, Permission.CASES
AUDIT, ACCOUNTS = Permission.AUDIT, Permission.ACCOUNTS

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "queue.js": "text/javascript; charset=utf-8",
}


def console_app(
    store: ConsoleStore,
    clock: Callable[[], datetime],
    secret: bytes | None = None,
    allowed_hosts: Collection[str] = LOOPBACK,
    passwords: Passwords | None = None,
    second_factors: SecondFactors | None = None,
    rules: SessionRules = SessionRules(),  # noqa: B008 - a frozen value
    chat: ChatAddresses = ChatAddresses(),  # noqa: B008 - a frozen value
) -> Starlette:
    """The clinician console.

    `secret` signs forms; without one it is made up, so that forms opened before a restart are refused.
    `allowed_hosts` are the names under which the console answers, without port. `passwords` may do less
    work in tests. Without `second_factors` a password alone opens an account. `chat` is where
    invitations lead.
    """
    forms = Forms(secret or secrets.token_bytes(32))
    gate, lockout = Gate(store, rules), Lockout(store)
    signing_in = SigningIn(
        store,
        forms,
        passwords or Passwords(),
        gate,
        lockout,
        second_factor=second_factors is not None,
    )
    second = SecondStep(store, forms, gate, lockout, second_factors) if second_factors else None
    own = OwnAccount(store, forms, lockout, second)
    accounts = Accounts(store, clock, forms)
    auditing = Auditing(store, clock, forms)
    reading = Reading(store, clock, forms, default_rulebook())
    exporting = Exporting(store, default_rulebook())
    linking = Linking(store, forms, default_rulebook())
    inviting = Inviting(store, clock, forms, chat)
    deciding = Deciding(store, clock, forms, default_rulebook())
    return Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            Route("/static/{name}", static, methods=["GET"]),
            Route("/setup/{token}", signing_in.setup, methods=["GET", "POST"]),
            Route("/signin", signing_in.sign_in, methods=["GET", "POST"]),
            *(_second_steps(second) if second else ()),
            Route("/signout", gate(OWN, signing_in.sign_out), methods=["POST"]),
            Route("/signout/everywhere", gate(OWN, signing_in.sign_out_everywhere), methods=["POST"]),
            Route("/account", gate(OWN, own.account), methods=["GET"]),
            Route("/account/recovery", gate(OWN, own.recovery), methods=["POST"]),
            Route("/accounts", gate(ACCOUNTS, accounts.accounts), methods=["GET", "POST"]),
            Route("/accounts/{account}", gate(ACCOUNTS, accounts.account), methods=["POST"]),
            Route("/audit", gate(AUDIT, auditing.audit), methods=["GET"]),
            Route("/", gate(CASES, reading.episodes), methods=["GET"]),
            Route("/invitations", gate(CASES, inviting.invitations), methods=["GET", "POST"]),
            Route("/invitations/{conversation}/withdraw", gate(CASES, inviting.withdraw), methods=["POST"]),
            Route("/queue/state", gate(CASES, reading.queue_state, as_json=True), methods=["GET"]),
            Route("/episodes.csv", gate(CASES, exporting.cohort), methods=["GET"]),
            Route(
                "/episodes/{episode}.json", gate(CASES, reading.episode_json, as_json=True), methods=["GET"]
            ),
            Route("/episodes/{episode}.{form:str}", gate(CASES, exporting.one), methods=["GET"]),
            Route("/episodes/{episode}", gate(CASES, reading.episode), methods=["GET"]),
            Route("/episodes/{episode}/beside/{other}", gate(CASES, linking.beside), methods=["GET"]),
            Route("/episodes/{episode}/reference", gate(CASES, linking.reference), methods=["POST"]),
            Route("/episodes/{episode}/decision", gate(CASES, deciding.decide), methods=["POST"]),
            Route("/episodes/{episode}/options", gate(CASES, deciding.options), methods=["GET", "POST"]),
            Route("/episodes/{episode}/tell", gate(CASES, deciding.tell), methods=["POST"]),
            Route("/episodes/{episode}/notes", gate(CASES, deciding.note), methods=["POST"]),
            Route("/episodes/{episode}/flags/{flag}", gate(CASES, deciding.flag), methods=["POST"]),
        ],
        middleware=[Middleware(Guard, allowed_hosts=allowed_hosts)],
        exception_handlers={HTTPException: refused},
    )


def _second_steps(second: SecondStep) -> tuple[Route, ...]:
    return (
        Route("/signin/code", second.code, methods=["GET", "POST"]),
        Route("/signin/enrol", second.enrol, methods=["GET", "POST"]),
    )


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "alive"})


async def static(request: Request) -> Response:
    """The stylesheet, the script and the icon; the same for everyone, so a browser may keep them."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise HTTPException(404)
    content = page_file(name)
    headers = {
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"',
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_STATIC[name], headers=headers)


async def refused(_request: Request, error: Exception) -> Response:
    """A page for an address that is not there, or a request that cannot be met."""
    if not isinstance(error, HTTPException):
        raise error
    title, detail = PLAIN.get(error.status_code, PLAIN[400])
    if isinstance(error, PageError):
        title, detail = error.title, error.detail
    response = pages.problem(error.status_code, title, detail)
    response.headers.update(error.headers or {})
    return response
