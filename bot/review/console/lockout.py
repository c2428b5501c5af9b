"""Wrong passwords and codes: how many, and how long one waits then. Counted in the store, for every process."""

from __future__ import annotations

import math
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bot.review.console.interface import ConsoleStore

TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 30


class Lockout:
    """One try at a password or a code, by the name that was typed and by the address it came from."""

    def __init__(self, store: ConsoleStore) -> None:
        self._store = store

    async def begin(self, request: Request, name: str) -> timedelta | None:
        """Count a try before it is looked at. None when it may go on, else how long to wait."""
        allowed = {key_of_name(name): TRIES_PER_NAME, _key_of_address(request): TRIES_PER_ADDRESS}
        return await run_in_threadpool(self._store.begin_try, allowed)

    async def was_good(self, request: Request, name: str, *, wholly: bool) -> None:
        """The try does not count. Signed in `wholly`, the wrong ones of this name are forgotten too.

        A right password alone forgets nothing: else it would give more tries at the code.
        """
        await run_in_threadpool(self._store.forgive_try, _key_of_address(request))
        if wholly:
            await run_in_threadpool(self._store.forget_tries, key_of_name(name))
        else:
            await run_in_threadpool(self._store.forgive_try, key_of_name(name))


def key_of_name(name: str) -> str:
    """How tries at this account are counted."""
    return f"name {name}"


def too_many(wait: timedelta) -> str:
    """What somebody who has to wait is told."""
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return (
        f"Too many tries. Please wait {minutes} minute{'' if minutes == 1 else 's'}, then try again. "
        "Whoever runs Backplan can end the wait: `backplan clinicians unlock NAME`."
    )


def _key_of_address(request: Request) -> str:
    return f"address {request.client.host if request.client else ''}"
