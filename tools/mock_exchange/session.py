"""One WebSocket connection of a client to a venue."""

from __future__ import annotations

import asyncio
import struct
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import spoil
from .http import Request
from .limits import Window
from .websocket import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Deflate,
    Messages,
    ProtocolError,
    close_payload,
    encode,
    fragments,
    header,
)
from .wire import Wire

if TYPE_CHECKING:
    from .venue import Socket, Venue

SLOW_CONSUMER = 32 * 1024 * 1024
_ENDINGS = ("drop", "cut", "half-open", "close", "bad-frame", "invalid-utf8", "huge")


class Session:
    """What a venue's handlers see. `data` and `topics` are theirs to use."""

    def __init__(self, number: int, venue: Venue, socket: Socket, request: Request, wire: Wire,
                 deflate: Deflate | None) -> None:
        self.number = number
        self.venue = venue
        self.socket = socket
        self.request = request
        self.topics: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.joined = False  # a topic, with the newest message that was heard
        self.dress: Callable[[str, str], str] | None = None  # (topic, text) -> text
        self.opened = self.last_heard = self.last_sent = venue.clock()
        self.faults = venue.world.faults
        self.fault_counts: dict[int, int] = {}
        self.held: list[str] = []
        self.rng = venue.world.market.random("session", venue.name, number)
        self.counts: Counter[str] = Counter()
        self._late: dict[str, tuple[str, int]] = {}
        self._wire = wire
        self._deflate = deflate
        self._answers: list[str] | None = None  # held back while a message is handled
        self._pinged: float | None = None
        self._queue: list[bytes] | None = None  # frames that wait for the end of a huge one
        self._next_ping = self.opened + socket.ping_every
        self._closing = False
        self._ending: asyncio.Task[None] | None = None
        self._budget = (Window(socket.messages_per_second, 1.0)
                        if socket.messages_per_second else None)

    # -- for venues

    def send(self, text: str) -> None:
        """An answer or notice: faults of messages do not touch it."""
        if self._answers is not None:
            self._answers.append(text)
        else:
            self._send_text(text)

    def publish(self, text: str, topic: str = "", snapshot: bool = False) -> None:
        """Data of a topic."""
        if self.closing:
            return
        if self.dress is not None:
            text = self.dress(topic, text)
        if not self.faults:
            self._send_text(text)
            self.venue.counts["messages"] += 1
            return
        for message in spoil.messages(self, text, topic, snapshot):
            self._send_text(message)
            self.venue.counts["messages"] += 1
        for name in _ENDINGS:
            if fault := self.faults.due(name, self.venue.name, self.fault_counts):
                self._suffer(name, fault.argument or 0, text)

    def send_bytes(self, payload: bytes, binary: bool = True) -> None:
        self._send_frame(BINARY if binary else TEXT, payload)

    def close(self, code: int, reason: str = "") -> None:
        """1006 cuts the connection: nobody may send that code."""
        if self._closing:
            return
        self.venue.count_close(f"{code} {reason}".strip())
        if code == 1006:
            self._closing = True
            self._wire.abort()
            return
        self._send_frame(CLOSE, close_payload(code, reason))
        self._closing = True
        self._ending = asyncio.create_task(self._finish())

    @property
    def closing(self) -> bool:
        return self._closing or self._wire.closing

    @property
    def waiting(self) -> int:
        """Bytes that the client has not taken yet."""
        return self._wire.waiting

    # -- for the server

    async def run(self) -> None:
        messages = Messages(self._wire.reader, self.socket.max_message, True, self._deflate)
        try:
            while not self.closing:
                frame = await messages.next()
                if self._wire.muted:
                    await self._wire.keep_silent()
                    return
                self.last_heard = self.venue.clock()
                self._hear(frame.opcode, frame.payload)
            if self._closing:
                while (await messages.next()).opcode != CLOSE:
                    pass
        except ProtocolError as error:
            self.venue.refused(f"protocol: {error.reason}")
            self.close(error.code, error.reason)
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            pass

    async def end(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        await self._wire.close()

    def tend(self, now: float) -> None:
        """Heartbeats and deadlines; called some times a second."""
        socket, world = self.socket, self.venue.world
        lifetime = world.lifetime or socket.lifetime
        silence = world.silence or socket.silence
        if self._closing or self._wire.muted:
            return
        if self.faults.take("stuck", self.venue.name):
            self._wire.muted = True
        elif lifetime and now > self.opened + lifetime:
            self.close(1001, "lifetime of a connection is over")
        elif silence and now > self._last_sign() + silence:
            self.venue.refused("silence")
            self.close(*socket.silent_close)
        elif self._pinged and socket.pong_within and now > self._pinged + socket.pong_within:
            self.venue.refused("no pong")
            self.close(1008, "no pong")
        elif socket.ping_every and now > self._next_ping:
            self._next_ping = now + socket.ping_every
            self._pinged = self._pinged or now
            self._send_frame(PING, str(round(now * 1000)).encode())
        if self.waiting > SLOW_CONSUMER:
            self.venue.refused("slow consumer")
            self.close(1006)

    def due_again(self, topic: str, snapshot: bool) -> list[str]:
        """A snapshot that was held back, if this delta is the one it waits for."""
        if topic not in self._late or snapshot:
            return []
        text, left = self._late[topic]
        if left > 1:
            self._late[topic] = (text, left - 1)
            return []
        del self._late[topic]
        return [text]

    def hold_back(self, topic: str, text: str, deltas: int) -> None:
        self._late[topic] = (text, deltas)

    # -- inside

    def _last_sign(self) -> float:
        if self.socket.silence_of_both:
            return max(self.last_heard, self.last_sent)
        return self.last_heard

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
            self.venue.counts["closed by clients"] += 1
            if not self._closing:
                self._send_frame(CLOSE, payload[:2] if code != 1005 else b"")
                self._closing = True
            raise ConnectionResetError
        if opcode == PONG:
            self._pinged = None
        if self._budget is not None and not self._budget.spend(self.venue.clock()):
            self.venue.refused("messages per second")
            self.close(1008, "Too many requests")
            return
        if opcode == PING:
            self._send_frame(PONG, payload)
        if opcode in (PING, PONG):
            return
        self.venue.counts["heard"] += 1
        self.joined = False
        self._answers = [] if self.faults.find("unconfirmed", self.venue.name) else None
        try:
            self.venue.heard(self, payload.decode(errors="replace"))
        except Exception:  # a bug in a venue's mock must not end the others
            traceback.print_exc(file=sys.stderr)
            self.venue.counts["errors"] += 1
            self.close(1011, "internal error of the mock")
        finally:
            self._give_answers()

    def _give_answers(self) -> None:
        """Those that were held back, unless they confirm subscriptions."""
        answers, self._answers = self._answers, None
        if answers and self.joined:
            self.faults.take("unconfirmed", self.venue.name)
            return
        for text in answers or ():
            self._send_text(text)

    def _send_text(self, text: str) -> None:
        self.last_sent = self.venue.clock()
        self._send_frame(TEXT, text.encode())

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        if self.closing:
            return
        packed = self._deflate is not None and opcode in (TEXT, BINARY) and len(payload) > 96
        if packed and self._deflate is not None:
            payload = self._deflate.pack(payload)
        fault = self.faults.find("fragments", self.venue.name)
        if fault is not None and opcode in (TEXT, BINARY):
            self.faults.count(fault)
            data = fragments(opcode, payload, int(fault.argument or 16), packed)
        else:
            data = encode(opcode, payload, packed=packed)
        if self._queue is not None:
            self._queue.append(data)
        else:
            self._wire.write(data)

    def _suffer(self, name: str, argument: float, text: str) -> None:
        if self.closing:
            return
        if name == "drop":
            self._ending = asyncio.create_task(self._cut_after(encode(TEXT, text.encode())[:-2]))
        elif name == "cut":
            self._ending = asyncio.create_task(self._cut_after(b""))
        elif name == "half-open":
            self._wire.muted = True
        elif name == "close":
            self.close(int(argument), "fault")
        elif name == "bad-frame":
            self._wire.write(b"\xb3" + encode(TEXT, b"x")[1:])
        elif name == "invalid-utf8":
            self._wire.write(encode(TEXT, b'{"topic":"\xff\xfe\x80"}'))
        elif name == "huge" and self._queue is None:
            self._queue = []
            self._ending = asyncio.create_task(self._send_huge(int(argument * 1024 * 1024)))

    async def _cut_after(self, data: bytes) -> None:
        self._wire.write(data)
        self._closing = True
        await asyncio.sleep(0.05)  # what is under way arrives before the cut
        self._wire.abort()

    async def _send_huge(self, size: int) -> None:
        piece = b"x" * 65536
        start = b'{"huge":"'
        self._wire.write(header(TEXT, len(start) + size // 65536 * 65536 + 2) + start)
        try:
            for _ in range(size // 65536):
                self._wire.write(piece)
                await self._wire.drain()
        except (ConnectionError, OSError):
            return
        self._wire.write(b'"}' + b"".join(self._queue or ()))
        self._queue = None

    async def _finish(self) -> None:
        """Gives the client a moment to answer the close frame."""
        await asyncio.sleep(1)
        self._wire.abort()
