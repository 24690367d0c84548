"""CoinGecko, for tools/mock-exchange: prices and volumes, keyless, with a demo key, or Pro."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mock_exchange import Asset, Reply, Request, Route, Venue, Window, World, route

FREE, PRO = "api.coingecko.com", "pro-api.coingecko.com"
IDS = {"bitcoin": "BTC", "ethereum": "ETH", "solana": "SOL", "ripple": "XRP", "dogecoin": "DOGE",
       "binancecoin": "BNB", "hyperliquid": "HYPE", "sui": "SUI", "cardano": "ADA",
       "chainlink": "LINK", "avalanche-2": "AVAX", "litecoin": "LTC", "tron": "TRX",
       "pepe": "PEPE", "tether": "USDT", "usd-coin": "USDC", "dai": "DAI"}
STABLE = {"USDT": 1.84e11, "USDC": 7.4e10, "DAI": 5.3e9}  # market caps


class CoinGecko(Venue):
    name = "coingecko"
    hosts = (FREE, PRO)
    keyless_per_minute = 10
    demo_per_minute = 30
    demo_per_month = 10_000
    demo_key = "CG-demo"
    pro_key = "CG-pro"
    fresh_for = 20.0  # answers are cached for so many seconds
    retry_after = 60

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._budgets: dict[str, Window] = {}
        self._month = 0

    # -- keys and budgets

    def admit(self, request: Request, found: Route) -> Reply | None:
        demo = request.headers.get("x-cg-demo-api-key") or request.query.get("x_cg_demo_api_key")
        pro = request.headers.get("x-cg-pro-api-key") or request.query.get("x_cg_pro_api_key")
        wrong = self._wrong_key(request.host == PRO, demo, pro)
        if wrong is not None:
            self.refused("key")
            return wrong
        if request.host == PRO:
            return None
        kind = "demo" if demo else "keyless"
        amount = self.demo_per_minute if demo else self.keyless_per_minute
        window = self._budgets.setdefault(kind, Window(amount, 60, strict=True))
        if demo:
            self._month += 1  # failed calls count, too
            if self._month > self.demo_per_month:
                self.refused("month")
                return self.too_fast(Reply("", 429))
        if window.spend(self.clock()):
            return None
        self.refused("minute")
        return self.too_fast(Reply("", 429, {"Retry-After": str(self.retry_after)}))

    def _wrong_key(self, on_pro: bool, demo: str | None, pro: str | None) -> Reply | None:
        if on_pro and demo:
            return self._error(400, 10011, "If you are using Demo API key, please change your root "
                                           "URL from pro-api.coingecko.com to api.coingecko.com")
        if not on_pro and pro:
            return self._error(400, 10010, "If you are using Pro API key, please change your root "
                                           "URL from api.coingecko.com to pro-api.coingecko.com")
        if (on_pro and pro != self.pro_key) or (demo and demo != self.demo_key):
            return self._error(401, 10002, "API Key Missing or invalid")
        return None

    def _error(self, status: int, code: int, why: str) -> Reply:
        return Reply({"status": {"timestamp": self._iso(self.now()), "error_code": code,
                                 "error_message": why}}, status)

    def too_fast(self, fault: Reply) -> Reply:
        if fault.status == 429:
            fault.body = self.sample("error429.jsonl")
        elif fault.status == 403:
            fault.body = "error code: 1020"
        return fault

    # -- answers

    @route("/api/v3/ping")
    def ping(self, request: Request) -> Any:
        return {"gecko_says": "(V3) To the Moon!"}

    @route("/api/v3/simple/price")
    def simple_price(self, request: Request) -> Any:
        currency = request.query.get("vs_currencies", "")
        if not currency:
            return Reply({"error": "Missing parameter vs_currencies"}, 422)
        answer = {}
        for id_, asset, price in self._asked_for(request):
            row: dict[str, Any] = {currency: price}
            for option, key, value in (("market_cap", "market_cap", self._cap(asset, price)),
                                       ("24hr_vol", "24h_vol", self._volume(asset)),
                                       ("24hr_change", "24h_change", self._change(id_))):
                if request.query.get("include_" + option) == "true":
                    row[f"{currency}_{key}"] = value
            if request.query.get("include_last_updated_at") == "true":
                row["last_updated_at"] = int(self._updated())
            answer[id_] = row
        return answer

    @route("/api/v3/coins/markets")
    def coins_markets(self, request: Request) -> Any:
        if not request.query.get("vs_currency"):
            return Reply({"error": "Missing parameter vs_currency"}, 422)
        rows = []
        recorded = {row["id"]: row for row in self.samples("coins.markets.jsonl")[0]}
        for id_, asset, price in self._asked_for(request):
            template = recorded.get(id_, recorded["ethereum"])
            symbol = asset.name if isinstance(asset, Asset) else asset
            rows.append(self.fill(template, {
                "id": id_, "symbol": symbol.lower(), "name": id_.capitalize(),
                "current_price": price, "market_cap": self._cap(asset, price),
                "total_volume": self._volume(asset),
                "price_change_percentage_24h": self._change(id_),
            }, {"last_updated": self._iso(self._updated())}))
        size = max(1, min(int(request.query.get("per_page", "100")), 250))
        page = max(1, int(request.query.get("page", "1")))
        rows.sort(key=lambda row: -row["market_cap"])
        return rows[(page - 1) * size:page * size]

    def _asked_for(self, request: Request) -> list[tuple[str, Asset | str, float]]:
        """Ids without a coin are left out, as the venue does."""
        ids = request.query.get("ids", "").split(",") if "ids" in request.query else list(IDS)
        found: list[tuple[str, Asset | str, float]] = []
        at = self.at() - (self.now() - self._updated())
        for id_ in dict.fromkeys(ids):
            symbol = IDS.get(id_, "")
            if symbol in STABLE:
                wave = self.market.random("stable", symbol, int(at // 60)).gauss(0, 0.0002)
                found.append((id_, symbol, round(1 + wave, 6)))
            elif asset := self.market.by_name.get(symbol):
                found.append((id_, asset, float(f"{self.market.price(asset, at):.6g}")))
        return found

    def _updated(self) -> float:
        now = self.now()
        return now - now % self.fresh_for

    def _cap(self, asset: Asset | str, price: float) -> float:
        if isinstance(asset, str):
            return round(STABLE[asset] * price)
        return round(asset.open_interest * 180 * price / asset.price)

    def _volume(self, asset: Asset | str) -> float:
        return round(STABLE[asset] * 0.4 if isinstance(asset, str) else asset.open_interest * 4)

    def _change(self, id_: str) -> float:
        return round(self.market.random("change", id_).gauss(0, 3), 5)

    @staticmethod
    def _iso(time: float) -> str:
        return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
