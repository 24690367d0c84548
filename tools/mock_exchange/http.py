"""HTTP/1.1, as much as exchanges speak: requests in, replies with a length out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_HEAD = 64 * 1024
MAX_BODY = 4 * 1024 * 1024


class BadRequest(Exception):
    pass


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]  # names in lower case
    body: bytes = b""
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.path = unquote(parts.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))

    @property
    def host(self) -> str:
        return self.headers.get("host", "").rsplit(":", 1)[0].lower()

    @property
    def keep_alive(self) -> bool:
        return "close" not in self.headers.get("connection", "").lower()

    @property
    def wants_websocket(self) -> bool:
        return self.headers.get("upgrade", "").lower() == "websocket"


@dataclass
class Reply:
    """`body`: a text as it is, anything else as JSON."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self, now: float, keep_alive: bool = True) -> bytes:
        text = self.body if isinstance(self.body, str) else compact(self.body)
        is_json = not isinstance(self.body, str) or text.startswith(("{", "["))
        payload = text.encode()
        headers = {
            "Date": formatdate(now, usegmt=True),
            "Content-Type": "application/json" if is_json else "text/plain; charset=utf-8",
            "Content-Length": str(len(payload)),
            "Connection": "keep-alive" if keep_alive else "close",
        } | self.headers
        return head(self.status, headers) + payload


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def head(status: int, headers: dict[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; none if the peer has gone."""
    try:
        block = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except asyncio.LimitOverrunError:
        raise BadRequest("the head of the request is too long") from None
    first, *lines = block.decode("latin-1")[:-4].split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(f"not a request: {first[:80]!r}")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise BadRequest(f"not a header: {line[:80]!r}")
        headers[name.lower()] = value.strip()
    request = Request(words[0], words[1], headers)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        request.body = await _read_chunks(reader)
        return request
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BODY:
        raise BadRequest(f"Content-Length {length[:20]!r} is no number up to {MAX_BODY}")
    if int(length):
        request.body = await reader.readexactly(int(length))
    return request


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        line = (await reader.readline()).split(b";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError:
            raise BadRequest(f"not the size of a chunk: {line[:20]!r}") from None
        if len(body) + size > MAX_BODY:
            raise BadRequest(f"the body is above {MAX_BODY} bytes")
        chunk = await reader.readexactly(size + 2)
        if size == 0:
            return body
        body += chunk[:-2]
