"""How a patient works the chat: by keyboard alone, or by touch; and how a test knows what is being asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from playwright.async_api import expect

from tests.browser.chat_page import ChatPage
from tests.dialogue.patient import Answers

MOST_TABS = 80
MOST_ANSWERS = 70


class Hands(Protocol):
    """One way to answer."""

    async def tap(self, chat: ChatPage, label: str) -> None: ...

    async def tick(self, chat: ChatPage, labels: Sequence[str]) -> None: ...

    async def type(self, chat: ChatPage, text: str) -> None: ...


class Keyboard:
    """Tab, Space and Enter, and no pointer at any time."""

    async def tap(self, chat: ChatPage, label: str) -> None:
        await self._go_to(chat, label)
        await chat.page.keyboard.press("Enter")

    async def tick(self, chat: ChatPage, labels: Sequence[str]) -> None:
        for label in labels:
            await self._go_to(chat, label)
            await chat.page.keyboard.press("Space")
        await self.tap(chat, "Done")

    async def type(self, chat: ChatPage, text: str) -> None:
        await self._go_to(chat, "text")
        await chat.page.keyboard.type(text)
        await chat.page.keyboard.press("Enter")

    async def _go_to(self, chat: ChatPage, name: str) -> None:
        # From the message box the answers lie behind, from anywhere else ahead.
        key = "Shift+Tab" if await chat.focused() == "text" else "Tab"
        for _ in range(MOST_TABS):
            if await chat.focused() == name:
                return
            await chat.page.keyboard.press(key)
        raise AssertionError(f"{name} cannot be reached with {key}")


class Touch:
    """Fingers; places that the drawing of the body has are tapped there and not in the list."""

    async def tap(self, chat: ChatPage, label: str) -> None:
        await chat.answers.get_by_role("button", name=label, exact=True).tap()

    async def tick(self, chat: ChatPage, labels: Sequence[str]) -> None:
        for label in labels:
            box = chat.answers.get_by_role("checkbox", name=label, exact=True)
            if label == "Lower back" and await chat.answers.locator(".map").count():
                await chat.answers.locator('.place[y="77"]').tap()
            else:
                await box.tap()
            await expect(box).to_be_checked()
        await self.tap(chat, "Done")

    async def type(self, chat: ChatPage, text: str) -> None:
        await chat.box.tap()
        await chat.page.keyboard.type(text)
        await chat.button("Send").tap()


@dataclass
class Intake:
    """A patient with an answer sheet before a real server. Reads along through the API, acts on the page only."""

    chat: ChatPage
    url: str
    answers: Answers
    hands: Hands

    async def messages(self) -> list[dict[str, Any]]:
        token = await self.chat.page.evaluate("localStorage.getItem('backplan.chat')")
        whole: list[dict[str, Any]] = []
        while True:
            answer = await self.chat.page.request.get(
                f"{self.url}/chat/messages?after={whole[-1]['seq'] if whole else 0}",
                headers={"Authorization": f"Bearer {token}"},
            )
            page = (await answer.json())["messages"]
            if not page:
                return whole
            whole += page

    async def settled(self) -> list[dict[str, Any]]:
        """Every message, once the bot has answered and the page shows all of it."""
        await expect(self.chat.page.locator("#typing")).to_be_hidden()
        await expect(self.chat.on_their_way).to_have_count(0)
        while True:
            whole = await self.messages()
            if whole[-1]["from"] == "bot":
                break
            await self.chat.page.wait_for_timeout(50)
        await expect(self.chat.messages).to_have_count(len(whole))
        return whole

    async def answer(self, question: dict[str, Any]) -> None:
        wanted = self.answers[question["asks"]]
        if isinstance(wanted, str):
            await self.hands.type(self.chat, wanted)
            return
        offered = [choice["label"] for choice in question["choices"]]
        labels = [self._label(offered, each) for each in wanted]
        if question["input"] in {"multi_choice", "body_map"}:
            await self.hands.tick(self.chat, labels)
        else:
            await self.hands.tap(self.chat, labels[0])

    async def to_the_end(self) -> list[dict[str, Any]]:
        """Answer everything; what was said in the whole conversation."""
        for _ in range(MOST_ANSWERS):
            whole = await self.settled()
            if not whole[-1]["asks"]:
                return whole
            await self.answer(whole[-1])
            await self._taken_in(len(whole))
        raise AssertionError("the bot does not stop asking")

    async def _taken_in(self, before: int) -> None:
        """Wait until the page shows more than it did: the answer, and something after it."""
        await expect(self.chat.messages.nth(before + 1)).to_be_attached()

    @staticmethod
    def _label(offered: list[str], wanted: str) -> str:
        fitting = [label for label in offered if label.lower().startswith(wanted.lower())]
        exact = [label for label in fitting if label.lower() == wanted.lower()]
        return (exact or fitting)[0]
