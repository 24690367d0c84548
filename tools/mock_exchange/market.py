"""A made-up market that all venues share: a pure function of the seed and the time since start."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Asset:
    name: str
    price: float  # USD, around which it moves
    open_interest: float  # USD on one venue
    multiple: int = 1  # contracts of cheap tokens are quoted in thousands


ASSETS = (
    Asset("BTC", 84550.0, 8.4e9),
    Asset("ETH", 2690.0, 4.6e9),
    Asset("SOL", 142.0, 1.3e9),
    Asset("XRP", 1.41, 7.0e8),
    Asset("DOGE", 0.1253, 4.2e8),
    Asset("BNB", 905.0, 5.1e8),
    Asset("HYPE", 33.4, 3.8e8),
    Asset("SUI", 1.52, 2.2e8),
    Asset("ADA", 0.421, 1.9e8),
    Asset("LINK", 12.93, 1.6e8),
    Asset("AVAX", 14.2, 1.4e8),
    Asset("LTC", 84.1, 1.3e8),
    Asset("TRX", 0.281, 1.1e8),
    Asset("PEPE", 0.00000452, 0.9e8, 1000),
)


@dataclass(frozen=True)
class Liquidation:
    asset: Asset
    long: bool  # the position that is closed
    usd: float
    price: float
    time: float  # seconds since start


@dataclass(frozen=True)
class Cascade:
    start: float
    length: float
    down: bool
    depth: float  # share of the price that is lost

    def intensity(self, at: float) -> float:
        """0 outside, up to 1 in its middle."""
        x = (at - self.start) / self.length
        return math.sin(math.pi * x) if 0 < x < 1 else 0.0

    def move(self, at: float) -> float:
        """Of the logarithm of the price: down quickly, half of it back within five lengths."""
        x = (at - self.start) / self.length
        if x <= 0:
            return 0.0
        gone = (1 - math.cos(math.pi * min(x, 1.0))) / 2
        back = 0.5 * (1 - math.exp(-max(x - 1, 0.0) / 2))
        return (-self.depth if self.down else self.depth) * gone * (1 - back)


class Market:
    def __init__(self, seed: int = 1, cascade_every: float = 90.0, more: int = 0) -> None:
        self.seed = seed
        self.cascade_every = cascade_every
        self.assets = ASSETS + tuple(
            Asset(f"MOCK{i}", 1.0 + i % 97, 2e7) for i in range(1, more + 1)
        )
        self.by_name = {asset.name: asset for asset in self.assets}
        self._weights = [asset.open_interest**0.7 for asset in self.assets]
        self._waves = {asset.name: self._make_waves(asset.name) for asset in self.assets}
        self._constants: dict[tuple[str, str, str], float] = {}
        self._cascades: dict[int, Cascade] = {}

    def random(self, *what: object) -> random.Random:
        return random.Random("/".join(str(part) for part in (self.seed, *what)))

    def price(self, asset: Asset, at: float, venue: str = "") -> float:
        """In USD of one token. Venues differ by some hundredths of a percent."""
        log = sum(height * math.sin(at / period + phase)
                  for height, period, phase in self._waves[asset.name])
        beta = 1.0 if asset.name == "BTC" else 1.35
        log += sum(beta * cascade.move(at) for cascade in self.cascades(at))
        basis = self._basis(venue, asset.name) if venue else 0.0
        return asset.price * math.exp(log + basis)

    def funding(self, asset: Asset, at: float, venue: str = "") -> float:
        """Fraction per 8 hours."""
        height, _, phase = self._waves[asset.name][0]
        return 0.0001 * (0.6 + math.sin(at / 1800 + phase)) + self._basis(venue, asset.name) * 0.02

    def open_interest(self, asset: Asset, at: float, venue: str = "") -> float:
        """In USD, of one side."""
        share = 1 + 2000 * self._constant("interest", venue, asset.name)
        burnt = sum(abs(cascade.move(at)) for cascade in self.cascades(at))
        swing = 0.01 * math.sin(at / 600 + self._waves[asset.name][1][2])
        return asset.open_interest * share * (1 + swing - 2.5 * burnt)

    def long_share(self, asset: Asset, at: float, venue: str = "") -> float:
        """Of accounts: 0..1."""
        wave = 0.05 * math.sin(at / 7200 + self._waves[asset.name][2][2])
        return 0.58 + wave + 20 * self._basis(venue, asset.name)

    def cascades(self, at: float) -> list[Cascade]:
        """Those that still move the price."""
        if self.cascade_every <= 0 or at < 0:
            return []
        now = int(at // self.cascade_every)
        return [self._cascade(k) for k in range(max(0, now - 6), now + 1)]

    def stress(self, at: float) -> float:
        return max((cascade.intensity(at) for cascade in self.cascades(at)), default=0.0)

    def liquidations(self, venue: str, start: float, length: float) -> list[Liquidation]:
        """Forced orders of a venue from `start` on: a trickle, and dozens a second in a cascade."""
        rng = self.random("liquidations", venue, round(start / length))
        fallen = self.stress(start)
        down = any(c.down and c.intensity(start) > 0 for c in self.cascades(start))
        rate = 0.4 + 25.0 * fallen
        count, p = 0, rng.random()
        limit = math.exp(-rate * length)
        while p > limit:
            count += 1
            p *= rng.random()
        found = []
        for _ in range(count):
            asset = rng.choices(self.assets, self._weights)[0]
            with_it = rng.random() < 0.5 + 0.45 * fallen
            is_long = with_it if down or fallen == 0 else not with_it
            usd = math.exp(rng.gauss(8.0 + 1.6 * fallen, 1.5))
            time = start + rng.random() * length
            found.append(Liquidation(asset, is_long, usd, self.price(asset, time, venue), time))
        return sorted(found, key=lambda row: row.time)

    def _make_waves(self, name: str) -> list[tuple[float, float, float]]:
        rng = self.random("waves", name)
        scale = 1.0 if name == "BTC" else 1.5
        return [(scale * height * (0.5 + rng.random()), period * (0.8 + 0.4 * rng.random()),
                 rng.random() * 6.28)
                for height, period in ((0.012, 900), (0.004, 170), (0.0012, 31), (0.0003, 4.1))]

    def _basis(self, venue: str, name: str) -> float:
        return self._constant("basis", venue, name)

    def _constant(self, what: str, venue: str, name: str) -> float:
        """Some hundredths of a percent, for ever the same."""
        key = (what, venue, name)
        if key not in self._constants:
            self._constants[key] = self.random(*key).uniform(-0.0002, 0.0002)
        return self._constants[key]

    def _cascade(self, k: int) -> Cascade:
        if k not in self._cascades:
            rng = self.random("cascade", k)
            start = (k + 0.25 + 0.5 * rng.random()) * self.cascade_every
            length = min(20.0, self.cascade_every / 4) * (0.7 + 0.6 * rng.random())
            self._cascades[k] = Cascade(start, length, rng.random() < 0.7,
                                        0.006 + 0.012 * rng.random())
            self._cascades.pop(k - 16, None)
        return self._cascades[k]


def number(value: float, digits: int = 6) -> str:
    """As venues write it: so many significant digits, at least whole units, no exponent."""
    if value == 0 or not math.isfinite(value):
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def quarter_end(day: date) -> date:
    """The last Friday of the quarter in which contracts of today end, if it is not too near."""
    year, month = day.year, (day.month - 1) // 3 * 3 + 3
    while True:
        first = date(year + month // 12, month % 12 + 1, 1)
        last = first - timedelta(days=1)
        friday = last - timedelta(days=(last.weekday() - 4) % 7)
        if friday > day + timedelta(days=2):
            return friday
        month += 3
        if month > 12:
            year, month = year + 1, month - 12
