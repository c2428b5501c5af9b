"""Measures the widgets in one run of one browser: `python -m benchmarks.widget`; prints the table of widget.md."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
from pathlib import Path

from playwright.async_api import Browser, async_playwright
from starlette.applications import Starlette
from starlette.routing import Route

from benchmarks.widget.pages import OTHERS, OURS, PACKAGES, SocketIo, Widget
from bot.channels.web import chat_app
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.scripts import intake_script
from tests.channels.fakes import FakeConversations, Line
from tests.channels.serving import serving

ROUNDS = 9
PATIENCE_SECONDS = 30
#: A cheap phone on a slow mobile network: the processor four times slower, 1.6 Mbit/s, 150 ms there and back.
SLOW_PROCESSOR = 4
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}

#: Looks in every frame for a text box that is shown and takes words, in shadow trees too.
_WATCH = """
(() => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      const box = each.matches(
        "textarea, input[type=text], input:not([type]), [contenteditable]:not([contenteditable=false])");
      if (box && !each.disabled && !each.readOnly && each.getClientRects().length) return true;
      if (each.shadowRoot && find(each.shadowRoot)) return true;
    }
    return false;
  };
  const look = () => {
    if (document.body && find(document)) window.canType = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


async def measure(browser: Browser, url: str, *, slow: bool) -> float:
    """Milliseconds from the start of a first visit until a patient can type."""
    context = await browser.new_context(viewport={"width": 412, "height": 800})
    page = await context.new_page()
    if slow:
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    await page.add_init_script(_WATCH)
    await page.goto(url, wait_until="commit")
    found = await page.wait_for_function("window.canType", timeout=PATIENCE_SECONDS * 1000)
    time = float(await found.json_value())
    await context.close()
    return time


def row(widget: Widget, fast: list[float], slow: list[float]) -> str:
    weight = len(widget.packed) / 1024
    quick, late = statistics.median(fast), statistics.median(slow)
    spread = f"{min(fast):.0f}-{max(fast):.0f}"
    return (
        f"| {widget.name} | {widget.version} | {weight:.1f} KB | {quick:.0f} ms ({spread}) | {late:.0f} ms |"
    )


#: How smoothly a history scrolls: the longest of the frames while the chat is scrolled from end to end.
_SCROLL = """() => new Promise((resolve) => {
  const frame = document.querySelector("backplan-chat").shadowRoot.getElementById("frame");
  const times = [];
  let last = performance.now();
  const step = (now) => {
    times.push(now - last);
    last = now;
    if (frame.scrollTop <= 0) return resolve(times.slice(2));
    frame.scrollTop -= 120;
    requestAnimationFrame(step);
  };
  frame.scrollTop = frame.scrollHeight;
  requestAnimationFrame(step);
})"""


async def scroll(browser: Browser) -> str:
    dialogue = FakeConversations(intake_script)
    async with serving(chat_app(dialogue)) as url:
        page = await browser.new_page(viewport={"width": 412, "height": 800})
        await page.goto(url)
        await page.locator("li.bubble").first.wait_for()
        dialogue.say(
            "conversation-1", *(Line(f"message {n}, with some words about a back") for n in range(298))
        )
        await page.get_by_text("message 297,").wait_for()
        frames = sorted(await page.evaluate(_SCROLL))
        await page.context.close()
    return (
        f"300 messages scrolled from end to end: {len(frames)} frames, median {statistics.median(frames):.1f} ms, "
        f"p99 {frames[int(len(frames) * 0.99)]:.1f} ms, longest {frames[-1]:.1f} ms"
    )


async def run() -> None:
    routes = [route for widget in (OURS, *OTHERS) for route in widget.routes()]
    # Ours talks to its server before it shows a text box, so it has one; the others show theirs before that.
    chat = chat_app(FakeConversations(intake_script))
    chat_calls = [route for route in chat.routes if getattr(route, "path", "").startswith("/chat/")]
    app = Starlette(
        routes=[*routes, *chat_calls, Route("/socket.io/", SocketIo().poll, methods=["GET", "POST"])]
    )
    times: dict[str, tuple[list[float], list[float]]] = {widget.name: ([], []) for widget in (OURS, *OTHERS)}
    async with serving(app) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for _ in range(ROUNDS):
            for widget in (OURS, *OTHERS):
                for slow in (False, True):
                    times[widget.name][slow].append(await measure(browser, f"{url}/{widget.name}", slow=slow))
        print(f"Chromium {browser.version}, {ROUNDS} first visits each, medians\n")
        print("| widget | version | script, packed | until one can type | on a slow phone |")
        print("|---|---|---:|---:|---:|")
        for widget in (OURS, *OTHERS):
            print(row(widget, *times[widget.name]))
        print(f"\n{await scroll(browser)}")
        await browser.close()


def main() -> None:
    if not PACKAGES.exists():
        folder = Path(__file__).parent
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"]
        subprocess.run([*install, "--no-package-lock", "--loglevel=error"], cwd=folder, check=True)
    asyncio.run(run())


if __name__ == "__main__":
    main()
