"""Contracts and REST of Bybit v5, for mock.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from mock_exchange import (
    Asset,
    Reply,
    Request,
    Route,
    Venue,
    Window,
    World,
    number,
    quarter_end,
    route,
)

REST, STREAM = "api.bybit.com", "stream.bybit.com"
PERIODS = {"5min": 300, "15min": 900, "30min": 1800, "1h": 3600, "4h": 14400, "1d": 86400}
EIGHT_HOURS = 28800


@dataclass(frozen=True)
class Contract:
    symbol: str
    asset: Asset
    inverse: bool = False
    dated: bool = False
    quote: str = "USDT"

    @property
    def category(self) -> str:
        return "inverse" if self.inverse else "linear"

    @property
    def type(self) -> str:
        return ("Inverse" if self.inverse else "Linear") + (
            "Futures" if self.dated else "Perpetual")


class Polls(Venue):
    hosts = (REST, "api.bytick.com", STREAM)
    requests_per_5_seconds = 600
    rows_per_page = 10  # fewer than are asked for: whoever reads lists must follow the cursor
    ban_seconds = 600

    def __init__(self, world: World) -> None:
        super().__init__(world)
        quarter = quarter_end(datetime.fromtimestamp(world.start, UTC).date())
        self.delivery_ms = int(datetime(quarter.year, quarter.month, quarter.day, 8,
                                        tzinfo=UTC).timestamp() * 1000)
        self.contracts: dict[str, Contract] = {}
        for asset in self.market.assets:
            base = (str(asset.multiple) if asset.multiple > 1 else "") + asset.name
            found = [Contract(base + "USDT", asset)]
            if asset.name in ("BTC", "ETH"):
                letter = "HMUZ"[(quarter.month - 1) // 3]
                found += [Contract(base + "PERP", asset, quote="USDC"),
                          Contract(f"{base}USDT-{quarter:%d%b%y}".upper(), asset, dated=True),
                          Contract(f"{base}USD{letter}{quarter:%y}", asset, True, True, "USD")]
            if asset.name in ("BTC", "ETH", "XRP", "SOL"):
                found.append(Contract(base + "USD", asset, True, quote="USD"))
            self.contracts |= {contract.symbol: contract for contract in found}
        self._budget: Window | None = None
        self._banned_until = 0.0

    # -- the market

    def price(self, contract: Contract) -> float:
        premium = 1.004 if contract.dated else 1.0
        return self.market.price(contract.asset, self.at(), self.name) * (
            contract.asset.multiple * premium)

    def rate(self, contract: Contract) -> str:
        return number(self.market.funding(contract.asset, self.at(), self.name), 4)

    def next_funding(self) -> int:
        return (int(self.now()) // EIGHT_HOURS + 1) * EIGHT_HOURS * 1000

    def interest(self, contract: Contract, at: float) -> float:
        """One side: coins of linear contracts, USD of inverse ones."""
        share = 0.1 if contract.dated or contract.quote != "USDT" else 0.8
        usd = share * self.market.open_interest(contract.asset, at, self.name)
        return usd if contract.inverse else usd / self.price(contract)

    def ticker(self, contract: Contract) -> dict[str, str]:
        """All fields of a snapshot."""
        price, interest = self.price(contract), self.interest(contract, self.at())
        index = self.market.price(contract.asset, self.at()) * contract.asset.multiple
        written = number(price, 7)
        value = 2 * (interest / price if contract.inverse else interest * price)
        places = 0 if contract.inverse else 3
        values = {"symbol": contract.symbol, "lastPrice": written, "markPrice": written,
                  "indexPrice": number(index, 7), "bid1Price": written,
                  "ask1Price": number(price * 1.00001, 7),
                  "openInterest": f"{2 * interest:.{places}f}",
                  "singleOpenInterest": f"{interest:.{places}f}",
                  "openInterestValue": f"{value:.4f}",
                  "singleOpenInterestValue": f"{value / 2:.4f}",
                  "fundingRate": "" if contract.dated else self.rate(contract),
                  "fundingIntervalHour": "" if contract.dated else "8"}
        times = {"nextFundingTime": "" if contract.dated else str(self.next_funding())}
        return self.fill(self.samples("tickers.jsonl")[0]["data"], values, times)

    # -- budgets

    def admit(self, request: Request, found: Route) -> Reply | None:
        self._budget = self._budget or Window(self.requests_per_5_seconds, 5)
        now = self.clock()
        if now < self._banned_until or not self._budget.spend(now):
            if now >= self._banned_until:
                self._banned_until = now + self.ban_seconds
            self.refused("requests")
            return Reply("access too frequent", 403)
        return None

    def too_fast(self, fault: Reply) -> Reply:
        if fault.status == 403:
            fault.body = ("error: Forbidden. The Amazon CloudFront distribution is configured to "
                          "block access from your country.")
        elif fault.status == 429:
            fault.body = {"retCode": 10006, "retMsg": "Too many visits. Exceeded the API Rate "
                                                      "Limit.", "result": {}, "retExtInfo": {},
                          "time": self.now_ms()}
        return fault

    # -- answers

    @route("/v5/market/time")
    def time(self, request: Request) -> Any:
        now = self.now()
        return self._envelope({"timeSecond": str(int(now)), "timeNano": str(int(now * 1e9))})

    @route("/v5/market/tickers")
    def tickers(self, request: Request) -> Any:
        found = self._contracts(request)
        if isinstance(found, Reply):
            return found
        template = self.samples("rest.tickers.jsonl")[0]["result"]["list"][0]
        return self._envelope({"category": request.query["category"],
                               "list": [template | self.ticker(c) for c in found]})

    @route("/v5/market/instruments-info")
    def instruments(self, request: Request) -> Any:
        found = self._contracts(request)
        if isinstance(found, Reply):
            return found
        # Cursors come escaped; clients hand them back as they are, or escape them once more.
        cursor = unquote(request.query.get("cursor", "first=0"))
        start = cursor.removeprefix("first=")
        if not start.isdigit():
            return self._wrong("params error: cursor invalid")
        limit = min(int(request.query.get("limit", "500")), self.rows_per_page)
        end = int(start) + limit
        template = self.samples("rest.instruments-info.jsonl")[0]["result"]["list"][0]
        rows = [self.fill(template, {
            "symbol": c.symbol, "contractType": c.type, "baseCoin":
            (str(c.asset.multiple) if c.asset.multiple > 1 else "") + c.asset.name,
            "quoteCoin": c.quote, "settleCoin": c.asset.name if c.inverse else c.quote,
            "fundingInterval": 0 if c.dated else 480,
        }, {"deliveryTime": str(self.delivery_ms) if c.dated else "0"})
            for c in found[int(start):end]]
        return self._envelope({"category": request.query["category"], "list": rows,
                               "nextPageCursor": f"first%3D{end}" if end < len(found) else ""})

    @route("/v5/market/account-ratio")
    def account_ratio(self, request: Request) -> Any:
        def row(contract: Contract, at: float) -> dict[str, str]:
            share = self.market.long_share(contract.asset, at, self.name)
            return {"symbol": contract.symbol, "buyRatio": f"{share:.4f}",
                    "sellRatio": f"{1 - share:.4f}"}

        return self._history(request, "period", row, 500)

    @route("/v5/market/open-interest")
    def open_interest(self, request: Request) -> Any:
        def row(contract: Contract, at: float) -> dict[str, str]:
            one = self.interest(contract, at)
            return {"openInterest": f"{2 * one:.8f}", "singleOpenInterest": f"{one:.3f}"}

        return self._history(request, "intervalTime", row, 200)

    @route("/v5/market/funding/history")
    def funding_history(self, request: Request) -> Any:
        found = self._contracts(request, True)
        if isinstance(found, Reply):
            return found
        last = self.next_funding() - EIGHT_HOURS * 1000
        count = min(int(request.query.get("limit", "200")), 200)
        return self._envelope({"category": request.query["category"], "list": [
            {"symbol": found[0].symbol, "fundingRate": self.rate(found[0]),
             "fundingRateTimestamp": str(last - k * EIGHT_HOURS * 1000)} for k in range(count)]})

    def _history(self, request: Request, period: str, row: Any, most: int) -> Any:
        """Newest first, with a cursor for what is older."""
        found = self._contracts(request, True)
        if isinstance(found, Reply):
            return found
        step = PERIODS.get(request.query.get(period, ""))
        if step is None:
            return self._wrong(f"params error: {period} invalid")
        newest = int(self.now()) // step * step
        count = min(int(request.query.get("limit", "50")), most)
        start = int(request.query.get("cursor", "0") or 0)
        rows = []
        for k in range(start, start + count):
            time = newest - k * step
            rows.append(self.fill(row(found[0], self.at() - self.now() + time), {},
                                  {"timestamp": str(time * 1000)}))
        result = {"list": rows, "nextPageCursor": str(start + count)}
        if period == "intervalTime":
            result = {"symbol": found[0].symbol, "category": request.query["category"]} | result
        return self._envelope(result)

    def _contracts(self, request: Request, one: bool = False) -> list[Contract] | Reply:
        category, symbol = request.query.get("category"), request.query.get("symbol")
        if category not in ("linear", "inverse"):
            return self._wrong("params error: Category is invalid")
        found = [c for c in self.contracts.values()
                 if c.category == category and symbol in (None, c.symbol)]
        if not found or (one and symbol is None):
            return self._wrong("params error: symbol invalid")
        return found

    def _wrong(self, why: str) -> Reply:
        self.refused("parameters")
        return Reply({"retCode": 10001, "retMsg": why, "result": {}, "retExtInfo": {},
                      "time": self.now_ms()})

    def _envelope(self, result: Any) -> dict[str, Any]:
        return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {},
                "time": self.now_ms()}
