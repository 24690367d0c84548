"""The contracts of Binance futures and what they are worth, for mock.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mock_exchange import Asset, Venue, World, quarter_end

EIGHT_HOURS = 28800


@dataclass(frozen=True)
class Contract:
    symbol: str
    asset: Asset
    coin_margined: bool = False
    dated: bool = False
    quote: str = "USDT"

    @property
    def pair(self) -> str:
        return self.symbol.partition("_")[0]

    @property
    def size(self) -> int:
        """USD of a COIN-M contract."""
        return 100 if self.asset.name == "BTC" else 10

    @property
    def type(self) -> str:
        return "CURRENT_QUARTER" if self.dated else "PERPETUAL"


class Contracts(Venue):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        quarter = quarter_end(datetime.fromtimestamp(world.start, UTC).date())
        self.contracts: dict[str, Contract] = {}
        for asset in self.market.assets:
            base = (str(asset.multiple) if asset.multiple > 1 else "") + asset.name
            found = [Contract(base + "USDT", asset)]
            if asset.name in ("BTC", "ETH"):
                found += [Contract(base + "USDC", asset, quote="USDC"),
                          Contract(f"{base}USDT_{quarter:%y%m%d}", asset, dated=True),
                          Contract(f"{base}USD_{quarter:%y%m%d}", asset, True, True, "USD")]
            if asset.name in ("BTC", "ETH", "SOL", "XRP", "BNB", "ADA", "LINK", "LTC"):
                found.append(Contract(base + "USD_PERP", asset, True, quote="USD"))
            self.contracts |= {contract.symbol: contract for contract in found}
        self.delivery_ms = int(datetime(quarter.year, quarter.month, quarter.day, 8,
                                        tzinfo=UTC).timestamp() * 1000)

    def price(self, contract: Contract) -> float:
        premium = 1.004 if contract.dated else 1.0
        return self.market.price(contract.asset, self.at(), self.name) * (
            contract.asset.multiple * premium)

    def index(self, contract: Contract) -> float:
        return self.market.price(contract.asset, self.at()) * contract.asset.multiple

    def next_funding(self) -> int:
        return (int(self.now()) // EIGHT_HOURS + 1) * EIGHT_HOURS * 1000

    def rate(self, contract: Contract) -> str:
        return f"{self.market.funding(contract.asset, self.at(), self.name):.8f}"

    def interest(self, contract: Contract, at: float) -> float:
        """USD."""
        share = 0.1 if contract.dated or contract.quote != "USDT" else 1.0
        return share * self.market.open_interest(contract.asset, at, self.name)
