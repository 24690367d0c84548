"""Kraken Futures, as far as public data go, for tools/mock-exchange."""

from __future__ import annotations

import json
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mock_exchange import Asset, Request, Session, Socket, Venue, World, number, quarter_end, route

HOST = "futures.kraken.com"
FEEDS = ("trade", "ticker", "ticker_lite", "heartbeat")
COIN_MARGINED = ("BTC", "ETH", "LTC", "XRP")
TICKERS = {"BTC": "XBT"}
RECENT = 100  # trades in a snapshot


@dataclass(frozen=True)
class Contract:
    id: str
    asset: Asset
    dated: bool = False

    @property
    def inverse(self) -> bool:
        return self.id.startswith(("PI_", "FI_"))

    @property
    def pair(self) -> str:
        return f"{TICKERS.get(self.asset.name, self.asset.name)}:USD"


class KrakenFutures(Venue):
    name = "kraken_futures"
    hosts = (HOST,)
    sockets = (Socket("public", "/ws/v1", HOST, messages_per_second=100, silence=60),)
    answers = ('{"event":',)
    heartbeat_seconds = 5

    def __init__(self, world: World) -> None:
        super().__init__(world)
        quarter = quarter_end(datetime.fromtimestamp(world.start, UTC).date())
        self.maturity = datetime(quarter.year, quarter.month, quarter.day, 16, tzinfo=UTC)
        self.contracts: dict[str, Contract] = {}
        for asset in self.market.assets:
            spelling = TICKERS.get(asset.name, asset.name) + "USD"
            types = ("PF_", "PI_") if asset.name in COIN_MARGINED else ("PF_",)
            ids = [type_ + spelling for type_ in types]
            if asset.name in ("BTC", "ETH"):
                ids += [f"{type_}{spelling}_{quarter:%y%m%d}" for type_ in ("FI_", "FF_")]
            for name in ids:
                self.contracts[name] = Contract(name, asset, name.startswith("F"))
        self._recent: dict[str, deque[dict[str, Any]]] = {}
        self._sequence = 650_000

    # -- requests

    def opened(self, session: Session) -> None:
        session.send('{"event":"info","version":1}')

    def heard(self, session: Session, text: str) -> None:
        try:
            request = json.loads(text)
            event, feed = request["event"], request["feed"]
            products = request.get("product_ids", [])
        except (ValueError, TypeError, KeyError):
            return self._complain(session, "Json Error")
        if event not in ("subscribe", "unsubscribe"):
            return self._complain(session, "Invalid event")
        if self.silenced():
            return None
        if feed not in FEEDS:
            return self._complain(session, "Invalid feed")
        if feed == "heartbeat":
            topics = [feed]
        elif not products or any(product not in self.contracts for product in products):
            return self._complain(session, "Invalid product id")
        else:
            topics = [f"{feed}.{product}" for product in products]
        if event == "subscribe" and self.unwilling():
            return self._complain(session, "Invalid product id")
        if event == "subscribe" and any(topic in session.topics for topic in topics):
            session.send('{"event":"alert","message":"Already subscribed to feed, re-requesting"}')
        for topic in topics:
            if event == "subscribe":
                self.join(session, topic)
            else:
                self.leave(session, topic)
        answer: dict[str, Any] = {"event": event + "d", "feed": feed}
        if feed != "heartbeat":
            answer["product_ids"] = products
        session.send(json.dumps(answer, separators=(",", ":")))
        if event == "subscribe" and feed == "trade":
            for product in products:
                self._send_snapshot(session, product)
        return None

    def _complain(self, session: Session, message: str) -> None:
        self.refused(message)
        session.send(json.dumps({"event": "error", "message": message}, separators=(",", ":")))

    def _send_snapshot(self, session: Session, product: str) -> None:
        """What was traded last, newest first; something has been."""
        if not self._recent.get(product):
            self._trade(self.contracts[product], "fill", "buy", 1000.0)
        message = {"feed": "trade_snapshot", "product_id": product,
                   "trades": list(self._recent[product])}
        session.publish(json.dumps(message, separators=(",", ":")), f"trade.{product}",
                        snapshot=True)

    # -- streams

    def stream(self) -> None:
        at = self.at()
        for found in self.market.liquidations(self.name, at - 0.1, 0.1):
            lines = [c for c in self.contracts.values() if c.asset == found.asset]
            pick = int(found.time * 1e6) % 10
            contract = lines[pick % len(lines)] if pick > 7 else lines[0]
            row = self._trade(contract, "liquidation", "sell" if found.long else "buy", found.usd)
            self.publish("public", f"trade.{contract.id}", row)
        for socket, topic in self.topics():
            feed, _, product = topic.partition(".")
            offset = sum(product.encode()) % 10 * 0.1
            if feed == "heartbeat" and self.every(self.heartbeat_seconds):
                self.publish(socket, topic, {"feed": feed, "time": self.now_ms()})
            elif feed == "ticker" and self.every(1, offset):
                self.publish(socket, topic, self.ticker(self.contracts[product]))
            elif feed == "ticker_lite" and self.every(1, offset):
                self.publish(socket, topic, self._ticker_lite(self.contracts[product]))
            elif feed == "trade" and self.every(0.5, offset % 0.5):
                rng = self.market.random("trades", product, self.tick_number)
                self.publish(socket, topic, self._trade(
                    self.contracts[product], "fill", rng.choice(("buy", "sell")),
                    20 + rng.expovariate(1 / 3000)))

    def _price(self, contract: Contract) -> float:
        basis = 1.004 if contract.dated else 1.0
        return float(number(basis * self.market.price(contract.asset, self.at(), self.name), 7))

    def _trade(self, contract: Contract, type_: str, side: str, usd: float) -> dict[str, Any]:
        price = self._price(contract)
        self._sequence += 1
        rng = self.market.random("uid", self._sequence)
        row = self.fill(self.sample("trade.jsonl", 4), {
            "product_id": contract.id, "uid": str(uuid.UUID(int=rng.getrandbits(128))),
            "side": side, "type": type_, "seq": self._sequence, "price": price,
            "qty": float(max(1, round(usd))) if contract.inverse else float(
                number(usd / price, 4))}, {"time": self.now_ms()})
        self._recent.setdefault(contract.id, deque(maxlen=RECENT)).appendleft(row)
        return row

    def _interest(self, contract: Contract) -> float:
        usd = self.market.open_interest(contract.asset, self.at(), self.name)
        usd *= 0.05 if contract.inverse or contract.dated else 0.2
        return float(round(usd)) if contract.inverse else float(
            number(usd / self._price(contract), 9))

    def ticker(self, contract: Contract) -> dict[str, Any]:
        price, now = self._price(contract), self.now_ms()
        index = float(number(self.market.price(contract.asset, self.at()), 7))
        rate = self.market.funding(contract.asset, self.at(), self.name) / 8
        absolute = rate / price if contract.inverse else rate * price
        usd = 12.0 * self.market.open_interest(contract.asset, 0.0, self.name) / 100
        fields = self.fill(self.sample("linear.written.jsonl", 3), {
            "product_id": contract.id, "funding_rate": absolute,
            "funding_rate_prediction": absolute, "relative_funding_rate": rate,
            "relative_funding_rate_prediction": rate, "bid": price, "ask": price,
            "index": index, "last": price, "markPrice": price, "pair": contract.pair,
            "tag": "quarter" if contract.dated else "perpetual",
            "volume": round(usd if contract.inverse else usd / price, 4),
            "volumeQuote": round(usd, 2), "openInterest": self._interest(contract),
            "maturityTime": int(self.maturity.timestamp() * 1000) if contract.dated else 0},
            {"time": now, "next_funding_rate_time": (now // 3_600_000 + 1) * 3_600_000})
        return {key: value for key, value in fields.items()
                if not (contract.dated and "funding_rate" in key)}

    def _ticker_lite(self, contract: Contract) -> dict[str, Any]:
        full = self.ticker(contract)
        keys = ("product_id", "bid", "ask", "change", "premium", "volume", "tag", "pair", "dtm",
                "maturityTime", "volumeQuote")
        return {"feed": "ticker_lite"} | {key: full[key] for key in keys}

    # -- polls

    @route("/derivatives/api/v3/instruments")
    def instruments(self, request: Request) -> Any:
        rows: list[dict[str, Any]] = []
        for contract in self.contracts.values():
            template = self.sample("rest.instruments.jsonl")["instruments"][
                0 if contract.inverse else 1]
            rows.append(template | {
                "symbol": contract.id, "base": contract.asset.name,
                "pair": f"{contract.asset.name}:USD"} | ({
                    "lastTradingTime": f"{self.maturity:%Y-%m-%dT%H:%M:%SZ}"}
                    if contract.dated else {}))
        rows.append({"symbol": "in_xbtusd", "type": "spot index", "tradeable": False})
        return self._reply("instruments", rows)

    @route("/derivatives/api/v3/tickers")
    def tickers(self, request: Request) -> Any:
        template = self.sample("rest.tickers.jsonl")["tickers"][0]
        rows = []
        for contract in self.contracts.values():
            full = self.ticker(contract)
            rows.append(template | {
                "symbol": contract.id, "pair": f"{contract.asset.name}:USD", "tag": full["tag"],
                "vol24h": full["volume"], "indexPrice": full["index"],
                "fundingRate": full.get("funding_rate", 0.0)} | {
                    key: full[key] for key in ("last", "markPrice", "bid", "ask", "volumeQuote",
                                               "openInterest")})
        return self._reply("tickers", rows)

    def _reply(self, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        time = datetime.fromtimestamp(self.now_ms() / 1000, UTC)
        stamp = time.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        return {"result": "success", name: rows, "serverTime": stamp}
