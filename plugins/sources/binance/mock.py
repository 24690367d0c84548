"""Binance USD-M and COIN-M futures, as far as public data go, for tools/mock-exchange."""

from __future__ import annotations

import json
from typing import Any

from mock_exchange import Liquidation, Session, Socket, World, number

from .mock_contracts import Contract
from .mock_polls import COIN_STREAM, USD_STREAM, Polls

RULES: dict[str, Any] = dict(messages_per_second=10, connects=300, connects_per=300,
                             ping_every=180, pong_within=600)
# Where a stream is served; elsewhere a subscription is confirmed and stays silent.
PUBLIC = ("bookTicker", "depth", "rpiDepth")


class Binance(Polls):
    name = "binance"
    sockets = tuple(
        Socket(name, path, host, **RULES)
        for name, root, host in (
            ("usdm", "/market", USD_STREAM), ("usdm_book", "/public", USD_STREAM),
            ("root", "", USD_STREAM), ("coinm", "", COIN_STREAM))
        for path in (root + "/stream", root + "/ws", root + "/ws/"))
    answers = ('{"result":', '{"id":', '{"error":')
    streams_per_connection = 1024

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._largest: dict[str, tuple[float, Liquidation]] = {}  # of the running second
        self._trade = 3_466_782_974

    # -- WebSocket

    def opened(self, session: Session) -> None:
        path, request = session.request.path, session.request
        session.data["combined"] = path.endswith("/stream")
        session.dress = lambda topic, text: (
            f'{{"stream":"{topic}","data":{text}}}' if session.data["combined"] else text)
        streams = request.query.get("streams", "") if session.data["combined"] else (
            path.partition("/ws/")[2])
        self._subscribe(session, [stream for stream in streams.split("/") if stream])

    def heard(self, session: Session, text: str) -> None:
        try:
            request = json.loads(text)
        except ValueError:
            return self._complain(session, 3, "Invalid JSON: expected value at line 1 column 1")
        number_ = request.get("id") if isinstance(request, dict) else None
        if not isinstance(number_, int) or number_ < 0:
            return self._complain(session, 2, "Invalid request: request ID must be an unsigned "
                                              "integer")
        method, params = request.get("method"), request.get("params", [])
        result: Any = None
        if method in ("SUBSCRIBE", "UNSUBSCRIBE"):
            if not params or not all(isinstance(p, str) for p in params):
                return self._complain(session, 2, "Invalid request: invalid params", number_)
            if self.silenced():
                return None
            if self.unwilling():
                return self._complain(session, 2, "Invalid request: refused", number_)
            if method == "UNSUBSCRIBE":
                for stream in params:
                    self.leave(session, stream)
            elif not self._subscribe(session, params):
                return None
        elif method == "LIST_SUBSCRIPTIONS":
            result = list(session.topics)
        elif method == "SET_PROPERTY" and params[:1] == ["combined"]:
            session.data["combined"] = bool(params[1])
        elif method == "GET_PROPERTY" and params == ["combined"]:
            result = session.data["combined"]
        elif method in ("SET_PROPERTY", "GET_PROPERTY"):
            return self._complain(session, 0, "Unknown property", number_)
        else:
            return self._complain(session, 2, f"Invalid request: unknown variant `{method}`",
                                  number_)
        return session.send(json.dumps({"result": result, "id": number_}, separators=(",", ":")))

    def _subscribe(self, session: Session, streams: list[str]) -> bool:
        if len(set(session.topics) | set(streams)) > self.streams_per_connection:
            self.refused("streams per connection")
            session.close(1008, f"more than {self.streams_per_connection} streams")
            return False
        for stream in streams:
            if self._served(session.socket.name, stream):
                self.join(session, stream)
            else:
                self.refused(f"silent stream {stream}")
                session.topics[stream] = None
        return True

    def _complain(self, session: Session, code: int, why: str, id_: int | None = None) -> None:
        self.refused("request")
        answer: dict[str, Any] = {"error": {"code": code, "msg": why}}
        answer |= {} if id_ is None else {"id": id_}
        session.send(json.dumps(answer, separators=(",", ":")))

    def _served(self, socket: str, stream: str) -> bool:
        name, _, kind = stream.partition("@")
        if name.startswith("!"):
            if name not in ("!forceOrder", "!markPrice", "!bookTicker"):
                return False
            kind = name[1:]
        elif name != name.lower() or name.upper() not in self.contracts:
            return False
        elif self.contracts[name.upper()].coin_margined != (socket == "coinm"):
            return False
        known = kind.partition("@")[0] in ("forceOrder", "markPrice", "aggTrade", "bookTicker",
                                           "depth5", "depth10", "depth20")
        public = kind.startswith(PUBLIC)
        return known and (socket == "coinm" or public == (socket in ("usdm_book", "root")))

    # -- streams

    def stream(self) -> None:
        self._collect()
        for socket, topic in self.topics():
            name, _, kind = topic.partition("@")
            if topic.startswith("!markPrice"):
                if self.every(1 if kind.endswith("1s") else 3):
                    self._publish_all_marks(socket, topic)
            elif kind.startswith("markPrice"):
                if self.every(1 if kind.endswith("1s") else 3):
                    self.publish(socket, topic, self._mark(self.contracts[name.upper()]))
            elif kind == "aggTrade" and self.every(0.5, sum(name.encode()) % 5 * 0.1):
                self.publish(socket, topic, self._agg_trade(self.contracts[name.upper()]))
            elif kind == "bookTicker" and self.every(1):
                self.publish(socket, topic, self._book(self.contracts[name.upper()]))
            elif kind.startswith("depth") and self.every(0.5):
                levels = int(kind.partition("@")[0][5:])
                self.publish(socket, topic, self.depth(self.contracts[name.upper()], levels, "e"))

    def _collect(self) -> None:
        """The feed has the largest order of each symbol and second, told at the end of it."""
        at = self.at()
        for found in self.market.liquidations(self.name, at - 0.1, 0.1):
            lines = [c for c in self.contracts.values() if c.asset == found.asset]
            contract = lines[int(found.time * 1e6) % 10 % len(lines)] if (
                int(found.time * 1e6) % 10 > 7) else lines[0]
            since, largest = self._largest.get(contract.symbol, (at, found))
            self._largest[contract.symbol] = (
                since, found if found.usd >= largest.usd else largest)
        for symbol, (since, found) in list(self._largest.items()):
            if at >= since + 1:
                del self._largest[symbol]
                self._publish_order(self.contracts[symbol], self._force_order(symbol, found))
        if self.every(11, 5):  # symbols of all sorts, as they were recorded
            rows = self.samples("force_order.combined.jsonl")
            message = rows[self.tick_number // 110 % len(rows)]["data"]
            if message["o"]["s"] not in self.contracts:
                self.publish("usdm", "!forceOrder@arr", self.moved(message, message["E"]))

    def _publish_order(self, contract: Contract, message: dict[str, Any]) -> None:
        own = "coinm" if contract.coin_margined else "usdm"
        self.publish(own, contract.symbol.lower() + "@forceOrder", message)
        # Since 2026-06 all-market streams carry both lines.
        for socket in dict.fromkeys(("usdm", own)):
            self.publish(socket, "!forceOrder@arr", message)

    def _force_order(self, symbol: str, found: Liquidation) -> dict[str, Any]:
        contract = self.contracts[symbol]
        price = found.price * contract.asset.multiple
        quantity = (str(max(1, round(found.usd / contract.size))) if contract.coin_margined
                    else number(found.usd / price, 5))
        template = self.sample("force_order.combined.jsonl")["data"]
        order = self.fill(template["o"], {
            "s": symbol, "S": "SELL" if found.long else "BUY", "q": quantity, "l": quantity,
            "z": quantity, "p": number(price * (0.996 if found.long else 1.004), 6),
            "ap": number(price, 6), "ps": contract.pair, "st": 2 if contract.coin_margined else 1,
        }, {"T": self.ms_of(found.time)})
        return self.fill(template, {"o": order}, {"E": self.now_ms()})

    def _publish_all_marks(self, socket: str, topic: str) -> None:
        lines = [c for c in self.contracts.values() if c.coin_margined == (socket == "coinm")]
        self.publish(socket, topic, [self._mark(contract) for contract in lines])

    def _mark(self, contract: Contract) -> dict[str, Any]:
        price = number(self.price(contract), 10)
        return self.fill(self.sample("mark_price.jsonl")["data"], {
            "s": contract.symbol, "p": price, "ap": price, "P": price,
            "i": number(self.index(contract), 10),
            "r": "" if contract.dated else self.rate(contract),
            "st": 2 if contract.coin_margined else 1,
        }, {"E": self.now_ms() // 1000 * 1000, "T": 0 if contract.dated else self.next_funding()})

    def _agg_trade(self, contract: Contract) -> dict[str, Any]:
        self._trade += 1
        rng = self.market.random("trade", self.tick_number, contract.symbol)
        price, usd = self.price(contract), 20 + rng.expovariate(1 / 4000)
        amount = (str(max(1, round(usd / contract.size))) if contract.coin_margined
                  else number(usd / price, 4))
        now = self.now_ms()
        return self.fill(self.sample("agg_trade.jsonl")["data"], {
            "a": self._trade, "s": contract.symbol, "p": number(price, 7), "q": amount,
            "nq": amount, "f": self._trade * 2, "l": self._trade * 2 + 1,
            "m": rng.random() < 0.5 + 0.2 * self.market.stress(self.at()),
            "st": 2 if contract.coin_margined else 1}, {"E": now, "T": now - 120})

    def _book(self, contract: Contract) -> dict[str, Any]:
        price, now = self.price(contract), self.now_ms()
        return self.fill(self.sample("no_event.jsonl", 1)["data"], {
            "u": now, "s": contract.symbol, "ps": contract.pair, "b": number(price, 7),
            "a": number(price * 1.00001, 7), "st": 2 if contract.coin_margined else 1},
            {"E": now, "T": now - 1})
