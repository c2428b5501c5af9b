"""The console in a real browser: its own policy, cookies and origins, a small screen, no mouse."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from starlette.applications import Starlette

from bot.review.console import first_clinician_link
from bot.review.summary_html import export_html
from bot.store.case_codes import case_code
from tests.channels.serving import serving
from tests.review import patients
from tests.review.browser import PASSWORD
from tests.review.clinics import Clinic

CALM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET = ["--disable-background-networking", "--disable-component-update"]
#: the words of folded parts that are not to be seen now; links to messages are of no use on paper
FOLDED = """() => [...document.querySelectorAll("details *:not(.said a)")]
  .filter((one) => one.textContent.trim() && !one.checkVisibility({contentVisibilityAuto: true}))
  .map((one) => one.textContent)"""
ROOT = Path(__file__).parents[2]


def chromium() -> str:
    """Where tools/browser.sh looks for it, or puts it."""
    installed = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    return next((path for path in installed if path), str(ROOT / ".tools" / "chromium" / "chromium"))


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of 320 CSS pixels, which is a wide one zoomed to 400 %; it fails on any refused resource."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=CALM + QUIET)
        page = await browser.new_page(viewport={"width": 320, "height": 640})
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if "Policy" in message.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        yield page
        assert refused == []
        await browser.close()


async def fits(page: Page) -> bool:
    """Whether the page needs no scrolling to the side."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def test_a_clinician_sets_a_password_signs_in_and_reads_with_the_keyboard_alone(
    clinic: Clinic, app: Starlette, page: Page
) -> None:
    async with serving(app) as url:
        await page.goto(first_clinician_link(clinic.store, url, clinic.clock()) or "")
        assert await fits(page)
        for _ in range(2):
            await page.keyboard.press("Tab")  # past the skip link, to the name
        for _ in range(2):
            await page.keyboard.press("Tab")
            await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_text("Your password is set").wait_for()
        assert await page.get_by_label("Name").input_value() == "clinician"
        assert await fits(page)
        await page.get_by_label("Password").focus()
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Episodes by urgency").wait_for()
        assert await fits(page)
        await page.get_by_role("link", name=case_code(clinic.episodes["numb"])).focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Danger signs").wait_for()
        assert await fits(page)
        # Styles did arrive under the policy: the box of an emergency has the emergency's border.
        border = await page.locator(".box.danger").evaluate("box => getComputedStyle(box).borderLeftColor")
        assert border == "rgb(125, 18, 8)"
        await page.get_by_role("button", name="Sign out").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Sign in").wait_for()


async def test_a_link_to_a_message_opens_the_transcript_at_it(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "summary.html"
    file.write_text(export_html(patients.cauda_equina().build()), encoding="utf-8")
    await page.goto(file.as_uri())
    assert await fits(page)
    assert not await page.locator("#message-3").is_visible()
    await page.get_by_role("link", name="message 3").first.click()
    await page.locator("#message-3").wait_for(state="visible")


async def test_on_paper_nothing_stays_folded(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "summary.html"
    file.write_text(export_html(patients.on_a_blood_thinner().build()), encoding="utf-8")
    await page.emulate_media(media="print", color_scheme="dark")
    await page.goto(file.as_uri())
    await page.locator("#message-1").wait_for(state="visible")
    assert await page.locator("details").count() >= 6
    assert await page.evaluate(FOLDED) == []
    await page.emulate_media(media="screen")
    assert await page.evaluate(FOLDED) != []
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
