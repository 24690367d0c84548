"""A small client of HTTP and WebSocket over TLS: for tests, and to look at a mock by hand."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import zlib
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from .websocket import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Frame,
    accept_key,
    close_payload,
    encode,
    read_frame,
)
from .wire import hang_up

LIMIT = 128 * 1024 * 1024


class Refused(Exception):
    """The handshake was answered with another status."""

    def __init__(self, status: int, headers: dict[str, str], body: str) -> None:
        super().__init__(f"{status} {body[:200]}")
        self.status = status
        self.headers = headers


class Closed(Exception):
    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


class Client:
    def __init__(self, port: int, ca: Path) -> None:
        self.port = port
        self._tls = ssl.create_default_context(cafile=str(ca))
        self._writers: list[asyncio.StreamWriter] = []

    async def connect(self, host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=self._tls, server_hostname=host, limit=1024 * 1024)
        self._writers.append(writer)
        return reader, writer

    def close(self) -> None:
        """Cuts all connections."""
        for writer in self._writers:
            writer.transport.abort()

    async def get(self, url: str, headers: dict[str, str] | None = None) -> tuple[
            int, dict[str, str], str]:
        """Status, headers and body of "host/path?query"."""
        host, _, path = url.partition("/")
        reader, writer = await self.connect(host)
        try:
            more = "".join(f"{k}: {v}\r\n" for k, v in (headers or {}).items())
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{more}"
                         "Connection: close\r\n\r\n".encode())
            return await _read_reply(reader)
        finally:
            hang_up(writer)

    async def json(self, url: str) -> Any:
        status, _, body = await self.get(url)
        if status != 200:
            raise Refused(status, {}, body)
        return json.loads(body)

    async def open(self, url: str, deflate: bool = False) -> WebSocket:
        """A WebSocket of "host/path"."""
        host, _, path = url.partition("/")
        reader, writer = await self.connect(host.partition(":")[0])
        key = base64.b64encode(os.urandom(16)).decode()
        offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if deflate else ""
        writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
                     f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n{offer}"
                     "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        status, headers, body = await _read_reply(reader)
        if status != 101:
            hang_up(writer)
            raise Refused(status, headers, body)
        if headers["sec-websocket-accept"] != accept_key(key):
            raise ValueError("wrong Sec-WebSocket-Accept")
        return WebSocket(reader, writer, "sec-websocket-extensions" in headers)


class WebSocket:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
                 deflate: bool) -> None:
        self.deflate = deflate
        self._reader = reader
        self._writer = writer

    async def send(self, message: Any, opcode: int = TEXT) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        payload, packed = text.encode(), False
        if self.deflate and opcode == TEXT:
            packer = zlib.compressobj(wbits=-15)
            payload = (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
            packed = True
        await self.send_raw(encode(opcode, payload, packed=packed, masked=True))

    async def send_raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def frame(self) -> Frame:
        """The next message, unpacked; control frames too."""
        parts: list[bytes] = []
        first: Frame | None = None
        while True:
            frame = await read_frame(self._reader, LIMIT, masked=False)
            if frame.opcode >= CLOSE:
                return frame
            first = first or frame
            parts.append(frame.payload)
            if frame.final:
                break
        payload = b"".join(parts)
        if first.packed:
            payload = zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")
        return Frame(first.opcode, payload)

    async def text(self, timeout: float = 30.0) -> str:
        """The next text; pings are answered."""
        while True:
            frame = await asyncio.wait_for(self.frame(), timeout)
            if frame.opcode == PING:
                await self.send_raw(encode(PONG, frame.payload, masked=True))
            elif frame.opcode == CLOSE:
                code = int.from_bytes(frame.payload[:2], "big") if frame.payload else 1005
                raise Closed(code, frame.payload[2:].decode())
            elif frame.opcode in (TEXT, BINARY):
                return frame.payload.decode()

    async def message(self, timeout: float = 30.0) -> Any:
        return json.loads(await self.text(timeout))

    def vanish(self, linger: bytes | None = None) -> None:
        """Cuts the connection; `linger`: SO_LINGER of the socket."""
        if linger is not None:
            self._writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
        self._writer.transport.abort()

    async def close(self, code: int = 1000) -> None:
        self._writer.write(encode(CLOSE, close_payload(code), masked=True))
        hang_up(self._writer)


async def _read_reply(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], str]:
    block = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = block.rstrip().split("\r\n")
    status = int(first.split(" ")[1])
    parts = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in parts}
    length = int(headers.get("content-length", "0"))
    body = await reader.readexactly(length) if status != 101 else b""
    return status, headers, body.decode()
