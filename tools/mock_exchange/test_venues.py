"""The venues keep their rules."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from .client import Closed, Refused
from .testing import MockTest


class Binance(MockTest):
    async def test_streams_are_served_where_they_belong(self) -> None:
        market = await self.client.open(
            "fstream.binance.com/market/stream?streams=btcusdt@markPrice@1s/!forceOrder@arr")
        root = await self.client.open("fstream.binance.com/stream?streams=btcusdt@markPrice@1s")
        await root.send({"method": "SUBSCRIBE", "params": ["!forceOrder@arr", "nonsense"], "id": 1})
        self.assertEqual(await root.message(), {"result": None, "id": 1})
        self.tick("binance", 20)
        seen: dict[str, Any] = {}
        while len(seen) < 2:
            message = await market.message()
            seen[message["stream"]] = message["data"]
        mark, order = seen["btcusdt@markPrice@1s"], seen["!forceOrder@arr"]
        self.assertEqual((mark["e"], mark["s"]), ("markPriceUpdate", "BTCUSDT"))
        self.assertAlmostEqual(mark["E"] / 1000, time.time(), delta=5)
        self.assertGreater(mark["T"], mark["E"])
        self.assertEqual(order["e"], "forceOrder")
        with self.assertRaises(asyncio.TimeoutError):
            await root.text(timeout=0.1)

    async def test_orders_are_one_a_second_and_symbol(self) -> None:
        socket = await self.client.open("fstream.binance.com/market/ws/btcusdt@forceOrder")
        self.tick("binance", 60)
        await socket.send({"method": "LIST_SUBSCRIPTIONS", "id": 5})
        times = []
        while "result" not in (message := await socket.message()):
            times.append(message["E"])
        self.assertGreater(len(times), 3)
        self.assertLess(len(times), 60)

    async def test_eleven_messages_a_second_are_too_many(self) -> None:
        socket = await self.client.open("fstream.binance.com/market/ws")
        for number in range(11):
            await socket.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
        with self.assertRaises(Closed) as caught:
            for _ in range(11):
                await socket.text()
        self.assertEqual(caught.exception.code, 1008)

    async def test_1024_streams_are_the_most(self) -> None:
        socket = await self.client.open("dstream.binance.com/ws")
        await socket.send({"method": "SUBSCRIBE", "params": [f"x{k}" for k in range(1024)],
                           "id": 1})
        self.assertEqual((await socket.message())["id"], 1)
        await socket.send({"method": "SUBSCRIBE", "params": ["one more"], "id": 2})
        with self.assertRaises(Closed):
            await socket.text()

    async def test_wrong_requests_are_answered_with_codes(self) -> None:
        socket = await self.client.open("fstream.binance.com/market/ws")
        for sent, code in (("{", 3), ('{"method":"SUBSCRIBE","params":["x"],"id":"a"}', 2),
                           ('{"method":"DANCE","id":1}', 2)):
            await socket.send(sent)
            self.assertEqual((await socket.message())["error"]["code"], code)

    async def test_weights_are_counted_and_too_many_lead_to_a_ban(self) -> None:
        venue = self.venue("binance")
        venue.weight_per_minute, venue.refusals_before_ban = 15, 2
        url = "fapi.binance.com/fapi/v1/premiumIndex"
        status, headers, _ = await self.client.get(url)
        self.assertEqual((status, headers["x-mbx-used-weight-1m"]), (200, "10"))
        statuses = [await self.client.get(url) for _ in range(4)]
        self.assertEqual([status for status, _, _ in statuses], [429, 429, 418, 418])
        self.assertEqual(json.loads(statuses[0][2])["code"], -1003)
        self.assertTrue(all("retry-after" in headers for _, headers, _ in statuses))

    async def test_rest(self) -> None:
        get = self.client.json
        info = await get("dapi.binance.com/dapi/v1/exchangeInfo")
        sizes = {row["symbol"]: row["contractSize"] for row in info["symbols"]}
        self.assertEqual((sizes["BTCUSD_PERP"], sizes["ETHUSD_PERP"]), (100, 10))
        rows = await get("dapi.binance.com/futures/data/openInterestHist?pair=BTCUSD"
                         "&contractType=PERPETUAL&period=5m&limit=2")
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[1]["timestamp"] - rows[0]["timestamp"], 300_000)
        self.assertLess(time.time() * 1000 - rows[1]["timestamp"], 300_000)
        self.assertEqual(rows[0]["contractType"], "PERPETUAL")
        for name, of in (("globalLongShortAccount", "Account"), ("topLongShortAccount", "Account"),
                         ("topLongShortPosition", "Position")):
            rows = await get(f"dapi.binance.com/futures/data/{name}Ratio?pair=BTCUSD&period=5m")
            self.assertEqual(set(rows[0]), {"pair", "longShortRatio", "long" + of, "short" + of,
                                            "timestamp"})
        interest = await get("fapi.binance.com/fapi/v1/openInterest?symbol=ETHUSDT")
        self.assertGreater(float(interest["openInterest"]), 1000)
        status, _, body = await self.client.get("fapi.binance.com/fapi/v1/openInterest?symbol=X")
        self.assertEqual((status, json.loads(body)["code"]), (400, -1121))


class Bybit(MockTest):
    async def test_a_wrong_topic_fails_the_batch(self) -> None:
        socket = await self.bybit("tickers.BTCUSDT", "tickers.NOTHING")
        answer = await socket.message()
        self.assertFalse(answer["success"])
        self.assertEqual(answer["ret_msg"], "error:handler not found,topic:tickers.NOTHING")
        self.assertEqual(answer["req_id"], "1")
        self.tick("bybit", 3)
        with self.assertRaises(asyncio.TimeoutError):
            await socket.text(timeout=0.1)

    async def test_tickers_are_a_snapshot_and_changes(self) -> None:
        socket = await self.bybit("tickers.BTCUSDT")
        await socket.message()
        snapshot = await socket.message()
        self.assertEqual(snapshot["type"], "snapshot")
        self.assertAlmostEqual(2 * float(snapshot["data"]["singleOpenInterest"]),
                               float(snapshot["data"]["openInterest"]), delta=0.01)
        self.tick("bybit", 1)
        delta = await socket.message()
        self.assertEqual(delta["type"], "delta")
        self.assertIn("markPrice", delta["data"])
        self.assertNotIn("fundingIntervalHour", delta["data"])

    async def test_liquidations_name_the_side_of_the_position(self) -> None:
        socket = await self.bybit("allLiquidation.BTCUSDT")
        await socket.message()
        self.tick("bybit", 40)
        message = await socket.message()
        row = message["data"][0]
        self.assertIn(row["S"], ("Buy", "Sell"))
        self.assertLessEqual(row["T"], message["ts"])

    async def test_topics_have_at_most_21000_characters(self) -> None:
        self.venue("bybit").topic_bytes_per_connection = 20
        socket = await self.bybit("tickers.BTCUSDT", "tickers.ETHUSDT")
        self.assertFalse((await socket.message())["success"])

    async def test_a_client_that_says_nothing_is_cut(self) -> None:
        socket = await self.bybit()
        await socket.send({"op": "ping"})
        await socket.message()
        (session,) = self.venue("bybit").sessions.values()
        session.tend(self.venue("bybit").clock() + 599)
        self.assertFalse(session.closing)
        session.tend(self.venue("bybit").clock() + 601)
        with self.assertRaises((ConnectionError, asyncio.IncompleteReadError)):
            await socket.text()

    async def test_instruments_come_in_pages(self) -> None:
        cursor, symbols = "", []
        while True:
            answer = await self.client.json(
                f"api.bybit.com/v5/market/instruments-info?category=linear&limit=1000{cursor}")
            symbols += [row["symbol"] for row in answer["result"]["list"]]
            if not answer["result"]["nextPageCursor"]:
                break
            cursor = "&cursor=" + answer["result"]["nextPageCursor"]
        self.assertEqual(len(symbols), len(set(symbols)))
        self.assertIn("1000PEPEUSDT", symbols)

    async def test_errors_come_with_status_200(self) -> None:
        answer = await self.client.json("api.bybit.com/v5/market/account-ratio?category=linear"
                                        "&symbol=BTCUSDT&period=7min")
        self.assertEqual(answer["retCode"], 10001)


class Okx(MockTest):
    async def subscribe(self, **argument: str) -> tuple[Any, Any]:
        socket = await self.client.open("ws.okx.com:8443/ws/v5/public")
        await socket.send({"id": "7", "op": "subscribe", "args": [argument]})
        return socket, await socket.message()

    async def test_subscriptions_are_confirmed_one_by_one(self) -> None:
        socket, answer = await self.subscribe(channel="mark-price", instId="BTC-USDT-SWAP")
        self.assertEqual((answer["event"], answer["id"]), ("subscribe", "7"))
        self.assertEqual(answer["arg"], {"channel": "mark-price", "instId": "BTC-USDT-SWAP"})
        row = (await socket.message())["data"][0]
        self.assertAlmostEqual(int(row["ts"]) / 1000, time.time(), delta=5)

    async def test_liquidations_are_asked_for_by_type_only(self) -> None:
        _, answer = await self.subscribe(channel="liquidation-orders", instId="BTC-USDT-SWAP")
        self.assertEqual((answer["event"], answer["code"]), ("error", "60018"))
        socket, answer = await self.subscribe(channel="liquidation-orders", instType="SWAP",
                                              instFamily="BTC-USDT")
        self.assertEqual(answer["arg"], {"channel": "liquidation-orders", "instType": "SWAP"})
        self.tick("okx", 20)
        row = (await socket.message())["data"][0]
        self.assertIn(row["details"][0]["side"], ("buy", "sell"))

    async def test_rows_repeat_and_come_late(self) -> None:
        socket, _ = await self.subscribe(channel="liquidation-orders", instType="SWAP")
        self.world.wall = lambda: self.world.start + self.venue("okx").at()
        self.tick("okx", 300)
        await socket.send("ping")
        rows = []
        while (text := await socket.text()) != "pong":
            row = json.loads(text)["data"][0]
            rows.append((row["instId"], row["details"][0]["ts"], row["details"][0]["sz"]))
        self.assertLess(len(set(rows)), len(rows))
        times = [int(ts) for _, ts, _ in rows]
        self.assertTrue(any(later < earlier - 60_000 for k, earlier in enumerate(times)
                            for later in times[k:]))

    async def test_malformed_requests_and_wrong_names(self) -> None:
        socket = await self.client.open("ws.okx.com:8443/ws/v5/public")
        for text, code in (("{", "60012"), ('{"op":"dance","args":[{}]}', "60012"),
                           ('{"op":"subscribe","args":[{"channel":"x","instId":"y"}]}', "60018")):
            await socket.send(text)
            self.assertEqual((await socket.message())["code"], code)

    async def test_480_operations_an_hour_are_the_most(self) -> None:
        self.venue("okx").operations_per_hour = 2
        socket = await self.client.open("ws.okx.com:8443/ws/v5/public")
        argument = {"channel": "funding-rate", "instId": "BTC-USD-SWAP"}
        await socket.send({"op": "unsubscribe", "args": [argument] * 3})
        answers = [await socket.message() for _ in range(3)]
        self.assertEqual([a["event"] for a in answers], ["unsubscribe", "unsubscribe", "error"])
        self.assertEqual(answers[2]["code"], "60014")

    async def test_three_connections_a_second_are_the_most(self) -> None:
        for _ in range(3):
            await self.client.open("ws.okx.com:8443/ws/v5/public")
        with self.assertRaises(Refused) as caught:
            await self.client.open("ws.okx.com:8443/ws/v5/public")
        self.assertEqual(caught.exception.status, 429)

    async def test_thirty_silent_seconds_end_a_connection(self) -> None:
        socket = await self.client.open("ws.okx.com:8443/ws/v5/public")
        (session,) = self.venue("okx").sessions.values()
        session.tend(self.venue("okx").clock() + 31)
        with self.assertRaises(Closed) as caught:
            await socket.text()
        self.assertEqual(caught.exception.code, 4004)

    async def test_rest(self) -> None:
        get = self.client.json
        rows = (await get("www.okx.com/api/v5/public/instruments?instType=SWAP"))["data"]
        sizes = {row["instId"]: (row["ctVal"], row["ctType"]) for row in rows}
        self.assertEqual(sizes["BTC-USDT-SWAP"], ("0.01", "linear"))
        self.assertEqual(sizes["BTC-USD-SWAP"], ("100", "inverse"))
        self.assertIn("MINA-USDT-SWAP", sizes)
        path = "www.okx.com/api/v5/rubik/stat/contracts/"
        answer = await get(path + "long-short-account-ratio-contract?instId=BTC-USDT-SWAP&limit=3")
        self.assertEqual(len(answer["data"]), 3)
        self.assertGreater(answer["data"][0][0], answer["data"][1][0])
        self.assertEqual((await get(path + "open-interest-history?instId=X"))["code"], "51001")
        statuses = [(await self.client.get(path + "open-interest-volume?ccy=BTC"))[0]
                    for _ in range(6)]
        self.assertEqual(statuses, [200] * 5 + [429])


class CoinGecko(MockTest):
    PRICES = "api.coingecko.com/api/v3/simple/price?vs_currencies=usd&ids=bitcoin,nothing,tether"

    async def test_unknown_ids_are_missing(self) -> None:
        answer = await self.client.json(self.PRICES + "&include_24hr_vol=true"
                                        "&include_last_updated_at=true")
        self.assertEqual(set(answer), {"bitcoin", "tether"})
        self.assertEqual(set(answer["bitcoin"]), {"usd", "usd_24h_vol", "last_updated_at"})
        self.assertAlmostEqual(answer["bitcoin"]["last_updated_at"], time.time(), delta=30)

    async def test_markets(self) -> None:
        rows = await self.client.json("api.coingecko.com/api/v3/coins/markets?vs_currency=usd"
                                      "&per_page=2")
        self.assertEqual([row["id"] for row in rows], ["bitcoin", "ethereum"])

    async def test_keyless_calls_are_few(self) -> None:
        replies = [await self.client.get(self.PRICES) for _ in range(11)]
        self.assertEqual([status for status, _, _ in replies], [200] * 10 + [429])
        _, headers, body = replies[-1]
        self.assertEqual(headers["retry-after"], "60")
        self.assertEqual(json.loads(body)["status"]["error_code"], 429)

    async def test_keys_are_checked(self) -> None:
        for host, header, key, status, code in (
                ("api", "x-cg-demo-api-key", "CG-demo", 200, 0),
                ("api", "x-cg-demo-api-key", "CG-stolen", 401, 10002),
                ("api", "x-cg-pro-api-key", "CG-pro", 400, 10010),
                ("pro-api", "x-cg-demo-api-key", "CG-demo", 400, 10011),
                ("pro-api", "x-other", "", 401, 10002)):
            got, _, body = await self.client.get(
                f"{host}.coingecko.com/api/v3/ping", {header: key})
            self.assertEqual(got, status, body)
            if code:
                self.assertEqual(json.loads(body)["status"]["error_code"], code)

    async def test_a_key_lasts_for_10000_calls_a_month(self) -> None:
        self.venue("coingecko").demo_per_month = 2
        replies = [await self.client.get(self.PRICES, {"x-cg-demo-api-key": "CG-demo"})
                   for _ in range(3)]
        self.assertEqual([status for status, _, _ in replies], [200, 200, 429])
