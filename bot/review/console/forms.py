"""Forms: reading a small one, and making sure that it came from our own page in the same browser."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from starlette.requests import Request
from starlette.responses import Response

from bot.review.console.errors import PageError

LARGEST_FORM = 8 * 1024
_FIELDS = 10
SESSION, VISITOR = "backplan_session", "backplan_visitor"
CSRF = "csrf"


class Forms:
    """Issues and checks form tokens. A token is bound to a secret cookie, so no other site can make one."""

    def __init__(self, secret: bytes) -> None:
        self._forms = _signer(secret, "form")
        self._names = _signer(secret, "name")

    def token(self, binding: str) -> str:
        """The token for whoever holds this cookie."""
        return self._forms.get_signature(binding).decode()

    async def read(
        self, request: Request, most_fields: int = _FIELDS, largest: int = LARGEST_FORM
    ) -> Mapping[str, str]:
        """The fields of a posted form that our own page sent. Raises PageError for any other.

        `largest` is the size of the body in bytes.
        """
        _require_same_origin(request)
        fields = await _fields(request, most_fields, largest)
        binding = cookie(request, SESSION) or cookie(request, VISITOR)
        if binding is None or not self._forms.verify_signature(binding, fields.get(CSRF, "")):
            raise PageError(
                403,
                "This page is too old",
                "It was open for too long, or the browser keeps no cookies. Please go back and try again.",
            )
        return fields

    def signed(self, name: str) -> str:
        """A name that may travel in an address, so that a page only repeats names it was given by us."""
        return base64_encode(self._names.sign(name)).decode()

    def unsigned(self, text: str) -> str | None:
        """The name of `signed`, or None when it is not ours."""
        try:
            return self._names.unsign(base64_decode(text)).decode()
        except (BadSignature, UnicodeDecodeError):
            return None


def new_binding() -> str:
    """The content of a visitor's cookie, before anyone has signed in."""
    return secrets.token_urlsafe(32)


def cookie(request: Request, name: str) -> str | None:
    """The cookie as `set_cookie` names it for this request's scheme."""
    return request.cookies.get(_cookie_name(request, name)) or None


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int | None) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send.

    Over https it has the prefix __Host-, which ties it to this very host; plain http on loopback allows
    no such cookie in every browser.
    """
    response.set_cookie(
        _cookie_name(request, name),
        value,
        max_age=max_age,
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )


def delete_cookie(request: Request, response: Response, name: str) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        _cookie_name(request, name), path="/", secure=_is_https(request), httponly=True, samesite="strict"
    )


def _signer(secret: bytes, use: str) -> Signer:
    return Signer(secret, salt=f"backplan console {use}", key_derivation="hmac", digest_method=hashlib.sha256)


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie_name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_https(request) else name


def _require_same_origin(request: Request) -> None:
    """Refuse a form of another site. Browsers say where it came from, in one header or the other.

    Under our own "no-referrer" an Origin is "null", hence Sec-Fetch-Site first. A client that sends
    neither is no browser; the form token decides.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None:
        allowed = site in {"same-origin", "none"}
    else:
        allowed = origin == "null" or urlsplit(origin).netloc == request.url.netloc
    if not allowed:
        raise PageError(403, "Not from this page", "The form came from another site, so nothing was done.")


async def _fields(request: Request, most_fields: int, largest: int) -> Mapping[str, str]:
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise PageError(415, "Not a form", "Please use the form on the page.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise PageError(413, "Too much text", "The form is too large. Please shorten what you typed.")
    try:
        parsed = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields, errors="strict"
        )
    except ValueError:
        raise PageError(400, "Not readable", "The form could not be read. Please try again.") from None
    return {name: values[0] for name, values in parsed.items()}
