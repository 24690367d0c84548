"""Every fault shows at the client."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import unittest

from .chaos import Chaos
from .client import Closed, Refused, WebSocket
from .faults import SPECS, Faults, UnknownFault, parse
from .market import Market
from .testing import MockTest

TIME = "api.bybit.com/v5/market/time"


class OfConnections(MockTest):
    async def test_certificates(self) -> None:
        for name, said in (("wrong-host", "not valid for"), ("expired", "expired"),
                           ("self-signed", "self-signed")):
            self.fault(f"{name}:bybit,times=1")
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, said):
                await self.client.get(TIME)
        self.assertEqual((await self.client.get(TIME))[0], 200)

    async def test_refusals_of_http(self) -> None:
        for name, status, retry in (("429:bybit:7", 429, "7"), ("429-bare", 429, None),
                                    ("418", 418, "120"), ("403", 403, None), ("451", 451, None),
                                    ("redirect", 302, None)):
            self.fault(name + ",times=2" if ":" in name else f"{name}:bybit,times=2")
            got, headers, _ = await self.client.get(TIME)
            self.assertEqual((got, headers.get("retry-after")), (status, retry))
            with self.assertRaises(Refused) as caught:
                await self.bybit()
            self.assertEqual(caught.exception.status, status)

    async def test_a_burst_of_5xx_ends(self) -> None:
        self.fault("5xx:bybit,times=5,path=/time")
        statuses = [(await self.client.get(TIME))[0] for _ in range(6)]
        self.assertEqual(statuses, [500, 502, 503, 504, 500, 200])

    async def test_a_stuck_venue_says_nothing_and_others_speak(self) -> None:
        self.fault("stuck:bybit")
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(self.client.get(TIME), 0.2)
        self.assertEqual((await self.client.get("www.okx.com/api/v5/public/time"))[0], 200)

    async def test_a_venue_that_gets_stuck_silences_its_connections(self) -> None:
        socket = await self.bybit()
        self.fault("stuck:bybit")
        (session,) = self.venue("bybit").sessions.values()
        session.tend(self.venue("bybit").clock())
        await socket.send({"op": "ping"})
        with self.assertRaises(TimeoutError):
            await socket.text(timeout=0.1)

    async def test_slow_loris_dribbles(self) -> None:
        self.fault("slow-loris:bybit:0.01")
        reader, writer = await self.client.connect("api.bybit.com")
        writer.write(b"GET /v5/market/time HTTP/1.1\r\nHost: api.bybit.com\r\n\r\n")
        start = time.monotonic()
        self.assertEqual(await reader.readexactly(8), b"HTTP/1.1")
        self.assertGreater(time.monotonic() - start, 0.05)


class OfWebSockets(MockTest):
    async def spoiled(self, fault: str, seconds: float = 5) -> WebSocket:
        """A connection with a topic that has seen some ticks with this fault."""
        socket = await self.bybit("tickers.BTCUSDT")
        await socket.message()
        await socket.message()
        self.fault(fault)
        self.tick("bybit", seconds)
        return socket

    async def test_drop_in_the_middle_of_a_frame(self) -> None:
        for fault in ("drop:bybit:2", "cut:bybit:2", "close:bybit:1006,every=2"):
            socket = await self.spoiled(fault + ",times=1")
            with self.assertRaises((ConnectionError, asyncio.IncompleteReadError)):
                for _ in range(9):
                    await socket.text()

    async def test_close_codes(self) -> None:
        for code in (1000, 1001, 1008, 1011, 1013):
            socket = await self.spoiled(f"close:bybit:{code},every=1,times=1")
            await socket.text()
            with self.assertRaises(Closed) as caught:
                await socket.text()
            self.assertEqual(caught.exception.code, code)

    async def test_half_open_keeps_tcp_and_answers_nothing(self) -> None:
        socket = await self.spoiled("half-open:bybit:1")
        await socket.text()
        await socket.send({"op": "ping"})
        with self.assertRaises(asyncio.TimeoutError):
            await socket.text(timeout=0.2)

    async def test_huge_and_then_all_that_waited(self) -> None:
        socket = await self.spoiled("huge:bybit:50,every=1,times=1", 1)
        await socket.text()
        self.assertEqual(len(await socket.text(timeout=60)), 50 * 1024 * 1024 + 11)
        self.tick("bybit", 1)
        self.assertEqual((await socket.message())["type"], "delta")

    async def test_what_is_against_the_protocol(self) -> None:
        socket = await self.spoiled("invalid-utf8:bybit:1,times=1", 1)
        await socket.text()
        with self.assertRaises(UnicodeDecodeError):
            await socket.text()
        socket = await self.spoiled("bad-frame:bybit:1", 1)
        await socket.text()
        with self.assertRaisesRegex(Exception, "reserved"):
            await socket.text()

    async def test_fragments(self) -> None:
        socket = await self.spoiled("fragments:bybit:3")
        self.assertEqual((await socket.message())["type"], "delta")

    async def test_subscriptions_are_refused_or_forgotten(self) -> None:
        self.fault("refuse:bybit,times=1")
        socket = await self.bybit("tickers.BTCUSDT")
        self.assertFalse((await socket.message())["success"])
        self.fault("no-ack:bybit,times=1")
        socket = await self.bybit("tickers.BTCUSDT")
        with self.assertRaises(asyncio.TimeoutError):
            await socket.text(timeout=0.1)

    async def test_subscriptions_are_served_without_a_confirmation(self) -> None:
        self.fault("unconfirmed:bybit")
        socket = await self.bybit("tickers.BTCUSDT")
        for _ in range(2):  # nor when it is asked for once more
            self.assertEqual((await socket.message())["type"], "snapshot")
            await socket.send({"op": "subscribe", "req_id": "2", "args": ["tickers.BTCUSDT"]})
        await socket.message()
        await socket.send({"op": "ping", "req_id": "3"})
        self.assertEqual((await socket.message())["ret_msg"], "pong")
        self.world.faults.remove()
        await socket.send({"op": "subscribe", "req_id": "4", "args": ["tickers.ETHUSDT"]})
        self.assertEqual((await socket.message())["req_id"], "4")


class OfMessages(MockTest):
    async def sequence(self, fault: str, count: int = 6) -> list[int]:
        """Which of the messages 0, 1, 2... arrive, and in which order."""
        socket = await self.bybit()
        await socket.send({"op": "ping"})
        await socket.message()
        (session,) = self.venue("bybit").sessions.values()
        self.fault(fault)
        for number in range(count):
            session.publish(json.dumps({"n": number}), "t")
        session.send("end")
        seen = []
        while (text := await socket.text()) != "end":
            seen.append(json.loads(text)["n"])
        return seen

    async def test_duplicate(self) -> None:
        self.assertEqual(await self.sequence("duplicate:bybit:3"), [0, 1, 2, 2, 3, 4, 5, 5])

    async def test_reorder(self) -> None:
        self.assertEqual(await self.sequence("reorder:bybit:3"), [0, 1, 3, 2, 4])

    async def test_missing(self) -> None:
        self.assertEqual(await self.sequence("missing:bybit:3"), [0, 1, 3, 4])

    async def test_a_snapshot_after_its_deltas(self) -> None:
        self.fault("snapshot-late:bybit:2")
        socket = await self.bybit("tickers.BTCUSDT")
        self.assertTrue((await socket.message())["success"])
        self.tick("bybit", 4)
        kinds = [(await socket.message())["type"] for _ in range(4)]
        self.assertEqual(kinds, ["delta", "delta", "snapshot", "delta"])

    async def test_times_and_clocks(self) -> None:
        self.fault("clock-skew:bybit:60")
        answer = await self.client.json(TIME)
        self.assertAlmostEqual(answer["time"] / 1000, time.time() + 60, delta=5)
        self.world.faults.remove()
        self.fault("late:bybit:180,every=1")
        socket = await self.bybit("tickers.BTCUSDT")
        await socket.message()
        self.assertAlmostEqual((await socket.message())["ts"] / 1000, time.time() - 180, delta=5)

    async def test_fields(self) -> None:
        for fault in ("new-field", "removed-field", "changed-type"):
            self.fault(f"{fault}:bybit,every=1")
            socket = await self.bybit("tickers.BTCUSDT")
            await socket.message()
            spoiled = await socket.message()
            whole = self.venue("bybit").ticker(self.venue("bybit").contracts["BTCUSDT"])
            if fault == "new-field":
                self.assertIn("newField", spoiled["data"])
            else:
                same = spoiled.get("data") == whole and spoiled.get("type") == "snapshot"
                self.assertFalse(same and set(spoiled) == {"topic", "type", "data", "cs", "ts"}
                                 and spoiled["topic"] == "tickers.BTCUSDT"
                                 and isinstance(spoiled["ts"], int)
                                 and isinstance(spoiled["cs"], int))
            self.world.faults.remove()

    async def test_garbage(self) -> None:
        self.fault("garbage:bybit:1")
        socket = await self.bybit("tickers.BTCUSDT")
        await socket.message()
        await socket.message()
        self.assertIsInstance(await socket.text(), str)


class Switching(unittest.TestCase):
    def test_faults_are_read_from_the_command_line(self) -> None:
        fault = parse("close:okx:1013,every=5,times=2,path=/ws")
        self.assertEqual((fault.name, fault.venue, fault.argument, fault.every, fault.times,
                          fault.path), ("close", "okx", 1013, 5, 2, "/ws"))
        self.assertEqual(parse("drop::7").every, 7)
        for wrong in ("dorp", "drop:okx:x", "drop,often=1", "missing,every=-1"):
            with self.assertRaises(UnknownFault):
                parse(wrong)

    def test_chaos_keeps_clients_away_for_minutes_at_one_venue_only(self) -> None:
        chaos = Chaos(Faults(), Market(1), ["a", "b"])
        faults = [chaos.next("*", 1) for _ in range(600)]
        silent = {fault.venue for fault in faults if fault.name in ("418", "429-bare", "403", "451")}
        self.assertEqual(silent, {"a"})
        self.assertEqual({fault.venue for fault in faults}, {"a", "b"})

    def test_chaos_is_the_same_for_the_same_seed_and_knows_all_faults(self) -> None:
        def names(seed: int) -> list[str]:
            chaos = Chaos(Faults(), Market(seed), ["a", "b"])
            return [chaos.next("a", 1).name for _ in range(600)]

        self.assertEqual(names(3), names(3))
        self.assertNotEqual(names(3), names(4))
        self.assertEqual(set(names(3)), set(SPECS) - {"random"})
