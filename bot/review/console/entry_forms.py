"""Pages with a form for somebody who is not signed in yet, bound to a cookie made for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.review.console.forms import SESSION, VISITOR, Forms, cookie, new_binding, set_cookie
from bot.review.console.pages import page


def entry_page(
    forms: Forms, request: Request, template: str, status_code: int = 200, **values: object
) -> Response:
    """The page, with a form token for the cookie that the browser has or now gets."""
    binding = cookie(request, SESSION) or cookie(request, VISITOR)
    fresh = new_binding() if binding is None else None
    response = page(template, status_code, csrf=forms.token(binding or fresh or ""), **values)
    if fresh is not None:
        set_cookie(request, response, VISITOR, fresh, None)
    return response
