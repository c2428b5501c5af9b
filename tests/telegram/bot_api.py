"""A Telegram Bot API server of our own: real HTTP, the real limits, and faults on demand.

One bot, its chats, and the updates that its users cause, by long polling or by webhook.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import struct
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.telegram.markup import CannotParse, read_html, units

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Backplan", "username": "backplan_test_bot"}

Json = dict[str, Any]

_FIELDS = {
    "getMe": (set(), set()),
    "getUpdates": (set(), {"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": ({"url"}, {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"}),
    "deleteWebhook": (set(), {"drop_pending_updates"}),
    "getWebhookInfo": (set(), set()),
    "setMyCommands": ({"commands"}, {"scope", "language_code"}),
    "getMyCommands": (set(), {"scope", "language_code"}),
    "sendMessage": ({"chat_id", "text"}, {"parse_mode", "reply_markup", "entities", "disable_notification"}),
    "sendDocument": (
        {"chat_id", "document"},
        {"caption", "parse_mode", "reply_markup", "disable_notification"},
    ),
    "sendChatAction": ({"chat_id", "action"}, set()),
    "editMessageText": ({"chat_id", "message_id", "text"}, {"parse_mode", "reply_markup"}),
    "editMessageReplyMarkup": ({"chat_id", "message_id"}, {"reply_markup"}),
    "answerCallbackQuery": ({"callback_query_id"}, {"text", "show_alert", "url", "cache_time"}),
    "leaveChat": ({"chat_id"}, set()),
}


MOST_BYTES = 50 * 1024 * 1024
LONGEST_CAPTION = 1024


class Refused(Exception):
    """What the server answers instead of a result."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code, self.description, self.parameters = code, description, parameters
        super().__init__(description)


@dataclass(frozen=True)
class Fault:
    """One misfortune of one call. `does_it` says that the call took effect all the same."""

    kind: str  # "429" | "500" | "502" | "reset" | "timeout"
    does_it: bool = False
    seconds: float = 1


@dataclass
class Chat:
    id: int
    type: str = "private"
    refusal: Refused | None = None
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def json(self) -> Json:
        return {"id": self.id, "type": self.type, "first_name": "Pat"}

    @property
    def sent(self) -> list[Json]:
        """What the bot sent here, in order, as it looks now."""
        return [message for message in self.messages.values() if message["from"]["is_bot"]]

    @property
    def texts(self) -> list[str]:
        return [message.get("text") or message.get("caption", "") for message in self.sent]

    @property
    def documents(self) -> list[Json]:
        return [message["document"] for message in self.sent if "document" in message]


class BotApi:
    """The server's state, and the handles by which a test plays its users."""

    def __init__(self, first_update: int = 1000) -> None:
        self.chats: dict[int, Chat] = {}
        self.calls: Counter[str] = Counter()
        self.refusals: list[tuple[str, str]] = []
        self.faults: deque[Fault] = deque()
        self.faults_of: tuple[str, ...] = ("sendMessage",)
        self.sent_at: list[tuple[float, int, str]] = []
        self.commands: list[Json] = []
        self.webhook: Json = {"url": "", "secret_token": "", "allowed_updates": []}
        self.alerts: list[str | None] = []
        self.taps: set[str] = set()
        self.left: list[int] = []
        self.files: dict[str, bytes] = {}
        self.actions: list[tuple[int, str]] = []
        self.confirmed = 0
        self._updates: dict[int, Json] = {}
        self._update_ids = itertools.count(first_update)
        self._message_ids = itertools.count(1)
        self._news = asyncio.Event()
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])

    # --- the side of the users ---

    def chat(self, chat_id: int, type: str = "private") -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, type))

    def message_from(self, chat: Chat, text: str | None = None, **content: Any) -> Json:
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": chat.json,
            "from": {"id": abs(chat.id), "is_bot": False, "first_name": "Pat", "language_code": "en"},
            **content,
        }
        if text is not None:
            message["text"] = text
            if text.startswith("/"):
                length = units(text.split()[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        chat.messages[message["message_id"]] = message
        return message

    def new_update(self, kind: str, content: Json) -> Json:
        return {"update_id": next(self._update_ids), kind: content}

    def push(self, *updates: Json) -> None:
        """Let these updates wait for the bot."""
        for update in updates:
            self._updates[update["update_id"]] = update
        self._news.set()

    @property
    def waiting(self) -> list[int]:
        return sorted(self._updates)

    async def post(self, update: Json, secret: str | None = None) -> httpx.Response:
        """Call the bot's webhook as Telegram does."""
        secret = self.webhook["secret_token"] if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with httpx.AsyncClient(timeout=20) as client:
            return await client.post(self.webhook["url"], json=update, headers=headers)

    # --- the side of the bot ---

    async def _call(self, request: Request) -> Response:
        # Methods are case-insensitive, says Telegram.
        told = request.path_params["method"]
        method = next((name for name in _FIELDS if name.lower() == told.lower()), told)
        if request.path_params["token"] != TOKEN:
            return _refusal(Refused(401, "Unauthorized"))
        form = {**request.query_params, **await request.form()}
        parameters = {
            name: value if isinstance(value, UploadFile) else _decoded(name, str(value))
            for name, value in form.items()
        }
        self.calls[method] += 1
        fault = self.faults.popleft() if method in self.faults_of and self.faults else None
        if fault is not None and not fault.does_it:
            return await _suffer(fault, request)
        try:
            result = await self._do(method, parameters)
        except Refused as refused:
            self.refusals.append((method, refused.description))
            return _refusal(refused)
        if fault is not None:
            return await _suffer(fault, request)
        return JSONResponse({"ok": True, "result": result})

    async def _do(self, method: str, parameters: Json) -> Any:
        if method not in _FIELDS:
            raise Refused(404, "Not Found: method not found")
        needed, allowed = _FIELDS[method]
        if missing := needed - parameters.keys():
            raise Refused(400, f"Bad Request: {sorted(missing)[0]} is empty")
        if wrong := parameters.keys() - needed - allowed:
            raise Refused(400, f"Bad Request: unknown field {sorted(wrong)[0]}")
        calls: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "answerCallbackQuery": self._answer_callback_query,
            "leaveChat": self._leave_chat,
        }
        return await calls[method](parameters)

    async def _get_me(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False,
                "supports_inline_queries": False}  # fmt: skip

    async def _get_updates(self, parameters: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(parameters.get("offset", 0))
        for update_id in [each for each in self._updates if each < offset]:
            del self._updates[update_id]
        self.confirmed = max(self.confirmed, offset - 1)
        allowed = parameters.get("allowed_updates") or None
        if not self._updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(float(parameters.get("timeout", 0)), 0.8))
            except asyncio.TimeoutError:
                return []
        limit = int(parameters.get("limit", 100))
        found = [self._updates[each] for each in sorted(self._updates)]
        return [each for each in found if allowed is None or any(kind in allowed for kind in each)][:limit]

    async def _set_webhook(self, parameters: Json) -> bool:
        url = parameters["url"]
        if not url.startswith(("https://", "http://127.0.0.1")):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        secret = parameters.get("secret_token", "")
        if not 1 <= len(secret) <= 256 or not secret.replace("_", "").replace("-", "").isalnum():
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = {"url": url, "secret_token": secret,
                        "allowed_updates": parameters.get("allowed_updates", [])}  # fmt: skip
        return True

    async def _delete_webhook(self, _: Json) -> bool:
        self.webhook = {"url": "", "secret_token": "", "allowed_updates": []}
        return True

    async def _get_webhook_info(self, _: Json) -> Json:
        return {"url": self.webhook["url"], "has_custom_certificate": False,
                "pending_update_count": len(self._updates)}  # fmt: skip

    async def _set_my_commands(self, parameters: Json) -> bool:
        for command in parameters["commands"]:
            name, what = command["command"], command["description"]
            if not (1 <= len(name) <= 32 and name.replace("_", "").isalnum() and name.islower()):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(what) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = parameters["commands"]
        return True

    async def _get_my_commands(self, _: Json) -> list[Json]:
        return self.commands

    async def _send_message(self, parameters: Json) -> Json:
        return self._sent(self._reachable(parameters), _content(parameters))

    async def _send_document(self, parameters: Json) -> Json:
        chat, upload = self._reachable(parameters), parameters["document"]
        if not isinstance(upload, UploadFile):
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        content = await upload.read()
        if not content:
            raise Refused(400, "Bad Request: file must be non-empty")
        if len(content) > MOST_BYTES:
            raise Refused(413, "Request Entity Too Large")
        caption = parameters.get("caption", "")
        if units(caption) > LONGEST_CAPTION:
            raise Refused(400, "Bad Request: message caption is too long")
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        document = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": upload.filename,
            "mime_type": upload.content_type,
            "file_size": len(content),
        }
        return self._sent(chat, {"document": document, **({"caption": caption} if caption else {})})

    def _sent(self, chat: Chat, content: Json) -> Json:
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": chat.json,
            "from": BOT,
            **content,
        }
        chat.messages[message["message_id"]] = message
        self.sent_at.append((time.monotonic(), chat.id, content.get("text") or content.get("caption", "")))
        return message

    async def _send_chat_action(self, parameters: Json) -> bool:
        chat = self._reachable(parameters)
        if parameters["action"] not in {"typing", "upload_document"}:
            raise Refused(400, "Bad Request: wrong parameter action in request")
        self.actions.append((chat.id, parameters["action"]))
        return True

    async def _edit_message_text(self, parameters: Json) -> Json:
        return self._edit(parameters, _content(parameters))

    async def _edit_message_reply_markup(self, parameters: Json) -> Json:
        return self._edit(parameters, {"reply_markup": _markup(parameters)})

    def _edit(self, parameters: Json, content: Json) -> Json:
        chat = self._reachable(parameters)
        message = chat.messages.get(int(parameters["message_id"]))
        if message is None or not message["from"]["is_bot"]:
            raise Refused(400, "Bad Request: message to edit not found")
        after = {**message, "reply_markup": None, **content}
        if all(message.get(key) == after[key] for key in after):
            raise Refused(400, "Bad Request: message is not modified")
        message.update(after, edit_date=int(time.time()))
        for key in [key for key in message if message[key] is None]:
            del message[key]
        return message

    async def _answer_callback_query(self, parameters: Json) -> bool:
        if parameters["callback_query_id"] not in self.taps:
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        if len(parameters.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.taps.discard(parameters["callback_query_id"])
        self.alerts.append(parameters.get("text"))
        return True

    async def _leave_chat(self, parameters: Json) -> bool:
        self.left.append(self._reachable(parameters).id)
        return True

    def _reachable(self, parameters: Json) -> Chat:
        chat = self.chats.get(int(parameters["chat_id"]))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.refusal is not None:
            raise chat.refusal
        return chat


def _decoded(name: str, value: str) -> Any:
    if name in {"reply_markup", "allowed_updates", "commands", "entities", "scope"}:
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(400, f"Bad Request: can't parse {name} JSON object") from None
    return value


def _content(parameters: Json) -> Json:
    text, mode = parameters["text"], parameters.get("parse_mode")
    if mode not in {None, "HTML"}:
        raise Refused(400, "Bad Request: unsupported parse_mode")
    entities: list[dict[str, object]] = []
    if mode == "HTML":
        try:
            read = read_html(text)
        except CannotParse as error:
            raise Refused(400, f"Bad Request: can't parse entities: {error}") from None
        text, entities = read.text, read.entities
    text = text.strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    markup = _markup(parameters)
    if markup is not None:
        content["reply_markup"] = markup
    return content


def _markup(parameters: Json) -> Json | None:
    markup = parameters.get("reply_markup")
    if not markup:
        return None
    if set(markup) != {"inline_keyboard"}:
        raise Refused(400, "Bad Request: object expected as reply markup")
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > 100:
        raise Refused(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if set(button) != {"text", "callback_data"} or not button["text"]:
            raise Refused(400, "Bad Request: can't parse inline keyboard button")
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _refusal(refused: Refused) -> Response:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return JSONResponse(body, refused.code)


async def _suffer(fault: Fault, request: Request) -> Response:
    if fault.kind == "429":
        seconds = int(fault.seconds)
        return _refusal(Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))
    if fault.kind == "500":
        return _refusal(Refused(500, "Internal Server Error"))
    if fault.kind == "502":
        return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
        return _refusal(Refused(500, "nobody waits for this any more"))
    await _reset(request)
    return Response()


async def _reset(request: Request) -> None:
    """Cut the connection off as a failing network does."""
    transport = request.receive.__self__.transport  # type: ignore[attr-defined]
    wire = transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0.02)


def script(*kinds: str) -> Iterable[Fault]:
    """Faults by name; a "+" after the name says that the call took effect before it failed."""
    for kind in kinds:
        name, _, seconds = kind.rstrip("+").partition(":")
        yield Fault(name, does_it=kind.endswith("+"), seconds=float(seconds or 1))
