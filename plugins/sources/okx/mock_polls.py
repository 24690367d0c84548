"""Contracts and REST of OKX v5, for mock.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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

REST, STREAM = "www.okx.com", "ws.okx.com"
PERIODS = {"5m": 300, "15m": 900, "30m": 1800, "1H": 3600, "2H": 7200, "4H": 14400}
EIGHT_HOURS = 28800
SIZES = {"BTC": 0.01, "ETH": 0.1, "SOL": 1, "XRP": 100, "DOGE": 1000, "BNB": 0.01, "HYPE": 0.1,
         "SUI": 1, "ADA": 100, "LINK": 1, "AVAX": 1, "LTC": 1, "TRX": 1000, "PEPE": 10_000_000}
RUBIK = "/api/v5/rubik/stat/contracts/"


@dataclass(frozen=True)
class Contract:
    id: str
    asset: Asset
    value: float  # coins, or USD of an inverse one
    inverse: bool = False
    dated: bool = False

    @property
    def kind(self) -> str:
        return "FUTURES" if self.dated else "SWAP"

    @property
    def family(self) -> str:
        return "-".join(self.id.split("-")[:2])


class Polls(Venue):
    hosts = (REST, STREAM)
    # Requests in two seconds, by the beginning of the path.
    requests_per_2_seconds = {RUBIK: 5, "/api/v5/public/open-interest": 20,
                              "/api/v5/public/liquidation-orders": 40, "/api/v5/": 10}

    def __init__(self, world: World) -> None:
        super().__init__(world)
        quarter = quarter_end(datetime.fromtimestamp(world.start, UTC).date())
        self.expiry_ms = int(datetime(quarter.year, quarter.month, quarter.day, 8,
                                      tzinfo=UTC).timestamp() * 1000)
        self.contracts: dict[str, Contract] = {}
        for asset in self.market.assets:
            base, size = asset.name, SIZES.get(asset.name, 1.0)
            found = [Contract(base + "-USDT-SWAP", asset, size)]
            if base in ("BTC", "ETH"):
                usd = 100.0 if base == "BTC" else 10.0
                found += [Contract(base + "-USD-SWAP", asset, usd, True),
                          Contract(f"{base}-USDT-{quarter:%y%m%d}", asset, size, dated=True),
                          Contract(f"{base}-USD-{quarter:%y%m%d}", asset, usd, True, True)]
            self.contracts |= {contract.id: contract for contract in found}
        self._budgets: dict[str, Window] = {}

    # -- the market

    def price(self, contract: Contract) -> float:
        premium = 1.004 if contract.dated else 1.0
        return self.market.price(contract.asset, self.at(), self.name) * premium

    def current(self, channel: str, contract: Contract) -> dict[str, Any]:
        """A row of a channel, as the poll of the same name has it, too."""
        now, price = str(self.now_ms()), self.price(contract)
        whose = {"instId": contract.id, "instType": contract.kind}
        if channel == "mark-price":
            row = self.sample("mark-price.jsonl")["data"][0]
            return self.fill(row, whose | {"markPx": number(price, 7)}, {"ts": now})
        if channel == "index-tickers":
            index = self.market.price(contract.asset, self.at())
            row = self.sample("index-tickers.jsonl")["data"][0]
            return self.fill(row, {"instId": contract.family, "idxPx": number(index, 7)},
                             {"ts": now})
        if channel == "tickers":
            last = {k: number(price, 7) for k in ("last", "askPx", "bidPx")}
            row = self.sample("tickers.jsonl", 1 if contract.inverse else 2)["data"][0]
            return self.fill(row, whose | last, {"ts": now})
        if channel == "funding-rate":
            next_ = (int(self.now()) // EIGHT_HOURS + 1) * EIGHT_HOURS
            rate = self.market.funding(contract.asset, self.at(), self.name)
            row = self.sample("funding-rate.documented.jsonl")["data"][0]
            return self.fill(row, whose | {"fundingRate": f"{rate:.16f}"}, {
                "fundingTime": str(next_ * 1000), "nextFundingTime":
                str((next_ + EIGHT_HOURS) * 1000), "ts": now})
        contracts, coins, usd = self.interest(contract, self.at())
        row = self.sample("open-interest.jsonl", 2)["data"][0]
        return self.fill(row, whose | {"oi": f"{contracts:.2f}", "oiCcy": f"{coins:.6f}",
                                       "oiUsd": f"{usd:.8f}"}, {"ts": now})

    def interest(self, contract: Contract, at: float) -> tuple[float, float, float]:
        """Contracts, coins, USD."""
        share = 0.1 if contract.dated else 0.2 if contract.inverse else 0.6
        usd = share * self.market.open_interest(contract.asset, at, self.name)
        coins = usd / self.price(contract)
        return (usd if contract.inverse else coins) / contract.value, coins, usd

    # -- budgets

    def admit(self, request: Request, found: Route) -> Reply | None:
        start = next((s for s in self.requests_per_2_seconds if request.path.startswith(s)), "")
        if not start:
            return None
        key = request.path + request.query.get("instId", "")
        window = self._budgets.setdefault(key, Window(self.requests_per_2_seconds[start], 2))
        if window.spend(self.clock()):
            return None
        self.refused("requests")
        return self.too_fast(Reply("", 429))

    def too_fast(self, fault: Reply) -> Reply:
        if fault.status == 429:
            fault.body = {"code": "50011", "data": [], "msg": "Too Many Requests"}
        elif fault.status == 403:
            fault.body = "error code: 1020"
        return fault

    # -- answers

    @route("/api/v5/public/time")
    def time(self, request: Request) -> Any:
        return _envelope([{"ts": str(self.now_ms())}])

    @route("/api/v5/public/instruments")
    def instruments(self, request: Request) -> Any:
        def row(contract: Contract) -> dict[str, Any]:
            template = self.sample("rest.instruments.jsonl", 1)["data"][0]
            value = f"{contract.value:g}" if contract.value < 1e6 else str(round(contract.value))
            return self.fill(template, {
                "instId": contract.id, "instType": contract.kind, "uly": contract.family,
                "instFamily": contract.family, "ctVal": value, "ctMult": "1",
                "ctValCcy": "USD" if contract.inverse else contract.asset.name,
                "ctType": "inverse" if contract.inverse else "linear",
                "settleCcy": contract.asset.name if contract.inverse else "USDT",
                "alias": "quarter" if contract.dated else ""},
                {"expTime": str(self.expiry_ms) if contract.dated else ""})

        answer = self._all(request, row)
        if isinstance(answer, dict) and request.query.get("instType") == "SWAP" and (
                "instId" not in request.query):
            answer["data"] += self._recorded_instruments()
        return answer

    @route("/api/v5/public/open-interest")
    def open_interest(self, request: Request) -> Any:
        return self._all(request, lambda c: self.current("open-interest", c))

    @route("/api/v5/public/mark-price")
    def mark_price(self, request: Request) -> Any:
        return self._all(request, lambda c: self.current("mark-price", c))

    @route("/api/v5/market/tickers")
    def tickers(self, request: Request) -> Any:
        return self._all(request, lambda c: self.current("tickers", c))

    @route("/api/v5/public/funding-rate")
    def funding_rate(self, request: Request) -> Any:
        if request.query.get("instId") == "ANY":
            return _envelope([self.current("funding-rate", c)
                              for c in self.contracts.values() if not c.dated])
        return self._one(request, lambda c: [self.current("funding-rate", c)])

    @route("/api/v5/public/funding-rate-history")
    def funding_history(self, request: Request) -> Any:
        last = int(self.now()) // EIGHT_HOURS * EIGHT_HOURS
        count = min(int(request.query.get("limit", "100")), 100)
        template = self.samples("rest.funding-rate-history.jsonl")[0]["data"][0]
        return self._one(request, lambda c: [self.fill(template, {"instId": c.id}, {
            "fundingTime": str((last - k * EIGHT_HOURS) * 1000)}) for k in range(count)])

    @route(RUBIK + "long-short-account-ratio")
    @route(RUBIK + "open-interest-volume")
    def of_coin(self, request: Request) -> Any:
        asset = self.market.by_name.get(request.query.get("ccy", ""))
        if asset is None:
            return self._wrong("51000", "Parameter ccy error")
        contract = self.contracts[asset.name + "-USDT-SWAP"]
        if request.path.endswith("volume"):
            return self._history(request, 100, lambda at: [
                f"{self.market.open_interest(asset, at, self.name):.4f}", "39800873.554"])
        return self._history(request, 100, lambda at: [self._ratio(contract, at)])

    @route(RUBIK + "long-short-account-ratio-contract")
    @route(RUBIK + "long-short-account-ratio-contract-top-trader")
    @route(RUBIK + "long-short-position-ratio-contract-top-trader")
    @route(RUBIK + "open-interest-history")
    def of_contract(self, request: Request) -> Any:
        contract = self.contracts.get(request.query.get("instId", ""))
        if contract is None:
            return self._wrong("51001", "Instrument ID does not exist")
        if request.path.endswith("history"):
            return self._history(request, 100, lambda at: [
                f"{value:.4f}" for value in self.interest(contract, at)])
        more = 0.04 if request.path.endswith("top-trader") else 0.0
        return self._history(request, 100, lambda at: [self._ratio(contract, at, more)])

    def _ratio(self, contract: Contract, at: float, more: float = 0.0) -> str:
        share = self.market.long_share(contract.asset, at, self.name) + more
        return f"{share / (1 - share):.4f}"

    def _history(self, request: Request, most: int, row: Callable[[float], list[str]]) -> Any:
        step = PERIODS.get(request.query.get("period", "5m"))
        if step is None:
            return self._wrong("51000", "Parameter period error")
        newest = int(self.now()) // step * step
        count = min(int(request.query.get("limit", str(most))), most)
        return _envelope([[str((newest - k * step) * 1000),
                           *row(self.at() - self.now() + newest - k * step)]
                          for k in range(count)])

    def _all(self, request: Request, row: Callable[[Contract], Any]) -> Any:
        kind, id_ = request.query.get("instType"), request.query.get("instId")
        if kind not in ("SWAP", "FUTURES"):
            return self._wrong("51000", "Parameter instType error")
        found = [c for c in self.contracts.values() if c.kind == kind and id_ in (None, c.id)]
        return _envelope([row(c) for c in found]) if found else self._wrong(
            "51001", "Instrument ID does not exist")

    def _one(self, request: Request, rows: Callable[[Contract], Any]) -> Any:
        contract = self.contracts.get(request.query.get("instId", ""))
        if contract is None or contract.dated:
            return self._wrong("51001", "Instrument ID does not exist")
        return _envelope(rows(contract))

    def _recorded_instruments(self) -> list[Any]:
        """The list has what the recorded liquidations are about, too."""
        template = self.sample("rest.instruments.jsonl", 1)["data"][1]
        ids = {row["data"][0]["instId"] for row in self.samples("liquidation-orders.jsonl")}
        return [template | {"instId": id_, "uly": id_[:-5], "instFamily": id_[:-5], "ctVal": "1",
                            "ctValCcy": id_.partition("-")[0]}
                for id_ in sorted(ids - set(self.contracts)) if id_.endswith("-USDT-SWAP")]

    def _wrong(self, code: str, why: str) -> Reply:
        self.refused(f"code {code}")
        return Reply({"code": code, "data": [], "msg": why})


def _envelope(data: list[Any]) -> dict[str, Any]:
    return {"code": "0", "data": data, "msg": ""}
