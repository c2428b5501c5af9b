"""A real uvicorn on a free port around an application, in the loop of the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0, *, graceful_seconds: int = 1) -> AsyncIterator[str]:
    """The address of `app` while the block runs; port 0 takes a free one.

    At the end whoever is still connected has `graceful_seconds` before being cut off.
    """
    # Only for a socket that says it is TCP does asyncio send small answers without delay.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        config = uvicorn.Config(
            app,
            ws="none",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=graceful_seconds,
        )
        config.load()
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        # Whoever connects before the server accepts waits in the listener's queue.
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task
