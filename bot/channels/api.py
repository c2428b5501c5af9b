"""The calls of the web chat API: who is it, what do they want, ask the dialogue, answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.channels import problems, requests
from bot.channels.events import event_stream
from bot.channels.interface import Conversations
from bot.channels.limits import Buckets, ChatLimits, WaitingRoom
from bot.channels.metrics import ChatMetrics
from bot.channels.outbound import as_page
from bot.store.errors import (
    ClientIdReused,
    ConversationUnknown,
    MessageRefused,
    StoreError,
    TextTooLong,
    UnknownChoice,
)

logger = logging.getLogger(__name__)

_SECONDS_TO_BE_READY = 5.0


class ChatApi:
    """The endpoints, around one dialogue."""

    def __init__(
        self,
        conversations: Conversations,
        limits: ChatLimits,
        metrics: ChatMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._conversations = conversations
        self._limits = limits
        self._metrics = metrics
        self._sessions = Buckets(limits.sessions, clock)
        self._messages = Buckets(limits.messages, clock)
        self._unknown_tokens = Buckets(limits.unknown_tokens, clock)
        self._waiting = WaitingRoom(limits.waiting)

    async def open_session(self, request: Request) -> Response:
        """POST /chat/sessions"""
        seconds = self._sessions.take(_peer(request))
        if seconds:
            raise problems.too_many(seconds, "Too many new chats from this address. Please wait.")
        session = requests.new_session(await self.body(request))
        with store_problems():
            opened = await self._conversations.open("web", timezone=session.timezone, locale=session.locale)
        self._metrics.sessions.inc()
        return JSONResponse({"token": opened.token, "conversation": opened.conversation_id}, 201)

    async def messages(self, request: Request) -> Response:
        """GET and POST /chat/messages"""
        if request.method == "POST":
            return await self._send(request)
        return await self._read(request)

    async def events(self, request: Request) -> Response:
        """GET /chat/events"""
        token = _token(request)
        conversation_id = await self.conversation(request)
        self._waiting.require_place(conversation_id)
        last_seen = requests.after(request.headers.get("last-event-id"), "Last-Event-ID")
        start = last_seen or requests.after(request.query_params.get("after"))
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return StreamingResponse(
            self._stream(token, conversation_id, start),
            media_type="text/event-stream",
            # Proxies that gather answers before passing them on would hold messages back.
            headers={"X-Accel-Buffering": "no"},
        )

    async def healthz(self, _request: Request) -> Response:
        """GET /healthz: the process answers."""
        return JSONResponse({"status": "alive"})

    async def readyz(self, _request: Request) -> Response:
        """GET /readyz: the store answers too."""
        try:
            ready = await asyncio.wait_for(self._conversations.ready(), _SECONDS_TO_BE_READY)
        except (StoreError, asyncio.TimeoutError) as error:
            logger.warning("not ready: %s", type(error).__name__)
            ready = False
        if not ready:
            raise problems.unavailable("The chat server is up but cannot serve patients yet.")
        return JSONResponse({"status": "ready"})

    async def metrics(self, _request: Request) -> Response:
        """GET /metrics"""
        return self._metrics.response()

    async def _send(self, request: Request) -> Response:
        conversation_id = await self.conversation(request)
        seconds = self._messages.take(conversation_id)
        if seconds:
            raise problems.too_many(seconds, "Too many messages at once. Please wait, then send it again.")
        message = requests.new_message(await self.body(request), self._limits.characters)
        with store_problems():
            accepted = await self._conversations.submit(
                conversation_id, message.client_id, text=message.text, choices=message.choices
            )
        if accepted.duplicate:
            self._metrics.replays.inc()
        else:
            self._metrics.messages.labels("choices" if message.choices else "text").inc()
        return JSONResponse({"seq": accepted.seq}, 202)

    async def _read(self, request: Request) -> Response:
        conversation_id = await self.conversation(request)
        after = requests.after(request.query_params.get("after"))
        wait = requests.wait(request.query_params.get("wait"), self._limits.longest_wait)
        with store_problems():
            messages = await self._conversations.messages(conversation_id, after)
            if not messages and wait:
                self._waiting.require_place(conversation_id)
                with self._waiting.place(conversation_id):
                    await self._conversations.wait_for_messages(conversation_id, after, wait)
                messages = await self._conversations.messages(conversation_id, after)
        if messages:
            await self._conversations.shown(conversation_id, messages[-1].seq)
        return JSONResponse(as_page(messages, typing=self._conversations.typing(conversation_id)))

    async def _stream(self, token: str, conversation_id: str, after: int) -> AsyncIterator[str]:
        with self._waiting.place(conversation_id), self._metrics.streams.track_inprogress():
            async for event in event_stream(
                self._conversations, token, conversation_id, after, self._limits.heartbeat
            ):
                yield event

    async def conversation(self, request: Request) -> str:
        """Whose token the request carries. Raises a problem for a token that opens nothing."""
        token = _token(request)
        with store_problems():
            conversation_id = await self._conversations.authenticate(token)
        if conversation_id is not None:
            return conversation_id
        self.count_unknown(request)
        raise problems.token_unknown()

    def count_unknown(self, request: Request) -> None:
        """Note a secret that opened nothing. Raises a 429 problem when they come too fast from one address."""
        seconds = self._unknown_tokens.take(_peer(request))
        if seconds:
            raise problems.too_many(seconds, "Too many unknown tokens from this address. Please wait.")

    async def body(self, request: Request) -> dict[str, object]:
        """The request's JSON object."""
        return await requests.json_object(request, self._limits.seconds_to_send_a_body)


@contextmanager
def store_problems() -> Iterator[None]:
    """The store's errors in the client's words."""
    try:
        yield
    except ClientIdReused:
        raise problems.client_id_reused() from None
    except UnknownChoice:
        raise problems.unknown_choice() from None
    except ConversationUnknown:
        raise problems.token_unknown() from None
    except TextTooLong as error:
        raise problems.invalid(f"The message may have at most {error.limit:,} characters.", "text") from None
    except MessageRefused:
        raise problems.invalid("The message cannot be used. Please type it in other words.") from None
    except StoreError as error:
        logger.warning("the store did not answer: %s", type(error).__name__)
        raise problems.unavailable() from None


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise problems.token_missing()
    if len(token) > 200 or not token.isascii() or not token.isprintable():
        raise problems.token_unknown()
    return token


def _peer(request: Request) -> str:
    return request.client.host if request.client else "unknown"
