"""HTTP by hand, for what no HTTP client would send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawConnection:
    """One connection to the server, byte by byte."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self) -> str:
        """Everything up to the end of the answer's headers."""
        return (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1")

    async def answer(self) -> str:
        """The status line, headers and body of an answer that says its length."""
        head = await self.head()
        fields = dict(line.lower().split(": ", 1) for line in head.strip().split("\r\n")[1:])
        return head + (await self.reader.readexactly(int(fields["content-length"]))).decode()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[RawConnection]:
    """A connection to the server at `url`, closed at the end of the block."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield RawConnection(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


def request_head(method: str, path: str, **headers: str) -> bytes:
    """The head of a request; `content_length` becomes Content-Length."""
    lines = [f"{method} {path} HTTP/1.1", "Host: chat"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
