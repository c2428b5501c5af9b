"""A patient's phone: types, edits, taps what is on the screen, and sees what the bot shows."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.bot_api import BOT, BotApi, Chat, Json, Refused

_PATIENCE = 90.0


async def until(
    holds: Callable[[], Any], patience: float = _PATIENCE, why: str = "it did not happen"
) -> None:
    """Wait until something is so."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(why)
        await asyncio.sleep(0.01)


@dataclass
class Phone:
    """One private chat with the bot. What it does waits for the bot, by polling unless `posts`."""

    api: BotApi
    id: int = 4711
    posts: bool = False
    _taps: Any = field(default_factory=itertools.count)

    @property
    def chat(self) -> Chat:
        return self.api.chat(self.id)

    @property
    def screen(self) -> list[str]:
        return self.chat.texts

    async def do(self, update: Json) -> Json:
        if self.posts:
            assert (await self.api.post(update)).status_code == 200
        else:
            self.api.push(update)
        return update

    async def say(self, text: str | None = None, **content: Any) -> Json:
        return await self.do(
            self.api.new_update("message", self.api.message_from(self.chat, text, **content))
        )

    async def edit(self, said: Json, text: str) -> Json:
        message = {**said["message"], "text": text, "edit_date": int(time.time())}
        return await self.do(self.api.new_update("edited_message", message))

    def button(self, label: str) -> tuple[Json, Json]:
        """The newest button that (begins with) this label, and its message."""
        for message in reversed(self.chat.sent):
            buttons = [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
            plain = [(b["text"].removeprefix("✅ ").lower(), b) for b in buttons]
            exact = [b for text, b in plain if text == label.lower()]
            fitting = exact or [b for text, b in plain if text.startswith(label.lower())]
            if fitting:
                return fitting[0], message
        raise AssertionError(f"no button {label!r} on the screen")

    def tap_update(self, button: Json, message: Json) -> Json:
        tap = f"{self.id}-{next(self._taps)}"
        self.api.taps.add(tap)
        return self.api.new_update(
            "callback_query",
            {
                "id": tap,
                "from": {"id": self.id, "is_bot": False, "first_name": "Pat"},
                "chat_instance": "1",
                "message": {**message, "chat": self.chat.json, "from": BOT},
                "data": button["callback_data"],
            },
        )

    async def tap(self, label: str) -> Json:
        return await self.do(self.tap_update(*self.button(label)))

    async def membership(self, status: str) -> Json:
        who = {"id": BOT["id"], "is_bot": True, "first_name": "Backplan"}
        before, after = ("member", status) if status == "kicked" else ("kicked", status)
        member = {"kicked": {"status": "kicked", "until_date": 0}, "member": {"status": "member"}}
        return await self.do(
            self.api.new_update(
                "my_chat_member",
                {
                    "chat": self.chat.json,
                    "from": {"id": self.id, "is_bot": False, "first_name": "Pat"},
                    "date": int(time.time()),
                    "old_chat_member": {"user": who, **member[before]},
                    "new_chat_member": {"user": who, **member[after]},
                },
            )
        )

    def block(self) -> None:
        self.chat.refusal = Refused(403, "Forbidden: bot was blocked by the user")

    async def sees(self, *fragments: str, patience: float = _PATIENCE) -> None:
        """Wait until each fragment stands on the screen."""
        for fragment in fragments:
            await until(
                lambda fragment=fragment: any(fragment in text for text in self.screen),
                patience,
                f"{fragment!r} is not on the screen: {self.screen}",
            )
