"""Every error a client of the web chat can get, as RFC 9457 problem JSON with words that say what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error answer. `detail` is ours from end to end: it never quotes what the client sent."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        content: dict[str, str | int] = {
            "type": f"urn:backplan:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.field is not None:
            content["field"] = self.field
        return json.dumps(content, ensure_ascii=False).encode("utf-8")

    def response(self) -> Response:
        return Response(self.body(), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def invalid(detail: str, field: str | None = None) -> Problem:
    return Problem(422, "invalid-request", "The request cannot be used", detail, field=field)


def body_too_large(limit: int) -> Problem:
    return Problem(
        413,
        "body-too-large",
        "The request is too large",
        f"A request may have at most {limit // 1024} KiB. Please send a shorter message.",
        headers={"Connection": "close"},
    )


def body_too_slow() -> Problem:
    return Problem(
        408,
        "body-too-slow",
        "The request took too long",
        "The request did not arrive in full. Please send it again.",
        headers={"Connection": "close"},
    )


def not_json() -> Problem:
    return Problem(
        415,
        "not-json",
        "The request must be JSON",
        "Send the body as JSON with the header Content-Type: application/json.",
    )


def token_missing() -> Problem:
    return _unauthorized("token-missing", "Send the header Authorization: Bearer <token>.", "Bearer")


def token_unknown() -> Problem:
    return _unauthorized(
        "token-unknown",
        "This token opens no conversation. Start a new one with POST /chat/sessions.",
        'Bearer error="invalid_token"',
    )


def forbidden(detail: str) -> Problem:
    return Problem(403, "forbidden", "Not for you", detail)


def link_over() -> Problem:
    return Problem(
        410,
        "link-over",
        "This link is over",
        "It has been used, or it is too old. Ask for a new one on the device where the chat is.",
        field="move",
    )


def client_id_reused() -> Problem:
    return Problem(
        409,
        "client-id-reused",
        "This client_id was used before",
        "The client_id belongs to another message of this conversation. Use a new one for each message.",
        field="client_id",
    )


def unknown_choice() -> Problem:
    return Problem(
        422,
        "unknown-choice",
        "This button is not known",
        "A choice was not offered in this conversation. Please use the buttons shown, or type the answer.",
        field="choices",
    )


def too_many(retry_after: float, detail: str) -> Problem:
    return Problem(
        429,
        "too-many-requests",
        "Too many requests",
        detail,
        headers={"Retry-After": str(max(1, round(retry_after + 0.5)))},
    )


def unavailable(detail: str = "Nothing was lost or half saved. Please try again in a moment.") -> Problem:
    return Problem(503, "unavailable", "Not available right now", detail, headers={"Retry-After": "2"})


def unexpected() -> Problem:
    return Problem(
        500,
        "unexpected",
        "Something went wrong on our side",
        "Please send it again in a minute. In an emergency, call your local emergency number.",
    )


async def problem_handler(_request: Request, error: Exception) -> Response:
    """Starlette's handler for our own problems."""
    assert isinstance(error, Problem)
    return error.response()


async def http_exception_handler(_request: Request, error: Exception) -> Response:
    """Starlette's handler for what its router refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    status = error.status_code
    phrase = HTTPStatus(status).phrase
    detail = {
        404: "There is nothing at this address.",
        405: "This address does not take this method; the Allow header lists those it takes.",
    }.get(status, "The request cannot be answered.")
    code = phrase.lower().replace(" ", "-")
    return Problem(status, code, phrase, detail, headers=error.headers).response()


def _unauthorized(code: str, detail: str, challenge: str) -> Problem:
    return Problem(401, code, "A token is needed", detail, headers={"WWW-Authenticate": challenge})
