"""The chat server: the one place where everything that runs in it is wired together."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette

from actions import all_actions
from actions.apology import RESPONSE, apologise
from actions.base import Services
from bot.channels.email_stop import email_routes
from bot.channels.metrics import ChatMetrics
from bot.channels.telegram import Pace, TelegramChannel, TelegramOptions
from bot.channels.web import chat_app
from bot.checkins.runner import CheckInRunner
from bot.clinical.rulebook import default_rulebook
from bot.dialogue import AmbientTurns, Conversations, LeftBehind, TurnPlayer, load_agent
from bot.mail.letters import Letters
from bot.mail.post import Post
from bot.mail.runner import MailRunner
from bot.review.own_data import export_own_data
from bot.review.patient_document import export_patient_pdf
from bot.settings import Settings
from bot.store import Database, EpisodeUnknown, Store, system_clock

MOST_MESSAGES = 100_000  #: in a patient's copy of the chat, which is all of it


def build_conversations(
    settings: Settings, store: Store, model: Path, metrics: ChatMetrics | None = None
) -> Conversations:
    """The dialogue on its trained model, ready to be used by any channel."""
    services = Services(
        turns=AmbientTurns(),
        rulebook=default_rulebook(),
        guideline_profile=settings.guideline_profile,
        country=settings.country,
        emails=settings.smtp is not None,
    )
    player = TurnPlayer(load_agent(model, all_actions(services)))
    sorry = apologise(services, player.response_text(RESPONSE))
    observe = (metrics or ChatMetrics()).observe_turn
    emails = settings.smtp is not None
    return Conversations(store, player, apologise=sorry, observe=observe, emails=emails)


def telegram_channel(
    settings: Settings, conversations: Conversations, store: Store, pace: Pace | None = None
) -> TelegramChannel | None:
    """The Telegram channel, when a bot token is set."""
    if settings.telegram_token is None:
        return None
    options = TelegramOptions(
        token=settings.telegram_token,
        webhook_url=settings.telegram_webhook_url,
        api_url=settings.telegram_api_url,
        web_chat=settings.public_url,
    )
    return TelegramChannel(
        conversations, store, options, pace, documents=patient_documents(store), copies=own_data(store)
    )


def patient_documents(store: Store) -> Callable[[str], bytes]:
    """Makes the PDF of the patient of a conversation, as the case stands at that moment."""

    def make(conversation_id: str) -> bytes:
        episode = store.begin_turn(conversation_id, None).episode
        if episode is None:
            raise EpisodeUnknown(conversation_id)
        return export_patient_pdf(store.case(episode.id))

    return make


def own_data(store: Store) -> Callable[[str], bytes]:
    """Makes the file with everything about the patient of a conversation, as it stands at that moment."""

    def make(conversation_id: str) -> bytes:
        return export_own_data(
            store.conversation(conversation_id),
            store.messages_after(conversation_id, 0, limit=MOST_MESSAGES),
            store.cases_of(conversation_id),
            store.reminder_address(conversation_id),
            system_clock(),
        )

    return make


def check_in_runner(settings: Settings, store: Store, conversations: Conversations) -> CheckInRunner | None:
    """What asks the check-ins from this process; None when it is switched off."""
    if not settings.check_in_seconds:
        return None
    return CheckInRunner(store, conversations, default_rulebook(), _worker(), settings.check_in_seconds)


def mail_runner(settings: Settings, store: Store, conversations: Conversations) -> MailRunner | None:
    """What sends e-mails from this process; None when no mail server is set."""
    smtp, url = settings.smtp, settings.public_url
    if smtp is None or url is None:
        return None
    letters = Letters(smtp.sender, smtp.name, url)
    wait = timedelta(minutes=smtp.after_minutes)
    post = Post(smtp, letters.host)
    return MailRunner(store, conversations, post, letters, _worker(), wait, system_clock)


def _worker() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


@asynccontextmanager
async def running(*runners: CheckInRunner | MailRunner | LeftBehind | None) -> AsyncIterator[None]:
    """The runners as tasks beside everything else, ended with it: what they had claimed is taken up again."""
    tasks = [asyncio.create_task(runner.run()) for runner in runners if runner is not None]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def chat_server(settings: Settings, model: Path, telegram_pace: Pace | None = None) -> Starlette:
    """The ASGI application of the chat server."""
    store = Store(Database(settings.database_url), clock=system_clock)
    metrics = ChatMetrics()
    conversations = build_conversations(settings, store, model, metrics)

    telegram = telegram_channel(settings, conversations, store, telegram_pace)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await conversations.start()
        if telegram is not None:
            await telegram.start()
        async with running(
            check_in_runner(settings, store, conversations),
            mail_runner(settings, store, conversations),
            LeftBehind(store),
        ):
            yield
        if telegram is not None:
            await telegram.stop()
        await conversations.stop()
        store.close()

    # Also without a mail server: a mail that went out before must be stopped all the same.
    routes = [*email_routes(store), *(telegram.routes() if telegram is not None else [])]
    return chat_app(
        conversations,
        lifespan=lifespan,
        metrics=metrics,
        more_routes=routes,
        public_url=settings.public_url,
        telegram=telegram is not None,
        copies=own_data(store),
        allowed_origins=settings.allowed_origins,
    )
