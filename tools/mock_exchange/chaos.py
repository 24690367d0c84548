"""Faults that come and go: for runs of minutes that must end with balanced books."""

from __future__ import annotations

import asyncio

from .faults import SPECS, Fault, Faults
from .market import Market

# Weights; what costs a connection is rarer than what spoils a message.
_OFTEN = {"duplicate": 6, "reorder": 6, "late": 4, "missing": 4, "snapshot-late": 2,
          "new-field": 4, "removed-field": 4, "changed-type": 4, "garbage": 4, "fragments": 3,
          "drop": 3, "cut": 3, "close": 3, "half-open": 1, "invalid-utf8": 2, "bad-frame": 2,
          "refuse": 2, "no-ack": 1, "unconfirmed": 1, "429": 3, "429-bare": 2, "418": 1, "403": 1, "451": 1,
          "5xx": 4, "redirect": 1, "stuck": 1, "slow-loris": 1, "clock-skew": 1, "wrong-host": 1,
          "expired": 1, "self-signed": 1, "huge": 1}
# A client stays away for minutes after these. One venue that does so is enough, or a run of minutes
# ends with nobody left.
_SILENCING = {"418", "429-bare", "403", "451"}
_CODES = (1000, 1001, 1006, 1008, 1011, 1013)


class Chaos:
    """The same sequence of faults for the same seed; each lasts some seconds."""

    def __init__(self, faults: Faults, market: Market, venues: list[str]) -> None:
        self._faults = faults
        self._rng = market.random("chaos")
        self._venues = venues
        self.started = 0

    async def run(self) -> None:
        """Looks ten times a second whether the fault `random` is on."""
        left = 0.0
        while True:
            await asyncio.sleep(0.1)
            wanted = next((found for venue in ("*", *self._venues)
                           if (found := self._faults.find("random", venue))), None)
            if wanted is None:
                continue
            left -= 0.1
            if left <= 0:
                mean = max(0.2, wanted.argument or 0)
                left = mean * (0.5 + self._rng.random())
                self._faults.add(self.next(wanted.venue, mean))
                self._faults.count(wanted)

    def next(self, venue: str, mean: float) -> Fault:
        name = self._rng.choices(list(_OFTEN), list(_OFTEN.values()))[0]
        if venue == "*":
            venue = self._venues[0] if name in _SILENCING else self._rng.choice(self._venues)
        argument: float | None = None
        times: int | None = None
        if name == "close":
            argument = self._rng.choice(_CODES)
        elif name in ("418", "429"):
            argument, times = 1 + self._rng.randrange(5), 2
        elif name == "huge":
            argument, times = 12, 1
        elif name == "slow-loris":
            argument, times = 0.005, None
        elif name in ("drop", "cut", "half-open", "bad-frame", "invalid-utf8", "stuck"):
            times = 1 + self._rng.randrange(3)
        self.started += 1
        every = self._rng.randrange(1, 8) if SPECS[name].every is not None else None
        return Fault(name, venue, argument, every, times, seconds=mean * (1 + self._rng.random()))
