"""REST of Binance futures, for mock.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_exchange import Minute, Reply, Request, Route, Window, World, number, route

from .mock_contracts import EIGHT_HOURS, Contract, Contracts

USD_REST, COIN_REST = "fapi.binance.com", "dapi.binance.com"
USD_STREAM, COIN_STREAM = "fstream.binance.com", "dstream.binance.com"
PERIODS = {"5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "2h": 7200, "4h": 14400, "6h": 21600,
           "12h": 43200, "1d": 86400}


class Polls(Contracts):
    hosts = (USD_REST, COIN_REST, USD_STREAM, COIN_STREAM)
    weight_per_minute = 2400
    statistics_per_5_minutes = 1000
    funding_per_5_minutes = 500
    refusals_before_ban = 10
    ban_seconds = 120

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.weight: Minute | None = None
        self.statistics: Window | None = None
        self.funding_budget: Window | None = None
        self._refused_in_a_row = 0
        self._banned_until = 0.0

    # -- budgets

    def admit(self, request: Request, found: Route) -> Reply | None:
        # Made with the first request, so that settings of the mock have their effect.
        self.weight = self.weight or Minute(self.weight_per_minute)
        self.statistics = self.statistics or Window(self.statistics_per_5_minutes, 300)
        self.funding_budget = self.funding_budget or Window(self.funding_per_5_minutes, 300)
        now = self.clock()
        if now < self._banned_until:
            self.refused("banned")
            return self.too_fast(Reply("", 418, _retry(self._banned_until - now)))
        cost = found.weight
        if request.path.endswith("/premiumIndex") and "symbol" not in request.query:
            cost = 10
        wait = 0.0
        if request.path.startswith("/futures/data/"):
            if not self.statistics.spend(now):
                wait = self.statistics.wait(now)
        elif request.path.rpartition("/")[2] in ("fundingRate", "fundingInfo"):
            if not self.funding_budget.spend(now):
                wait = self.funding_budget.wait(now)
        elif not self.weight.spend(self.world.wall(), cost):
            wait = self.weight.wait(self.world.wall())
        if wait <= 0:
            self._refused_in_a_row = 0
            return None
        self.refused("weight")
        self._refused_in_a_row += 1
        if self._refused_in_a_row > self.refusals_before_ban:
            self._banned_until = now + self.ban_seconds
            return self.too_fast(Reply("", 418, _retry(self.ban_seconds)))
        return self.too_fast(Reply("", 429, _retry(wait)))

    def headers(self, request: Request) -> dict[str, str]:
        used = self.weight.used if self.weight else 0
        return {"X-MBX-USED-WEIGHT-1M": str(int(used))}

    def too_fast(self, fault: Reply) -> Reply:
        if fault.status in (418, 429):
            fault.body = {"code": -1003, "msg": "Too many requests; current limit of IP is 2400 "
                                                "requests per minute."}
        elif fault.status == 451:
            fault.body = {"code": 0, "msg": "Service unavailable from a restricted location "
                                            "according to 'b. Eligibility' in the Terms."}
        elif fault.status == 403:
            fault.body = "<html><head><title>403 Forbidden</title></head></html>"
        return fault

    # -- answers

    @route("/fapi/v1/ping", host=USD_REST)
    @route("/dapi/v1/ping", host=COIN_REST)
    def ping(self, request: Request) -> Any:
        return {}

    @route("/fapi/v1/time", host=USD_REST)
    @route("/dapi/v1/time", host=COIN_REST)
    def time(self, request: Request) -> Any:
        return {"serverTime": self.now_ms()}

    @route("/fapi/v1/exchangeInfo", host=USD_REST)
    @route("/dapi/v1/exchangeInfo", host=COIN_REST)
    def exchange_info(self, request: Request) -> Any:
        coin = request.host == COIN_REST
        file = f"exchange_info.{'coin' if coin else 'usd'}_margined.jsonl"
        body = self.sample(file)
        template = body["symbols"][0]
        body["symbols"] = [self.fill(template, {
            "symbol": c.symbol, "pair": c.pair, "contractType": c.type, "baseAsset":
            c.symbol.partition(c.quote)[0], "quoteAsset": c.quote, "marginAsset":
            c.asset.name if coin else c.quote,
        } | ({"contractSize": c.size} if coin else {}), {
            "deliveryDate": self.delivery_ms if c.dated else 4133404800000})
            for c in self.contracts.values() if c.coin_margined == coin]
        return self.fill(body, {}, {"serverTime": self.now_ms()})

    @route("/fapi/v1/fundingInfo", host=USD_REST)
    @route("/dapi/v1/fundingInfo", host=COIN_REST)
    def funding_info(self, request: Request) -> Any:
        if request.host == COIN_REST:
            return []
        return [self.sample("funding_info.jsonl")[0] | {"symbol": "1000PEPEUSDT",
                                                        "fundingIntervalHours": 4}]

    @route("/fapi/v1/openInterest", host=USD_REST)
    @route("/dapi/v1/openInterest", host=COIN_REST)
    def open_interest(self, request: Request) -> Any:
        def answer(contract: Contract) -> Any:
            usd = self.interest(contract, self.at())
            if contract.coin_margined:
                return self.fill(self.sample("open_interest.jsonl", 2), {
                    "symbol": contract.symbol, "pair": contract.pair, "contractType": contract.type,
                    "openInterest": str(round(usd / contract.size))}, {"time": self.now_ms()})
            return self.fill(self.sample("open_interest.jsonl", 3), {
                "symbol": contract.symbol, "openInterest": f"{usd / self.price(contract):.3f}",
            }, {"time": self.now_ms()})

        return self._of_symbol(request, answer)

    @route("/fapi/v1/premiumIndex", host=USD_REST)
    @route("/dapi/v1/premiumIndex", host=COIN_REST)
    def premium_index(self, request: Request) -> Any:
        def answer(contract: Contract) -> Any:
            price = number(self.price(contract), 10)
            return self.fill(self.sample("premium_index.jsonl"), {
                "symbol": contract.symbol, "markPrice": price, "estimatedSettlePrice": price,
                "indexPrice": number(self.index(contract), 10),
                "lastFundingRate": "" if contract.dated else self.rate(contract),
            } | ({"pair": contract.pair} if contract.coin_margined else {}), {
                "nextFundingTime": 0 if contract.dated else self.next_funding(),
                "time": self.now_ms()})

        if "symbol" in request.query:
            found = self._of_symbol(request, answer)
            return [found] if request.host == COIN_REST and isinstance(found, dict) else found
        coin = request.host == COIN_REST
        return [answer(c) for c in self.contracts.values() if c.coin_margined == coin]

    @route("/fapi/v1/fundingRate", host=USD_REST)
    @route("/dapi/v1/fundingRate", host=COIN_REST)
    def funding_rate(self, request: Request) -> Any:
        def answer(contract: Contract) -> Any:
            count = min(int(request.query.get("limit", "100")), 1000)
            last = self.next_funding() - EIGHT_HOURS * 1000
            return [self.fill(self.sample("funding_rate.jsonl", 1)[0], {
                "symbol": contract.symbol, "fundingRate": self.rate(contract),
                "markPrice": number(self.price(contract), 10),
            }, {"fundingTime": last - k * EIGHT_HOURS * 1000}) for k in reversed(range(count))]

        return self._of_symbol(request, answer)

    @route("/futures/data/globalLongShortAccountRatio", weight=0)
    @route("/futures/data/topLongShortAccountRatio", weight=0)
    @route("/futures/data/topLongShortPositionRatio", weight=0)
    @route("/futures/data/openInterestHist", weight=0)
    @route("/futures/data/takerlongshortRatio", weight=0)
    def history(self, request: Request) -> Any:
        name = request.path.rpartition("/")[2]
        step = PERIODS.get(request.query.get("period", ""))
        if step is None:
            return Reply({"code": -1130, "msg": "Data sent for parameter 'period' is not valid."},
                         400)
        count = min(int(request.query.get("limit", "30")), 500)
        newest = int(self.now()) // step * step

        def answer(contract: Contract) -> Any:
            return [self._row(name, contract, newest - k * step) for k in reversed(range(count))]

        return self._of_symbol(request, answer)

    @route("/fapi/v1/depth", host=USD_REST, weight=20)
    @route("/dapi/v1/depth", host=COIN_REST, weight=20)
    def order_book(self, request: Request) -> Any:
        levels = min(int(request.query.get("limit", "500")), 1000)
        return self._of_symbol(request, lambda contract: self.depth(contract, levels))

    def depth(self, contract: Contract, levels: int, event: str = "") -> dict[str, Any]:
        """As a stream sends it if `event` is given, else as REST does."""
        now, price = self.now_ms(), self.price(contract)
        unit = contract.size if contract.coin_margined else price
        rng = self.market.random("book", contract.symbol, self.tick_number)

        def side(sign: int) -> list[list[str]]:
            return [[number(price * (1 + sign * 0.00001 * k), 7),
                     number(max(1, rng.expovariate(1 / 20000) / unit), 5)]
                    for k in range(1, levels + 1)]

        if not event:
            return {"lastUpdateId": now, "E": now, "T": now - 2, "symbol": contract.symbol,
                    "pair": contract.pair, "bids": side(-1), "asks": side(1)}
        return {"e": "depthUpdate", "E": now, "T": now - 2, "s": contract.symbol,
                "ps": contract.pair, "U": now - 9, "u": now, "pu": now - 10, "b": side(-1),
                "a": side(1), "st": 2 if contract.coin_margined else 1}

    def _row(self, name: str, contract: Contract, time: int) -> dict[str, Any]:
        key = "pair" if contract.coin_margined else "symbol"
        whose = {key: contract.pair if contract.coin_margined else contract.symbol}
        at = self.at() - self.now() + time
        stamp: dict[str, Any] = {"timestamp": time * 1000}
        if name == "openInterestHist":
            usd = self.interest(contract, at)
            coins = usd / self.price(contract)
            amount = str(round(usd / contract.size)) if contract.coin_margined else f"{coins:.8f}"
            value = coins if contract.coin_margined else usd
            if contract.coin_margined:
                whose["contractType"] = contract.type
            return self.fill(whose, {"sumOpenInterest": amount,
                                     "sumOpenInterestValue": f"{value:.8f}"}, stamp)
        if name == "takerlongshortRatio":
            return self.fill(self.sample("taker_volume.jsonl")[0], {}, stamp)
        share = self.market.long_share(contract.asset, at, self.name)
        share += {"topLongShortAccountRatio": 0.03, "topLongShortPositionRatio": -0.05}.get(name, 0)
        # Numbers here, texts elsewhere: the venue writes both.
        stamp = {"timestamp": str(time * 1000)} if name.startswith("global") else stamp
        of = ("Position" if contract.coin_margined and name == "topLongShortPositionRatio"
              else "Account")
        return self.fill(whose, {"longShortRatio": f"{share / (1 - share):.4f}",
                                 "long" + of: f"{share:.4f}",
                                 "short" + of: f"{1 - share:.4f}"}, stamp)

    def _of_symbol(self, request: Request, answer: Callable[[Contract], Any]) -> Any:
        coin = request.host == COIN_REST
        pair = request.query.get("pair") if coin and "/futures/" in request.path else None
        symbol = request.query.get("symbol", "") if pair is None else pair + "_PERP"
        if not symbol:
            wanted = "pair" if coin and "/futures/" in request.path else "symbol"
            return Reply({"code": -1102, "msg": f"Mandatory parameter '{wanted}' was not sent, was "
                                                "empty/null, or malformed."}, 400)
        contract = self.contracts.get(symbol)
        if contract is None or contract.coin_margined != coin:
            self.refused(f"symbol {symbol}")
            return Reply({"code": -1121, "msg": "Invalid symbol."}, 400)
        return answer(contract)


def _retry(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, round(seconds)))}
