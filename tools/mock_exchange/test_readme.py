"""The example of README.md works."""

from __future__ import annotations

import asyncio
import tempfile
import unittest
from pathlib import Path

from . import discover
from .certificates import Authority
from .client import Client
from .market import Market
from .server import Server
from .venue import World


class Readme(unittest.IsolatedAsyncioTestCase):
    async def test_the_example_is_a_venue(self) -> None:
        asyncio.get_running_loop().set_debug(False)
        text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
        code = text.partition("```python\n")[2].partition("```")[0]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "mock.py").write_text(code, encoding="utf-8")
            world = World(Market())
            (kind,) = discover.find(["acme"], [folder])
            venue = kind(world)
            authority = Authority(folder, list(kind.hosts))
            server = Server(world, [venue], authority)
            await server.start(0, clock=False)
            client = Client(server.port, authority.ca)
            socket = await client.open("ws.acme.example/ws")
            await socket.send({"subscribe": "XYZ"})
            self.assertEqual(await socket.message(), {"error": "no market XYZ"})
            await socket.send({"subscribe": "BTC"})
            self.assertEqual(await socket.message(), {"subscribed": "BTC"})
            for _ in range(10):
                venue.advance()
            told = await socket.message()
            self.assertEqual(await client.json("api.acme.example/v1/mark/BTC"),
                             {"mark": told["mark"]})
            self.assertEqual((await client.get("api.acme.example/v1/other"))[0], 404)
            client.close()
            await server.stop()
