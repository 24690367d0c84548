"""What the tests of the mock exchange share."""

from __future__ import annotations

import asyncio
import atexit
import tempfile
import unittest
from functools import cache
from pathlib import Path
from typing import Any

from . import discover
from .certificates import GOOD, Authority
from .client import Client, WebSocket
from .faults import parse
from .market import Market
from .server import Server
from .venue import World


@cache
def authority() -> Authority:
    """One for all tests, in a folder that goes with the process."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    hosts = [host for kind in discover.find([], []) for host in kind.hosts]
    made = Authority(Path(folder.name), hosts)
    made.context(GOOD)
    return made


class MockTest(unittest.IsolatedAsyncioTestCase):
    """A server whose clock stands still: tests move it with `tick`."""

    @classmethod
    def setUpClass(cls) -> None:
        authority()

    async def asyncSetUp(self) -> None:
        asyncio.get_running_loop().set_debug(False)
        self.world = World(Market(seed=7, cascade_every=20))
        self.server = Server(self.world, [kind(self.world) for kind in discover.find([], [])],
                             authority())
        await self.server.start(0, clock=False)
        self.client = Client(self.server.port, authority().ca)

    async def asyncTearDown(self) -> None:
        self.client.close()
        await self.server.stop()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        self.assertEqual(left, [], "tasks outlive the server")
        self.assertEqual(self.server.connections, 0)
        self.assertEqual([v.counts["errors"] for v in self.server.venues.values() if
                          v.counts["errors"]], [], "a mock has raised")

    def venue(self, name: str) -> Any:
        return self.server.venues[name]

    def tick(self, name: str, seconds: float = 1.0) -> None:
        for _ in range(round(seconds * 10)):
            self.venue(name).advance()

    def fault(self, text: str) -> None:
        self.world.faults.add(parse(text))

    async def bybit(self, *topics: str, deflate: bool = False) -> WebSocket:
        socket = await self.client.open("stream.bybit.com/v5/public/linear", deflate)
        if topics:
            await socket.send({"op": "subscribe", "req_id": "1", "args": topics})
        return socket
