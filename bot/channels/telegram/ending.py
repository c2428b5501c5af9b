"""Ending background tasks for good."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

_SECONDS_BETWEEN_CALLS = 0.2


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel the tasks until they are over.

    Once is not enough: in Python 3.10 `asyncio.wait_for` swallows a cancellation that comes at the
    moment in which what it waits for is done.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_SECONDS_BETWEEN_CALLS)
