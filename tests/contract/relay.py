"""Stands between the app and a model's server, and keeps what is asked."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE = 600.0
"""Seconds without a byte of an answer."""


class Relay:
    """Passes every request on as it is. `chats`: the bodies of those to /api/chat that had
    messages, in order of arrival. `statuses`: what they were answered with, in order of answers."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.chats: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base's name
            """Nothing is printed."""

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = json.loads(body) if self.path == "/api/chat" else {}
            if asked.get("messages"):
                relay.chats.append(asked)
            upstream = http.client.HTTPConnection(relay.target, timeout=PATIENCE)
            headers = {"Content-Type": self.headers.get("Content-Type", "application/json")}
            upstream.request(self.command, self.path, body=body or None, headers=headers)
            try:
                self._answer(upstream.getresponse(), counted=bool(asked.get("messages")))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # who asked has gone: upstream is told by the close
            finally:
                upstream.close()

        def _answer(self, answer: http.client.HTTPResponse, *, counted: bool) -> None:
            if counted:
                relay.statuses.append(answer.status)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type", "application/json"))
            self.send_header("Connection", "close")
            self.end_headers()
            while piece := answer.read1():
                self.wfile.write(piece)
                self.wfile.flush()

        do_GET = do_POST = do_DELETE = do_HEAD = handle_one  # noqa: N815 - its base's names

    return Handler
