"""Bybit v5, linear and inverse, as far as public data go, for tools/mock-exchange."""

from __future__ import annotations

import json
import uuid
from typing import Any

from mock_exchange import Liquidation, Session, Socket, World, number

from .mock_polls import STREAM, Contract, Polls

RULES: dict[str, Any] = dict(host=STREAM, connects=500, connects_per=300, silence=600)
KINDS = ("allLiquidation", "liquidation", "tickers", "publicTrade")


class Bybit(Polls):
    name = "bybit"
    sockets = (Socket("linear", "/v5/public/linear", **RULES),
               Socket("inverse", "/v5/public/inverse", **RULES))
    answers = ('{"success":',)
    topic_bytes_per_connection = 21_000

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._tickers: dict[str, dict[str, str]] = {}  # as last sent
        self._pending: dict[str, list[Liquidation]] = {}
        self._sequence = 20_856_433_578
        self._trade = 0

    # -- requests

    def opened(self, session: Session) -> None:
        session.data["id"] = str(uuid.UUID(int=session.rng.getrandbits(128)))

    def heard(self, session: Session, text: str) -> None:
        try:
            request = json.loads(text)
            operation, arguments = request["op"], request.get("args", [])
        except (ValueError, TypeError, KeyError):
            self.refused("request")
            session.send('{"success":false,"ret_msg":"error:request parse failed","conn_id":"'
                         + session.data["id"] + '","req_id":"","op":""}')
            return
        if operation == "ping":
            self._answer(session, request, "pong")
        elif operation not in ("subscribe", "unsubscribe"):
            self._answer(session, request, f"error:op not supported,op:{operation}", False)
        elif not self.silenced():
            wrong = self._why_refused(session, arguments) if operation == "subscribe" else ""
            if wrong:
                self.refused("subscription")
                self._answer(session, request, wrong, False)
                return
            for topic in arguments:
                if operation == "unsubscribe":
                    self.leave(session, topic)
                else:
                    self.join(session, topic)
            self._answer(session, request)
            if operation == "subscribe":
                self._send_snapshots(session, arguments)

    def _why_refused(self, session: Session, topics: list[Any]) -> str:
        """Why a batch is refused as a whole; empty: it is not."""
        if self.unwilling():
            return "error:refused"
        if not topics:
            return "error:args is empty"
        for topic in topics:
            kind, _, symbol = str(topic).partition(".")
            contract = self.contracts.get(symbol)
            if kind not in KINDS or contract is None or (
                    contract.category != session.socket.name):
                return f"error:handler not found,topic:{topic}"
        if sum(map(len, set(session.topics) | set(topics))) > self.topic_bytes_per_connection:
            return f"error:args of a connection exceed {self.topic_bytes_per_connection} characters"
        return ""

    def _answer(self, session: Session, request: dict[str, Any], said: str = "",
                success: bool = True) -> None:
        answer = {"success": success, "ret_msg": said, "conn_id": session.data["id"],
                  "req_id": request.get("req_id", ""), "op": request["op"]}
        session.send(json.dumps(answer, separators=(",", ":")))

    # -- streams

    def stream(self) -> None:
        at = self.at()
        for found in self.market.liquidations(self.name, at - 0.1, 0.1):
            lines = [c for c in self.contracts.values() if c.asset == found.asset]
            pick = int(found.time * 1e6) % 10
            contract = lines[pick % len(lines)] if pick > 7 else lines[0]
            self._pending.setdefault(contract.symbol, []).append(found)
        if self.every(0.5):
            pending, self._pending = self._pending, {}
            for symbol, rows in pending.items():
                self._publish_liquidations(self.contracts[symbol], rows)
        for socket, topic in self.topics():
            kind, _, symbol = topic.partition(".")
            offset = sum(symbol.encode()) % 10 * 0.1
            if kind == "tickers" and self.every(1, offset):
                self._publish_ticker(socket, topic, self.contracts[symbol])
            elif kind == "publicTrade" and self.every(0.5, offset % 0.5):
                self.publish(socket, topic, self._trades(self.contracts[symbol]))

    def _publish_liquidations(self, contract: Contract, rows: list[Liquidation]) -> None:
        now, symbol = self.now_ms(), contract.symbol
        template = self.sample("allLiquidation.jsonl", 2)

        def row(found: Liquidation) -> dict[str, Any]:
            price = found.price * contract.asset.multiple
            bankrupt = price * (0.995 if found.long else 1.005)
            size = str(max(1, round(found.usd))) if contract.inverse else number(
                found.usd / price, 4)
            return self.fill(template["data"][0], {
                "s": symbol, "S": "Buy" if found.long else "Sell", "v": size,
                "p": number(bankrupt, 7)}, {"T": self.ms_of(found.time)})

        topic = f"allLiquidation.{symbol}"
        self.publish(contract.category, topic, self.fill(
            template, {"topic": topic, "data": [row(found) for found in rows]}, {"ts": now}))
        # The old topic: an object, and one a second.
        if self.every(1):
            last = row(rows[-1])
            self.publish(contract.category, f"liquidation.{symbol}", {
                "topic": f"liquidation.{symbol}", "type": "snapshot", "ts": now,
                "data": {"updatedTime": last["T"], "symbol": symbol, "side": last["S"],
                         "size": last["v"], "price": last["p"]}})

    def _send_snapshots(self, session: Session, topics: list[str]) -> None:
        for topic in topics:
            kind, _, symbol = topic.partition(".")
            if kind == "tickers":
                fields = self._tickers.setdefault(topic, self.ticker(self.contracts[symbol]))
                message = self._ticker_message(topic, "snapshot", fields)
                session.publish(json.dumps(message, separators=(",", ":")), topic, snapshot=True)

    def _publish_ticker(self, socket: str, topic: str, contract: Contract) -> None:
        last, fields = self._tickers.get(topic, {}), self.ticker(contract)
        changed = {k: v for k, v in fields.items() if last.get(k) != v or k == "symbol"}
        self._tickers[topic] = fields
        if len(changed) > 1:
            self.publish(socket, topic, self._ticker_message(topic, "delta", changed))

    def _ticker_message(self, topic: str, kind: str, fields: dict[str, str]) -> dict[str, Any]:
        self._sequence += 25
        return self.fill(self.sample("tickers.jsonl"), {
            "topic": topic, "type": kind, "data": fields, "cs": self._sequence},
            {"ts": self.now_ms()})

    def _trades(self, contract: Contract) -> dict[str, Any]:
        rng = self.market.random("trades", contract.symbol, self.tick_number)
        template, price, now = self.sample("publicTrade.jsonl"), self.price(contract), self.now_ms()
        rows = []
        for _ in range(rng.randrange(1, 4)):
            self._trade += 1
            usd = 20 + rng.expovariate(1 / 3000)
            rows.append(self.fill(template["data"][0], {
                "s": contract.symbol, "S": rng.choice(("Buy", "Sell")), "p": number(price, 7),
                "v": str(round(usd)) if contract.inverse else number(usd / price, 4),
                "i": str(uuid.UUID(int=rng.getrandbits(128)))}, {"T": now - 2}))
        topic = f"publicTrade.{contract.symbol}"
        return self.fill(template, {"topic": topic, "data": rows}, {"ts": now})
