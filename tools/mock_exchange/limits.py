"""Budgets as venues count them."""

from __future__ import annotations

from collections import deque


class Window:
    """At most `amount` within the last `seconds`; sliding. What is refused counts if `strict`."""

    def __init__(self, amount: float, seconds: float, strict: bool = False) -> None:
        self.amount = amount
        self.seconds = seconds
        self.strict = strict
        self._spent: deque[tuple[float, float]] = deque()
        self.used = 0.0

    def spend(self, now: float, cost: float = 1.0) -> bool:
        """False if it is too much."""
        self._forget(now)
        fits = self.used + cost <= self.amount
        if fits or self.strict:
            self._spent.append((now, cost))
            self.used += cost
        return fits

    def wait(self, now: float, cost: float = 1.0) -> float:
        """Seconds until `cost` fits again."""
        self._forget(now)
        over = self.used + cost - self.amount
        for time, spent in self._spent:
            if over <= 0:
                return 0.0
            over -= spent
            if over <= 0:
                return max(0.0, time + self.seconds - now)
        return 0.0 if over <= 0 else self.seconds

    def _forget(self, now: float) -> None:
        while self._spent and self._spent[0][0] <= now - self.seconds:
            self.used -= self._spent.popleft()[1]


class Minute:
    """At most `amount` in each minute of the clock, with what was used so far."""

    def __init__(self, amount: float, seconds: float = 60.0) -> None:
        self.amount = amount
        self.seconds = seconds
        self.used = 0.0
        self._number = -1

    def spend(self, now: float, cost: float = 1.0) -> bool:
        """False if it is too much; it counts all the same."""
        number = int(now // self.seconds)
        if number != self._number:
            self._number, self.used = number, 0.0
        self.used += cost
        return self.used <= self.amount

    def wait(self, now: float) -> float:
        return self.seconds - now % self.seconds
