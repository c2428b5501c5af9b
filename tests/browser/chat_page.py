"""The chat page in the hands of a patient: says, taps and ticks, and knows what stands on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.async_api import ConsoleMessage, Locator, Page, expect

_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class ChatPage:
    """One tab with the chat page. `complaints` holds what the browser found wrong.

    Set `loses_connection` in a test that cuts the connection: the browser reports each request that failed.
    """

    page: Page
    loses_connection: bool = False
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, page: Page, url: str) -> ChatPage:
        """Load the page and wait for the first message."""
        chat = cls(page)
        page.on("console", chat._heard)
        page.on("pageerror", lambda error: chat.complaints.append(f"error: {error}"))
        await page.add_init_script(_REPORT_VIOLATIONS)
        await page.goto(url)
        await expect(chat.messages.first).to_be_visible()
        return chat

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Conversation")

    @property
    def messages(self) -> Locator:
        """Every message of both sides that the server has taken in."""
        return self.log.locator("li.bubble")

    @property
    def on_their_way(self) -> Locator:
        """Messages of the patient that are not in the conversation yet."""
        return self.page.get_by_role("list", name="Messages on their way").get_by_role("listitem")

    @property
    def answers(self) -> Locator:
        """The controls of the open question."""
        return self.page.get_by_role("region", name="Answers to choose")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")

    async def scroll_to(self, top: int) -> None:
        await self.page.locator("#frame").evaluate("(frame, top) => { frame.scrollTop = top; }", top)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.button("Send").click()

    async def tap(self, label: str) -> None:
        await self.answers.get_by_role("button", name=label, exact=True).click()

    async def tick(self, *labels: str) -> None:
        for label in labels:
            await self.answers.get_by_role("checkbox", name=label, exact=True).check()
        await self.tap("Done")

    async def hears(self, text: str) -> None:
        """Wait until the newest message is `text`."""
        await expect(self.messages.last.locator(".words")).to_have_text(text)

    async def transcript(self) -> list[str]:
        """The words of every message in the conversation, in order."""
        return await self.messages.locator(".words").all_text_contents()

    async def shows(self, *transcript: str) -> None:
        """Wait until exactly these messages stand in the conversation, and none is on its way."""
        await expect(self.messages.locator(".words")).to_have_text(list(transcript))
        await expect(self.on_their_way).to_have_count(0)

    async def focused(self) -> str:
        """The name or the id of what has the focus."""
        return str(
            await self.page.evaluate(
                """() => {
                    let active = document.activeElement;
                    while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
                    if (active.labels?.[0] && active.type === "checkbox") return active.labels[0].textContent.trim();
                    return active.ariaLabel || (active.tagName !== "SELECT" && active.textContent.trim()) || active.id;
                }"""
            )
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if self.loses_connection and message.text.startswith("Failed to load resource"):
            return
        self.complaints.append(f"{message.type}: {message.text}")


async def announced_politeness(chat: ChatPage, role: str) -> list[str]:
    """How urgently Chromium tells a screen reader of each element of this role that holds something."""
    session = await chat.page.context.new_cdp_session(chat.page)
    nodes = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    return [
        str(detail["value"]["value"])
        for node in nodes
        if node.get("role", {}).get("value") == role and node["childIds"]
        for detail in node["properties"]
        if detail["name"] == "live"
    ]
