"""A copy of one's own data over the web: the file for whoever has the token, and for nobody else."""

from __future__ import annotations

import httpx

from bot.channels.web import chat_app
from bot.store.errors import ConversationUnknown
from tests.channels.conftest import new_patient, problem_of
from tests.channels.fakes import FakeConversations
from tests.channels.serving import serving


def of(conversation_id: str) -> bytes:
    return f'{{"conversation": "{conversation_id}"}}'.encode()


async def test_the_file_of_the_own_conversation_is_given_and_not_kept_on_the_way(
    dialogue: FakeConversations,
) -> None:
    async with serving(chat_app(dialogue, copies=of)) as url, httpx.AsyncClient(base_url=url) as client:
        await new_patient(client)
        patient = await new_patient(client)
        answer = await client.get("/chat/copy", headers={"Authorization": f"Bearer {patient.token}"})
        assert answer.json() == {"conversation": patient.conversation}
        assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
        assert answer.headers["cache-control"] == "no-store"


async def test_nobody_gets_a_file_without_a_token_that_opens_a_chat(dialogue: FakeConversations) -> None:
    async with serving(chat_app(dialogue, copies=of)) as url, httpx.AsyncClient(base_url=url) as client:
        assert problem_of(await client.get("/chat/copy")) == (401, "token-missing")
        nobody = {"Authorization": "Bearer nobody"}
        assert problem_of(await client.get("/chat/copy", headers=nobody)) == (401, "token-unknown")


async def test_who_was_deleted_in_the_meantime_is_told_that_there_is_no_such_chat(
    dialogue: FakeConversations,
) -> None:
    def gone(conversation_id: str) -> bytes:
        raise ConversationUnknown(conversation_id)

    async with serving(chat_app(dialogue, copies=gone)) as url, httpx.AsyncClient(base_url=url) as client:
        patient = await new_patient(client)
        answer = await client.get("/chat/copy", headers={"Authorization": f"Bearer {patient.token}"})
        assert problem_of(answer) == (401, "token-unknown")
