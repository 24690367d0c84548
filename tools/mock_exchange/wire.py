"""The byte side of a connection: what is sent can be slowed or swallowed here."""

from __future__ import annotations

import asyncio

from .faults import Faults


def hang_up(writer: asyncio.StreamWriter) -> None:
    """Closes once: at a second time asyncio of Python 3.11.2 forgets what it would have to abort."""
    if not writer.is_closing():
        writer.close()


class Wire:
    """What is written in one round of the event loop leaves together. Between rounds asyncio tells
    that a peer is gone: of every single write to one it would complain on stderr until then."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
                 faults: Faults) -> None:
        self.reader = reader
        self.venue = ""  # known once the client has named a host
        self.muted = False
        self.sent = 0
        self._writer = writer
        self._faults = faults
        self._gathered = bytearray()  # leaves at the end of the round
        self._slow = bytearray()
        self._dribble: asyncio.Task[None] | None = None

    def write(self, data: bytes) -> None:
        if self.muted or self._writer.is_closing():
            return
        self.sent += len(data)
        fault = self._faults.find("slow-loris", self.venue)
        if fault is None and not self._slow:
            if not self._gathered:
                asyncio.get_running_loop().call_soon(self._flush)
            self._gathered += data
            return
        self._flush()
        self._slow += data
        if self._dribble is None or self._dribble.done():
            if fault is not None:
                self._faults.count(fault)
            self._dribble = asyncio.create_task(self._send_slowly())

    async def drain(self) -> None:
        self._flush()
        if not self.muted and self._dribble is not None and not self._dribble.done():
            await asyncio.shield(self._dribble)
        if not self.muted:
            await self._writer.drain()

    @property
    def closing(self) -> bool:
        return self._writer.is_closing()

    @property
    def waiting(self) -> int:
        """Bytes that the peer has not taken yet."""
        buffered = self._writer.transport.get_write_buffer_size()
        return buffered + len(self._gathered) + len(self._slow)

    async def keep_silent(self) -> None:
        """Says nothing more and drops what comes, until the peer gives up."""
        self.muted = True
        try:
            while await self.reader.read(65536):
                pass
        except (ConnectionError, OSError):
            pass

    def abort(self) -> None:
        """Cuts the connection without a goodbye of any layer."""
        self._stop_dribble()
        self._flush()
        self._writer.transport.abort()

    async def close(self) -> None:
        self._stop_dribble()
        self._flush()
        hang_up(self._writer)
        try:
            await asyncio.wait_for(self._writer.wait_closed(), 2)
        except (TimeoutError, ConnectionError, OSError, asyncio.CancelledError):
            self._writer.transport.abort()

    def _flush(self) -> None:
        if self._gathered and not self._writer.is_closing():
            self._writer.write(bytes(self._gathered))
        self._gathered.clear()

    def _stop_dribble(self) -> None:
        if self._dribble is not None:
            self._dribble.cancel()

    async def _send_slowly(self) -> None:
        try:
            while self._slow and not self._writer.is_closing():
                fault = self._faults.find("slow-loris", self.venue)
                size = 1 if fault is not None else len(self._slow)
                self._writer.write(bytes(self._slow[:size]))
                del self._slow[:size]
                if fault is not None:
                    await asyncio.sleep(fault.argument or 0.2)
        except (ConnectionError, OSError):
            pass
