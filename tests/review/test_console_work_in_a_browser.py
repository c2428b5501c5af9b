"""A clinician's work from the sign-in to the signature in a real browser, every page of it free of axe's findings.

With `BACKPLAN_PICTURES=FOLDER` each page is kept there as a picture; `make guide-pictures` does that for the guide.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, async_playwright

from bot.channels.web import chat_app
from bot.dialogue.conversations import Conversations
from bot.review.console import SecondFactors, SessionRules, clinician_link, console_app
from bot.review.invitations import ChatAddresses
from bot.store import Database, Store
from tests.channels.serving import serving
from tests.review import patients
from tests.review.authenticator import Authenticator
from tests.review.browser import PASSWORD, QUICK
from tests.review.cases import STARTED
from tests.review.desk import Echo, play, sorry
from tests.review.fakes import FakeClock
from tests.review.test_console_in_a_browser import CALM, QUIET, chromium

AXE = Path(__file__).parents[2] / "bot" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
FINDINGS = """async (source) => {
  if (!window.axe) new Function(source)();
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}`));
}"""
PICTURES = os.environ.get("BACKPLAN_PICTURES")


class Screen:
    """The page, looked over at each step. `findings` are those of axe, by the name of the step."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.findings: dict[str, list[str]] = {}

    async def look(self, name: str) -> None:
        source = AXE.read_text(encoding="utf-8")
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme)
            self.findings[f"{name}, {scheme}"] = await self.page.evaluate(FINDINGS, source)
        wide = await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        self.findings[f"{name}, width"] = ["scrolls to the side"] if wide else []
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")
            await self.page.screenshot(path=Path(PICTURES) / f"{name}-whole.png", full_page=True)

    async def look_on_paper(self, name: str) -> None:
        """As the page is printed; only a picture, for whoever reads the guide."""
        if PICTURES:
            await self.page.emulate_media(media="print")
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
            await self.page.emulate_media(media="screen")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def heading(self, words: str) -> None:
        await self.page.get_by_role("heading", name=words, exact=True).first.wait_for()


@pytest.fixture
async def screen() -> AsyncIterator[Screen]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=CALM + QUIET)
        # The page's own policy would refuse axe; what the policy refuses is tried elsewhere.
        context = await browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        context.set_default_timeout(30_000)
        yield Screen(await context.new_page())
        await browser.close()


async def test_from_the_one_time_link_to_a_signed_plan_that_the_patient_reads(
    kept_desk: Path, tmp_path: Path, screen: Screen
) -> None:
    file = tmp_path / "desk.db"
    shutil.copyfile(kept_desk, file)
    clock = FakeClock(STARTED)
    store = Store(Database(f"sqlite:///{file}"), clock=clock)
    _, _, earlier = play(store, patients.acute_uncomplicated())
    clock.pass_(timedelta(hours=1))
    token, _, episode = play(store, patients.on_a_blood_thinner())
    clock.pass_(timedelta(hours=3))
    app = console_app(
        store,
        clock,
        secret=b"a secret of these tests, 32 bytes",
        passwords=QUICK,
        second_factors=SecondFactors(b"a key of these tests, 32 bytes..", clock),
        rules=SessionRules(idle=timedelta(hours=12)),
        chat=ChatAddresses("https://chat.clinic.example", bot_name=lambda: "clinic_back_bot"),
    )
    page = screen.page
    async with serving(app) as url:
        # A password by the one-time link, and the second step.
        await page.goto(clinician_link(store, url, clock(), "dr.rossi", "lead"))
        await screen.look("01-password")
        await page.get_by_label("New password").fill(PASSWORD)
        await page.get_by_label("The same password again").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await screen.heading("Set up the second step")
        await screen.look("02-second-step")
        phone = Authenticator((await page.locator("#key").inner_text()).replace(" ", ""), clock)
        await page.get_by_label("Code of six digits").fill(phone.code())
        await screen.press("Confirm")
        await screen.heading("Recovery codes")
        await screen.look("03-recovery-codes")
        await page.get_by_role("link", name="I have kept them").click()
        await screen.heading("Episodes by urgency")
        await screen.press("Sign out")
        # Signing in as on any other day.
        clock.pass_(timedelta(minutes=5))
        await screen.heading("Sign in")
        await screen.look("04-sign-in")
        await page.get_by_label("Name").fill("dr.rossi")
        await page.get_by_label("Password").fill(PASSWORD)
        await screen.press("Sign in")
        await screen.heading("Second step")
        await screen.look("05-code")
        await page.get_by_label("Code").fill(phone.code())
        await screen.press("Sign in")
        await screen.heading("Episodes by urgency")
        await screen.look("06-queue")
        # The top flag, by the keyboard.
        await page.locator("body").press("ArrowDown")
        assert await page.evaluate("document.activeElement.id") == f"case-{episode}"
        await page.keyboard.press("Enter")
        await screen.heading("Danger signs")
        await screen.look("07-case")
        # What a decision needs, and the decision, are on three screens; the rest is folded and still there.
        sign = await page.get_by_role("button", name="Approve and sign").bounding_box()
        assert sign is not None
        assert sign["y"] + sign["height"] < 3 * 900
        await page.get_by_text("Every option with its rules").click()
        await page.get_by_text("Additive bleeding risk.").last.wait_for(state="visible")
        await page.get_by_text("Every option with its rules").click()
        await page.get_by_role("link", name="Decide").click()
        await screen.look("07-decision")
        await screen.press("Acknowledge the flag Medicine conflict")
        await page.get_by_text("The flag is acknowledged.").wait_for()
        # An option is changed against a rule.
        await page.get_by_role("link", name="Change options").click()
        await screen.heading("Change options")
        await screen.look("08-options")
        await page.locator("#status-PM_NSAID_ORAL").select_option("recommend")
        await screen.press("Check the changes")
        await page.get_by_text("1 of 1 change goes against the rules").wait_for()
        assert await page.get_by_text("N04").count()
        await screen.look("09-against-a-rule")
        await page.locator("[name='why.PM_NSAID_ORAL']").fill("Cardiology agrees; five days, with a PPI.")
        await screen.press("Sign the changed plan")
        await page.get_by_text("The changed plan is signed.").wait_for()
        await screen.look("10-signed")
        # The other pages.
        for place in ("audit", "accounts", "account"):
            await page.goto(f"{url}/{place}")
            await screen.look(f"11-{place}")
        await page.goto(f"{url}/episodes/none")
        await screen.look("12-no-such-episode")
        # A patient is invited; the link and its pictures are shown once.
        await page.goto(f"{url}/invitations")
        await screen.look("13-no-invitation")
        await page.get_by_label("Your reference").fill("MRN 0042")
        await screen.press("Make a one-time link")
        await screen.heading("Invitation for MRN 0042")
        await screen.look("14-invitation")
        await screen.look_on_paper("14-invitation-on-paper")
        await page.get_by_role("link", name="Back to the invitations").click()
        await screen.heading("Not used yet")
        await screen.look("15-invitations")
        await page.get_by_role("button", name="Withdraw").click()
        await page.get_by_text("The invitation is withdrawn.").wait_for()
        # Two cases are linked to one reference, and set side by side.
        for one in (earlier, episode):
            await page.goto(f"{url}/episodes/{one}")
            await page.get_by_label("Your clinic’s reference").fill("MRN 0042")
            await screen.press("Link")
            await page.get_by_text("The case stands under your reference.").wait_for()
        await screen.look("16-same-person")
        await page.get_by_role("link", name="Side by side").click()
        await screen.heading("Two cases of one person")
        await screen.look("17-side-by-side")
        # A lead makes a one-time link for an auditor, who reads the audit log and nothing else.
        await page.goto(f"{url}/accounts")
        await page.get_by_label("Name", exact=True).fill("ms.okoye")
        await page.get_by_label("Role", exact=True).select_option("auditor")
        await screen.press("Make a one-time link")
        await page.get_by_text("It works once").wait_for()
        await screen.look("18-one-time-link")
        link = await page.locator("code.key").inner_text()
        await screen.press("Sign out")
        await page.goto(link)
        await page.get_by_label("New password").fill(PASSWORD)
        await page.get_by_label("The same password again").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await screen.heading("Set up the second step")
        key = (await page.locator("#key").inner_text()).replace(" ", "")
        await page.get_by_label("Code of six digits").fill(Authenticator(key, clock).code())
        await screen.press("Confirm")
        await page.get_by_role("link", name="I have kept them").click()
        await screen.heading("Audit log")
        assert await page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["Audit log"]
        await screen.look("19-auditor")
        await page.goto(f"{url}/episodes/{episode}/beside/{earlier}")
        await screen.heading("Not for this account")
        await screen.look("20-not-for-an-auditor")
    signed = store.case(episode)
    assert (signed.episode.status, signed.plans[-1].version, signed.plans[-1].status) == (
        "reviewed",
        2,
        "reviewed",
    )
    assert any("dr.rossi" in text for text in await heard(store, token))
    assert {name: found for name, found in screen.findings.items() if found} == {}
    store.close()


async def heard(store: Store, token: str) -> list[str]:
    """What the patient reads in the web chat."""
    app = chat_app(Conversations(store, Echo(), apologise=sorry))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080"
    ) as chat:
        answer = await chat.get("/chat/messages?after=0", headers={"Authorization": f"Bearer {token}"})
        return [one["text"] for one in answer.json()["messages"] if one["from"] == "bot"]
