"""A browser for the console: keeps cookies, follows links, and fills in the form of the page it is on."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
from argon2 import PasswordHasher
from starlette.types import ASGIApp

from bot.review.console.passwords import Passwords

HOME = "http://127.0.0.1:8081"
PASSWORD = "correct horse battery staple"
#: The real hashing with next to no work in it.
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Browser:
    """Shows one page at a time; redirects are followed as a browser does."""

    def __init__(self, app: ASGIApp, address: str = "127.0.0.1", home: str = HOME) -> None:
        transport = httpx.ASGITransport(app, client=(address, 50000))
        self.http = httpx.AsyncClient(transport=transport, base_url=home)
        self.page: httpx.Response | None = None

    async def open(self, address: str, **headers: str) -> httpx.Response:
        self.page = await self.http.get(address, headers=_named(headers), follow_redirects=True)
        return self.page

    async def submit(self, action: str, **fields: str) -> httpx.Response:
        """Send the form of the page with its hidden fields, these filled in; redirects are followed."""
        assert self.page is not None
        forms = FormReader.of(self.page.text)
        hidden = next((form.hidden for form in forms if form.action in {action, None}), {})
        self.page = await self.http.post(action, data={**hidden, **fields}, follow_redirects=True)
        return self.page

    async def set_up(self, link: str, password: str = PASSWORD) -> httpx.Response:
        """Choose a password by a one-time link."""
        path = link.removeprefix(HOME)
        await self.open(path)
        return await self.submit(path, password=password, again=password)

    async def sign_in(self, name: str = "clinician", password: str = PASSWORD) -> httpx.Response:
        await self.open("/signin")
        return await self.submit("/signin", name=name, password=password)

    @property
    def title(self) -> str:
        """The words of the page's one heading of the first level."""
        assert self.page is not None
        return self.page.text.partition("<h1>")[2].partition("</h1>")[0]


class FormReader(HTMLParser):
    """The forms of a page, each with its action and hidden fields."""

    def __init__(self, action: str | None) -> None:
        super().__init__()
        self.action = action
        self.hidden: dict[str, str] = {}
        self.forms: list[FormReader] = []

    @classmethod
    def of(cls, page: str) -> list[FormReader]:
        reader = cls(None)
        reader.feed(page)
        return reader.forms

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.forms.append(FormReader(values.get("action")))
        if tag == "input" and values.get("type") == "hidden" and self.forms:
            self.forms[-1].hidden[values["name"] or ""] = values.get("value") or ""


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
