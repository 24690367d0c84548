"""TLS, HTTP, WebSocket and the command. `python3 -m unittest` in tools/ runs all tests."""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from .client import Client, Closed
from .play import Player
from .testing import MockTest
from .websocket import PING, encode

TOOL = Path(__file__).resolve().parents[1] / "mock-exchange"


class Transport(MockTest):
    async def test_sni_and_host_choose_the_venue(self) -> None:
        self.assertIn("serverTime", await self.client.json("fapi.binance.com/fapi/v1/time"))
        self.assertEqual((await self.client.json("www.okx.com/api/v5/public/time"))["code"], "0")
        with self.assertRaises(ssl.SSLError):
            await self.client.get("unknown.example/")

    async def test_another_host_than_that_of_tls_is_misdirected(self) -> None:
        reader, writer = await self.client.connect("www.okx.com")
        writer.write(b"GET / HTTP/1.1\r\nHost: api.bybit.com\r\n\r\n")
        self.assertIn(b" 421 ", await reader.readline())

    async def test_a_connection_serves_many_requests(self) -> None:
        reader, writer = await self.client.connect("api.bybit.com")
        for _ in range(3):
            writer.write(b"GET /v5/market/time HTTP/1.1\r\nHost: api.bybit.com\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
            self.assertEqual(json.loads(await reader.readexactly(length))["retCode"], 0)

    async def test_messages_may_be_fragmented_with_pings_between(self) -> None:
        socket = await self.bybit()
        text = b'{"op":"ping","req_id":"9"}'
        pieces = [encode(1, text[:5], final=False, masked=True), encode(PING, b"!", masked=True),
                  encode(0, text[5:], masked=True)]
        await socket.send_raw(b"".join(pieces))
        pong = await socket.frame()
        self.assertEqual((pong.opcode, pong.payload), (10, b"!"))
        self.assertEqual((await socket.message())["ret_msg"], "pong")

    async def test_deflate_is_agreed_upon_and_used_both_ways(self) -> None:
        socket = await self.bybit("tickers.BTCUSDT", deflate=True)
        self.assertTrue(socket.deflate)
        self.assertTrue((await socket.message())["success"])
        self.assertEqual((await socket.message())["type"], "snapshot")
        self.tick("bybit", 2)
        self.assertEqual((await socket.message())["type"], "delta")

    async def test_frames_without_mask_and_bad_text_are_refused(self) -> None:
        for data, code in ((encode(1, b"{}"), 1002), (encode(1, b"\xff", masked=True), 1007),
                           (encode(1, b"x" * 70000, masked=True), 1009),
                           (b"\xf1\x80\0\0\0\0", 1002)):
            socket = await self.bybit()
            await socket.send_raw(data)
            with self.assertRaises(Closed) as caught:
                await socket.text()
            self.assertEqual(caught.exception.code, code)

    async def test_a_connection_ends_with_its_lifetime(self) -> None:
        self.world.lifetime = 30
        socket = await self.client.open("ws.okx.com:8443/ws/v5/public")
        await socket.send("ping")
        self.assertEqual(await socket.text(), "pong")
        (session,) = self.venue("okx").sessions.values()
        session.opened -= 20
        self.tick("okx", 0.1)
        self.assertEqual((await socket.message())["code"], "64008")
        session.tend(self.venue("okx").clock() + 20)
        with self.assertRaises(Closed) as caught:
            await socket.text()
        self.assertEqual(caught.exception.code, 1001)


    async def test_clients_that_are_gone_are_dropped_without_a_word(self) -> None:
        for linger in (None, struct.pack("ii", 1, 0)):  # with that, a reset
            socket = await self.bybit("tickers.BTCUSDT", "tickers.ETHUSDT")
            await socket.message()
            with self.assertNoLogs("asyncio"):
                socket.vanish(linger)
                await asyncio.sleep(0)
                self.tick("bybit", 10)
                while self.venue("bybit").sessions:
                    await asyncio.sleep(0)
            self.assertEqual(self.venue("bybit").counts["errors"], 0)


class Command(unittest.IsolatedAsyncioTestCase):
    async def test_starts_tells_where_obeys_its_control_port_and_leaves_nothing(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(TOOL), "--control", "0", "--venue", "okx", "--venue", "bybit",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        try:
            ready = (await process.stdout.readline()).decode().split()
            self.assertEqual(ready[0], "ready")
            address, ca = ready[1].split(",")
            hint = (await process.stdout.readline()).decode()
            self.assertEqual(hint.strip(),
                             f"SPILLWAY_GATEWAY={ready[1]} spillway run pipelines/live.yaml")
            control = int((await process.stdout.readline()).decode().rpartition(":")[2])
            client = Client(int(address.rpartition(":")[2]), Path(ca))
            socket = await client.open("ws.okx.com/ws/v5/public")
            await socket.send({"op": "subscribe", "args": [
                {"channel": "mark-price", "instId": "ETH-USDT-SWAP"}]})
            await socket.text()
            await socket.text()
            state = json.loads(await _control(control, "GET", "/state"))["venues"]["okx"]
            self.assertEqual((state["connections"], state["subscriptions"]), (1, 1))
            await _control(control, "POST", "/fault", {"name": "451", "venue": "bybit"})
            self.assertEqual((await client.get("api.bybit.com/v5/market/time"))[0], 451)
            removed = await _control(control, "DELETE", "/fault?name=451")
            self.assertEqual(json.loads(removed), {"removed": 1})
            await _control(control, "POST", "/send", {"venue": "okx", "text": "hello"})
            while await socket.text() != "hello":
                pass
            await _control(control, "POST", "/cut", {"venue": "okx", "code": 1013})
            with self.assertRaises(Closed):
                while True:
                    await socket.text()
            self.assertIn("known:", await _control(control, "POST", "/fault", {"name": "dorp"}))
            client.close()
        finally:
            process.terminate()
            _, errors = await asyncio.wait_for(process.communicate(), 60)
        self.assertEqual((process.returncode, errors), (0, b""))
        self.assertFalse(Path(ca).parent.exists())

    async def test_says_what_is_wrong(self) -> None:
        for words, said in ((["--venue", "nobody"], b"no venue 'nobody'"),
                            (["--fault", "dorp"], b"no fault 'dorp'"),
                            (["--set", "okx.nothing=3"], b"no setting 'nothing'"),
                            (["--play", "none.frames", "--spillway", "x"], b"no such file")):
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(TOOL), *words, stderr=asyncio.subprocess.PIPE)
            _, errors = await asyncio.wait_for(process.communicate(), 60)
            self.assertEqual(process.returncode, 2)
            self.assertIn(said, errors)


class Play(MockTest):
    async def test_recorded_frames_go_to_the_clients_of_their_venue(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "spillway"
            lines = [
                {"time": "2026-02-05T20:25:00Z", "venue": "bybit", "session": 1, "channel": "",
                 "type": "opened", "text": ""},
                {"time": "2026-02-05T20:25:00Z", "venue": "bybit", "session": 1, "type": "response",
                 "channel": "account-ratio?category=linear", "status": 200, "text": '{"x":1}'},
                {"time": "2026-02-05T20:25:00.4Z", "venue": "bybit", "session": 1, "type": "data",
                 "channel": "linear", "text": '{"success":true,"ret_msg":""}'},
                {"time": "2026-02-05T20:25:00.5Z", "venue": "bybit", "session": 1, "type": "data",
                 "channel": "linear", "text": '{"ts":1770323100499, "n":1}'},
                {"time": "2026-02-05T20:25:01Z", "venue": "bybit", "session": 1, "type": "data",
                 "channel": "linear", "binary": True, "base64": "AQI="}]
            text = "\n".join(json.dumps(line) for line in lines)
            program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n", encoding="utf-8")
            program.chmod(0o755)
            player = Player(str(program), program, self.server.venues, 10, False)
            self.assertEqual(await player.check(), {"bybit"})
            socket = await self.bybit("tickers.BTCUSDT")
            await socket.message()
            await socket.message()
            await player.run()
            told = await socket.text()
            self.assertRegex(told, r'^\{"ts":\d{13}, "n":1\}$')
            self.assertAlmostEqual(json.loads(told)["ts"] / 1000, time.time(), delta=5)
            self.assertEqual((await socket.frame()).payload, b"\1\2")
            self.assertEqual(await self.client.json(
                "api.bybit.com/v5/market/account-ratio?category=linear"), {"x": 1})


async def _control(port: int, method: str, path: str, body: Any = None) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    text = json.dumps(body) if body is not None else ""
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(text)}\r\n\r\n"
                 f"{text}".encode())
    answer = (await reader.read()).decode()
    writer.close()
    return answer.partition("\r\n\r\n")[2]
