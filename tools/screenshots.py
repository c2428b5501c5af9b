"""Pictures of the chat's main states, phone and desktop, light and dark: `python -m tools.screenshots`.

Arguments: a folder (default var/screenshots), then names or beginnings of names, such as `plan` or `plan-phone-light`.
A real server with the trained model, a real conversation up to each state, a real Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.dialogue import training
from tests.browser.conftest import ARGUMENTS, chromium
from tests.chat_server import ROOT, ChatServer
from tests.dialogue.answers import ACUTE_UNCOMPLICATED, ON_A_BLOOD_THINNER
from tests.dialogue.patient import Answers, Patient

SCREENS = {"phone": (390, 844), "desktop": (1180, 820)}
SCHEMES = ("light", "dark")


def _leave(_page: Page) -> None:
    """The state needs nothing more than to be there."""


@dataclass(frozen=True)
class State:
    """One state of the chat: answers up to the question `until`, then words, then something done in the page."""

    name: str
    until: str | None = None
    says: str | None = None
    answers: Answers | None = None
    do: Callable[[Page], None] = _leave


def _tick_the_body(page: Page) -> None:
    for label in ("Lower back", "Buttock"):
        page.get_by_role("checkbox", name=label, exact=True).check()
    page.locator(".map").evaluate(
        "map => map.closest('#frame').scrollTop = map.closest('#answers').offsetTop - 160"
    )


def _to_the_plan(page: Page) -> None:
    page.locator("li.plan").first.evaluate(
        "plan => { const frame = plan.closest('#frame'); frame.scrollTop = plan.offsetTop - 90; }"
    )


def _to_what_was_left_out(page: Page) -> None:
    folds = page.locator("li.plan details")
    folds.first.locator("summary").click()
    folds.first.evaluate("fold => fold.scrollIntoView({ block: 'center' })")


def _offline(page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="No", exact=True).first.click()
    page.get_by_text("Waiting to be sent").wait_for()


def _options(page: Page) -> None:
    page.get_by_role("button", name="Chat options").click()
    page.get_by_role("button", name="Continue on another device").wait_for()


def _device(page: Page) -> None:
    _options(page)
    page.get_by_role("button", name="Continue on another device").click()
    page.get_by_role("img", name="The link as a picture for a camera").wait_for()


STATES = (
    State("hello", until="consent"),
    State("choice", until="saddle_numbness"),
    State("body-map", until="pain_site", do=_tick_the_body),
    State("duration", until="duration_weeks"),
    State("scale", until="pain_avg"),
    State("read-back", until="read_back"),
    State("plan", answers=ACUTE_UNCOMPLICATED, do=_to_the_plan),
    State("left-out", answers=ON_A_BLOOD_THINNER, do=_to_what_was_left_out),
    State("safety", until="duration_weeks", says="my bum went numb since this morning and i cant pee"),
    State("offline", until="saddle_numbness", do=_offline),
    State("options", until="saddle_numbness", do=_options),
    State("device", until="saddle_numbness", do=_device),
)


def reach(state: State, url: str) -> Patient:
    """A conversation in that state."""
    patient = Patient(url)
    patient.answer_all(state.answers or ACUTE_UNCOMPLICATED, until=state.until, limit=70)
    if state.says:
        patient.say(state.says)
    return patient


def shoot(browser: Browser, url: str, state: State, token: str, folder: Path, wanted: set[str]) -> None:
    """The state on every screen and in every scheme, as `STATE-SCREEN-SCHEME.png`."""
    for screen, (width, height) in SCREENS.items():
        for scheme in SCHEMES:
            name = f"{state.name}-{screen}-{scheme}"
            if wanted and not any(name.startswith(each) for each in wanted):
                continue
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=2 if screen == "phone" else 1,
                locale="en-GB",
                timezone_id="Europe/London",
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.add_init_script(f"localStorage.setItem('backplan.chat', '{token}')")
            page.goto(url)
            page.locator("li.bubble").first.wait_for()
            page.wait_for_timeout(300)
            state.do(page)
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
            print(name, file=sys.stderr)


def main(folder: Path, wanted: set[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    models = ROOT / "var" / "models"
    training.train(models, ROOT, progress=lambda line: print(line, file=sys.stderr))
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = ChatServer(Path(home), models, {"BACKPLAN_COUNTRY": "GB"}).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            for state in STATES:
                if not wanted or any(name.startswith(state.name) for name in wanted):
                    patient = reach(state, server.url)
                    shoot(browser, server.url, state, patient.token, folder, wanted)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var" / "screenshots"), set(sys.argv[2:]))
