"""WebSocket (RFC 6455) with permessage-deflate (RFC 7692), by hand: it must be able to err."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import struct
import zlib
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class ProtocolError(Exception):
    """What the peer did, and the close code that answers it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    final: bool = True
    packed: bool = False


def accept_key(key: str) -> str:
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def header(opcode: int, length: int, final: bool = True, packed: bool = False,
           masked: bool = False) -> bytes:
    first = (0x80 if final else 0) | (0x40 if packed else 0) | opcode
    mask = 0x80 if masked else 0
    if length < 126:
        return struct.pack("!BB", first, mask | length)
    if length < 65536:
        return struct.pack("!BBH", first, mask | 126, length)
    return struct.pack("!BBQ", first, mask | 127, length)


def encode(opcode: int, payload: bytes, final: bool = True, packed: bool = False,
           masked: bool = False) -> bytes:
    head = header(opcode, len(payload), final, packed, masked)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + apply_mask(payload, mask)


def fragments(opcode: int, payload: bytes, size: int, packed: bool = False) -> bytes:
    """One message in frames of `size` bytes."""
    pieces = [payload[i:i + size] for i in range(0, len(payload), size)] or [b""]
    last = len(pieces) - 1
    return b"".join(encode(opcode if i == 0 else 0, piece, i == last, packed and i == 0)
                    for i, piece in enumerate(pieces))


def close_payload(code: int, reason: str = "") -> bytes:
    return struct.pack("!H", code) + reason.encode()[:123]


def apply_mask(payload: bytes, mask: bytes) -> bytes:
    if not payload:
        return payload
    size = len(payload)
    pattern = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pattern, "big")).to_bytes(size, "big")


async def read_frame(reader: asyncio.StreamReader, limit: int, masked: bool) -> Frame:
    first, second = await reader.readexactly(2)
    opcode, length = first & 15, second & 127
    if first & 0x30:
        raise ProtocolError(1002, "reserved bits are set")
    if opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG):
        raise ProtocolError(1002, f"unknown opcode {opcode}")
    if opcode >= CLOSE and (length > 125 or not first & 0x80):
        raise ProtocolError(1002, "a control frame is too long or fragmented")
    if bool(second & 0x80) != masked:
        raise ProtocolError(1002, "a frame is not masked" if masked else "a frame is masked")
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    elif length == 127:
        (length,) = struct.unpack("!Q", await reader.readexactly(8))
    if length > limit:
        raise ProtocolError(1009, f"a frame of {length} bytes, allowed are {limit}")
    mask = await reader.readexactly(4) if masked else b""
    payload = await reader.readexactly(length)
    if masked:
        payload = apply_mask(payload, mask)
    return Frame(opcode, payload, bool(first & 0x80), bool(first & 0x40))


class Messages:
    """Puts frames together to messages; control frames pass between the fragments of one."""

    def __init__(self, reader: asyncio.StreamReader, limit: int, masked: bool,
                 deflate: Deflate | None) -> None:
        self._reader = reader
        self._limit = limit
        self._masked = masked
        self._deflate = deflate
        self._parts: list[bytes] = []
        self._opcode = 0
        self._packed = False

    async def next(self) -> Frame:
        while True:
            frame = await read_frame(self._reader, self._limit, self._masked)
            if frame.packed and (self._deflate is None or frame.opcode in (0, CLOSE, PING, PONG)):
                raise ProtocolError(1002, "a packed frame, which was not agreed upon")
            if frame.opcode >= CLOSE:
                return frame
            if (frame.opcode == 0) == (self._opcode == 0):
                raise ProtocolError(1002, "fragments out of order")
            if frame.opcode:
                self._opcode, self._packed = frame.opcode, frame.packed
            self._parts.append(frame.payload)
            if sum(map(len, self._parts)) > self._limit:
                raise ProtocolError(1009, f"a message above {self._limit} bytes")
            if frame.final:
                return self._finish()

    def _finish(self) -> Frame:
        payload, opcode = b"".join(self._parts), self._opcode
        self._parts, self._opcode = [], 0
        if self._packed and self._deflate is not None:
            payload = self._deflate.unpack(payload, self._limit)
        if opcode == TEXT:
            try:
                payload.decode()
            except UnicodeDecodeError:
                raise ProtocolError(1007, "text is not UTF-8") from None
        return Frame(opcode, payload)


class Deflate:
    """permessage-deflate; what we send never depends on messages before it."""

    def __init__(self, own_bits: int = 15, keep_peer_context: bool = True) -> None:
        self._own_bits = own_bits
        self._keep = keep_peer_context
        self._unpacker = zlib.decompressobj(-15)

    @staticmethod
    def negotiate(offers: str) -> tuple[Deflate, str] | None:
        """The first acceptable offer of a client, and what to answer."""
        for offer in offers.split(","):
            name, *parameters = [part.strip() for part in offer.split(";")]
            if name != "permessage-deflate":
                continue
            values = dict(p.partition("=")[::2] for p in parameters)
            bits = int(values.get("server_max_window_bits", "15").strip('"') or 15)
            if not 9 <= bits <= 15:
                continue  # zlib cannot make raw streams of 8 bits
            answer = "permessage-deflate; server_no_context_takeover"
            if "server_max_window_bits" in values:
                answer += f"; server_max_window_bits={bits}"
            forget = "client_no_context_takeover" in values
            if forget:
                answer += "; client_no_context_takeover"
            return Deflate(bits, not forget), answer
        return None

    def pack(self, payload: bytes) -> bytes:
        packer = zlib.compressobj(1, zlib.DEFLATED, -self._own_bits)
        return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]

    def unpack(self, payload: bytes, limit: int) -> bytes:
        if not self._keep:
            self._unpacker = zlib.decompressobj(-15)
        try:
            out = self._unpacker.decompress(payload + b"\0\0\xff\xff", limit + 1)
        except zlib.error as error:
            raise ProtocolError(1007, f"packed bytes are damaged: {error}") from None
        if len(out) > limit:
            raise ProtocolError(1009, f"a message above {limit} bytes")
        return out
