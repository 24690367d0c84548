"""What can go wrong on purpose, and what of it is switched on."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spec:
    """`argument`: its default, if the fault has one. `every`: default distance in messages."""

    help: str
    argument: float | None = None
    every: int | None = None


SPECS: dict[str, Spec] = {
    # TLS, chosen by the name that the client asks for
    "wrong-host": Spec("a certificate for another name"),
    "expired": Spec("a certificate of the day before yesterday"),
    "self-signed": Spec("a certificate that nobody signed"),
    # connections
    "stuck": Spec("all connections, and new ones, fall silent for ever"),
    "slow-loris": Spec("bytes come one by one, ARGUMENT seconds apart", argument=0.2),
    # HTTP, also in place of a WebSocket handshake
    "429": Spec("429 with Retry-After: ARGUMENT", argument=2),
    "429-bare": Spec("429 without Retry-After"),
    "418": Spec("418, banned, with Retry-After: ARGUMENT", argument=120),
    "403": Spec("403, of the firewall before the venue"),
    "451": Spec("451, blocked for the user's country"),
    "5xx": Spec("500, 502, 503, 504 in turn"),
    "redirect": Spec("302 to another host"),
    # WebSocket
    "drop": Spec("the connection is cut in the middle of a frame", every=20),
    "cut": Spec("the connection is cut between two frames, without a close frame", every=20),
    "half-open": Spec("TCP stays, but nothing is answered any more", every=20),
    "close": Spec("the server closes with code ARGUMENT", argument=1001, every=20),
    "huge": Spec("a message of ARGUMENT MB", argument=50, every=20),
    "garbage": Spec("a message that is no JSON", every=5),
    "invalid-utf8": Spec("a text message that is no UTF-8", every=20),
    "bad-frame": Spec("a frame with reserved bits and opcode", every=20),
    "fragments": Spec("messages come in frames of ARGUMENT bytes", argument=16),
    "refuse": Spec("subscriptions are refused the way the venue does"),
    "no-ack": Spec("subscriptions are neither confirmed nor served"),
    "unconfirmed": Spec("subscriptions are served, but not confirmed"),
    # messages
    "duplicate": Spec("a message comes twice", every=3),
    "reorder": Spec("a message comes after the next one", every=3),
    "missing": Spec("a message is left out", every=5),
    "late": Spec("times in a message lie ARGUMENT seconds back", argument=180, every=5),
    "snapshot-late": Spec("a topic's snapshot comes after ARGUMENT deltas", argument=2),
    "new-field": Spec("fields that nobody knows", every=1),
    "removed-field": Spec("a field is missing", every=5),
    "changed-type": Spec("a field has another type", every=5),
    "clock-skew": Spec("the venue's clock is ARGUMENT seconds ahead", argument=60),
    # all of them
    "random": Spec("other faults come and go, about every ARGUMENT seconds", argument=3),
}


class UnknownFault(ValueError):
    pass


@dataclass
class Fault:
    name: str
    venue: str = "*"
    argument: float | None = None
    every: int | None = None  # messages of a connection
    times: int | None = None  # then it is over
    path: str = ""  # only requests whose path contains it
    seconds: float | None = None  # then it is over
    number: int = 0
    happened: int = 0
    since: float = 0.0

    def __post_init__(self) -> None:
        spec = SPECS.get(self.name)
        if spec is None:
            raise UnknownFault(f"no fault {self.name!r}; known: {', '.join(SPECS)}")
        if spec.argument is None and self.argument is not None and spec.every is not None:
            self.every, self.argument = int(self.argument), None
        self.argument = spec.argument if self.argument is None else float(self.argument)
        self.every = int(self.every or spec.every or 1)
        if self.every < 1:
            raise UnknownFault(f"{self.name}: every {self.every} messages is too often")
        self.since = time.monotonic()

    @property
    def over(self) -> bool:
        if self.times is not None and self.happened >= self.times:
            return True
        return self.seconds is not None and time.monotonic() > self.since + self.seconds


class Faults:
    def __init__(self) -> None:
        self._active: list[Fault] = []
        self._numbers = itertools.count(1)
        self.happened: Counter[str] = Counter()  # also of those that are gone

    def __bool__(self) -> bool:
        return bool(self._active)

    def add(self, fault: Fault) -> Fault:
        fault.number = next(self._numbers)
        self._active = [other for other in self._active if not other.over]
        self._active.append(fault)
        return fault

    def remove(self, name: str = "", venue: str = "") -> int:
        """Those that match; all without a name and venue. How many there were."""
        before = len(self._active)
        self._active = [f for f in self._active
                        if (name and f.name != name) or (venue and f.venue != venue)]
        return before - len(self._active)

    def find(self, name: str, venue: str, path: str = "") -> Fault | None:
        """One that is on, without using it up."""
        if not self._active:
            return None
        for fault in self._active:
            if fault.name == name and fault.venue in ("*", venue) and fault.path in path:
                if not fault.over:
                    return fault
        return None

    def take(self, name: str, venue: str, path: str = "") -> Fault | None:
        """One that is on and happens now."""
        fault = self.find(name, venue, path)
        if fault is not None:
            self.count(fault)
        return fault

    def count(self, fault: Fault) -> None:
        """It happened."""
        fault.happened += 1
        self.happened[fault.name] += 1

    def due(self, name: str, venue: str, counts: dict[int, int]) -> Fault | None:
        """Counts a message of a connection; the fault, if this is one that it hits."""
        fault = self.find(name, venue)
        if fault is None or fault.every is None:
            return None
        counts[fault.number] = counts.get(fault.number, 0) + 1
        if counts[fault.number] % fault.every:
            return None
        self.count(fault)
        return fault

    def describe(self) -> list[dict[str, Any]]:
        return [{k: v for k, v in asdict(f).items() if v not in (None, "") and k != "since"}
                for f in self._active if not f.over]


def parse(text: str) -> Fault:
    """NAME[:venue[:argument]][,every=N][,times=N][,seconds=S][,path=TEXT]"""
    head, *extras = text.split(",")
    name, _, rest = head.partition(":")
    venue, _, argument = rest.partition(":")
    given: dict[str, Any] = {"name": name, "venue": venue or "*"}
    try:
        if argument:
            given["argument"] = float(argument)
        for extra in extras:
            key, _, value = extra.partition("=")
            if key not in ("every", "times", "seconds", "path"):
                raise UnknownFault(f"{text!r}: {key!r} is none of every, times, seconds, path")
            kind = {"path": str, "seconds": float}.get(key, int)
            given[key] = kind(value)
    except ValueError as error:
        if isinstance(error, UnknownFault):
            raise
        raise UnknownFault(f"{text!r}: not a number; expected {parse.__doc__}") from None
    return Fault(**given)
