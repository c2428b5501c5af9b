"""One page for each widget, served from this machine, packed, with whatever the widget needs to show its text box."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

PACKAGES = Path(__file__).parent / "node_modules"

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title>
<meta name="viewport" content="width=device-width">"""
_RASA = """<body><div id="chat"></div><script>
WebChat.default(
  { selector: "#chat", embedded: true, socketUrl: location.origin, socketPath: "/socket.io/", title: "x" }, null);
</script>"""
#: The bot's side of the Bot Framework's protocol, as small as it goes: connected, and silent.
_BOT_FRAMEWORK = """<body><div id="chat" style="height: 600px"></div><script>
const only = (value) => ({
  subscribe(observer) {
    const next = observer.next ? observer.next.bind(observer) : observer;
    if (value !== undefined) next(value);
    return { unsubscribe() {} };
  },
  [Symbol.observable || "@@observable"]() { return this; },
});
const directLine = { activity$: only(), connectionStatus$: only(2), postActivity: () => only("1"), end() {} };
WebChat.renderWebChat({ directLine }, document.getElementById("chat"));
</script>"""


class SocketIo:
    """As much of a Socket.IO server as rasa-webchat needs to show its text box: a handshake and a session."""

    def __init__(self) -> None:
        self._answers: dict[str, list[str]] = {}

    async def poll(self, request: Request) -> Response:
        sid = request.query_params.get("sid")
        if sid is None:
            sid = f"visit-{len(self._answers)}"
            self._answers[sid] = [f'40{{"sid":"{sid}"}}', '42["session_confirm",{"session_id":"one"}]']
            opened = f'0{{"sid":"{sid}","upgrades":[],"pingInterval":25000,"pingTimeout":60000}}'
            return Response(opened, media_type="text/plain")
        if request.method == "POST":
            return Response("ok", media_type="text/plain")
        if not self._answers[sid]:
            await asyncio.sleep(20)
            return Response("6", media_type="text/plain")
        return Response(self._answers[sid].pop(0), media_type="text/plain")


@dataclass(frozen=True)
class Widget:
    """A widget as its documentation says to load it: one script, and the rest of the page."""

    name: str
    version: str
    script: Path
    page: str

    @property
    def packed(self) -> bytes:
        return gzip.compress(self.script.read_bytes(), 9, mtime=0)

    def routes(self) -> list[BaseRoute]:
        script, page = self.packed, gzip.compress(self.page.encode(), 9, mtime=0)

        async def send_page(_request: Request) -> Response:
            return Response(page, media_type="text/html", headers={"Content-Encoding": "gzip"})

        async def send_script(_request: Request) -> Response:
            return Response(script, media_type="text/javascript", headers={"Content-Encoding": "gzip"})

        return [Route(f"/{self.name}", send_page), Route(f"/{self.name}.js", send_script)]


OURS = Widget(
    "backplan-chat",
    "this tree",
    Path(__file__).parents[2] / "bot/widget/dist/backplan-chat.js",
    _HEAD
    + '<script type="module" src="/backplan-chat.js"></script></head><body><backplan-chat></backplan-chat>',
)
OTHERS = (
    Widget(
        "deep-chat",
        "2.4.2",
        PACKAGES / "deep-chat/dist/deepChat.bundle.js",
        _HEAD
        + '<script type="module" src="/deep-chat.js"></script></head><body><deep-chat demo="true"></deep-chat>',
    ),
    Widget(
        "rasa-webchat",
        "1.0.1",
        PACKAGES / "rasa-webchat/lib/index.js",
        _HEAD + '<script src="/rasa-webchat.js"></script></head>' + _RASA,
    ),
    Widget(
        "botframework-webchat-minimal",
        "4.18.1",
        PACKAGES / "botframework-webchat/dist/webchat-minimal.js",
        _HEAD + '<script src="/botframework-webchat-minimal.js"></script></head>' + _BOT_FRAMEWORK,
    ),
    Widget(
        "botframework-webchat",
        "4.18.1",
        PACKAGES / "botframework-webchat/dist/webchat.js",
        _HEAD + '<script src="/botframework-webchat.js"></script></head>' + _BOT_FRAMEWORK,
    ),
)
