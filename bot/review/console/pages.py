"""The console's pages: a template, its values and a status as one answer."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response

from bot.review.console.roles import places
from bot.review.rendering import environment
from bot.store.records import Clinician


def page(template: str, status_code: int = 200, **values: object) -> HTMLResponse:
    """A rendered page. `clinician` and `csrf` are there when somebody is signed in."""
    values.setdefault("clinician", None)
    values.setdefault("csrf", "")
    clinician = values["clinician"]
    values["places"] = places(clinician) if isinstance(clinician, Clinician) else ()
    return HTMLResponse(environment().get_template(template).render(**values), status_code)


def problem(status_code: int, title: str, detail: str) -> Response:
    """A page that says what went wrong and what to do."""
    return page("problem.html", status_code, title=title, detail=detail)
