"""What an author of a venue's mock.py builds on: hosts, sockets, routes, topics, samples."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from .faults import Faults
from .http import Reply, Request, compact
from .limits import Window
from .market import Market
from .session import Session
from .spoil import shift_times

TICK = 0.1  # seconds
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Socket:
    """A WebSocket endpoint and its rules; 0 means that there is none. Times in seconds."""

    name: str
    path: str  # "/v5/public/linear"; one that ends with "/" also matches all below it
    host: str = ""  # empty: all hosts of the venue
    messages_per_second: float = 0  # of the client
    connects: int = 0  # new connections in `connects_per`
    connects_per: float = 60
    ping_every: float = 0  # pings of the WebSocket layer that we send
    pong_within: float = 0
    silence: float = 0  # without a message of the client the connection is cut
    silence_of_both: bool = False  # only if we sent nothing, either
    silent_close: tuple[int, str] = (1006, "")
    lifetime: float = 86400
    max_message: int = 64 * 1024
    deflate: bool = True

    def matches(self, host: str, path: str) -> bool:
        if self.host not in ("", host):
            return False
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    host: str
    weight: float
    handler: str


def route(path: str, *, method: str = "GET", host: str = "", weight: float = 1) -> Callable[
        [Handler], Handler]:
    """Marks the method that answers a path. `{name}` in it becomes a parameter of the query."""
    pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)) + "$")

    def mark(handler: Handler) -> Handler:
        routes = vars(handler).setdefault("routes", [])
        routes.append(Route(method, pattern, host, weight, handler.__name__))
        return handler

    return mark


@dataclass
class World:
    """What all venues share."""

    market: Market
    faults: Faults = field(default_factory=Faults)
    lifetime: float = 0  # of every connection, in place of the venue's
    silence: float = 0
    connects: int = 0  # new connections that a venue allows, in place of its own limit
    as_recorded: bool = False  # times in recorded messages stay as they are
    wall: Callable[[], float] = time.time
    start: float = 0

    def __post_init__(self) -> None:
        self.start = self.start or self.wall()


class Venue:
    name: ClassVar[str] = ""
    hosts: ClassVar[tuple[str, ...]] = ()
    sockets: ClassVar[tuple[Socket, ...]] = ()
    answers: ClassVar[tuple[str, ...]] = ()  # beginnings of what answers a client; never played
    folder: Path = Path()  # of the mock.py; set when it is loaded
    _routes: ClassVar[tuple[Route, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        marked = (getattr(value, "routes", ()) for value in vars(cls).values())
        cls._routes = tuple(r for routes in marked for r in routes) + cls._routes

    def __init__(self, world: World) -> None:
        self.world = world
        self.market = world.market
        self.sessions: dict[int, Session] = {}
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.closes: Counter[str] = Counter()
        self.replies: Counter[int] = Counter()
        self.played: dict[str, Reply] = {}  # recorded answers, by poll
        self.generates = True  # off while recorded frames are played
        self.tick_number = 0
        self._topics: dict[tuple[str, str], dict[int, Session]] = {}
        self._connects: dict[str, Window] = {}
        self._samples: dict[str, list[Any]] = {}

    # -- to be overridden

    def opened(self, session: Session) -> None:
        """A connection is open."""

    def heard(self, session: Session, text: str) -> None:
        """The client sent a message."""

    def stream(self) -> None:
        """Called for each tick: publishes what is due, see `every`."""

    def admit(self, request: Request, found: Route) -> Reply | None:
        """Counts a request; the refusal, if it is one too many."""
        return None

    def headers(self, request: Request) -> dict[str, str]:
        """Of every answer."""
        return {}

    def too_fast(self, fault: Reply) -> Reply:
        """Puts the venue's words into a refusal of the mock: 429, 418, 403, 451, 5xx."""
        return fault

    # -- time

    def clock(self) -> float:
        """Seconds, monotonic: for deadlines."""
        return time.monotonic()

    def now(self) -> float:
        """The venue's wall clock, in seconds; it may be wrong."""
        skew = self.world.faults.find("clock-skew", self.name)
        return self.world.wall() + ((skew.argument or 0) if skew else 0)

    def now_ms(self) -> int:
        return int(self.now() * 1000)

    def at(self) -> float:
        """Where the market is."""
        return self.tick_number * TICK

    def ms_of(self, at: float) -> int:
        return int((self.now() - self.at() + at) * 1000)

    def every(self, seconds: float, offset: float = 0) -> bool:
        """Whether this tick is due for something periodic."""
        return self.tick_number % max(1, round(seconds / TICK)) == round(offset / TICK)

    # -- topics

    def join(self, session: Session, topic: str, value: Any = None) -> None:
        session.topics[topic] = value
        session.joined = True
        self._topics.setdefault((session.socket.name, topic), {})[session.number] = session
        self.counts["subscribed"] += 1

    def leave(self, session: Session, topic: str) -> None:
        session.topics.pop(topic, None)
        key = (session.socket.name, topic)
        self._topics.get(key, {}).pop(session.number, None)
        if not self._topics.get(key):
            self._topics.pop(key, None)

    def topics(self) -> Iterator[tuple[str, str]]:
        """(socket, topic) of all that somebody listens to."""
        return iter(list(self._topics))

    def listeners(self, socket: str, topic: str) -> list[Session]:
        return list(self._topics.get((socket, topic), {}).values())

    def publish(self, socket: str, topic: str, message: Any, snapshot: bool = False) -> None:
        text = message if isinstance(message, str) else compact(message)
        for session in self.listeners(socket, topic):
            session.publish(text, topic, snapshot)

    def silenced(self) -> bool:
        """Whether a subscription is to be swallowed without an answer."""
        return self.world.faults.take("no-ack", self.name) is not None

    def unwilling(self) -> bool:
        """Whether a subscription is to be refused in the venue's own words."""
        return self.world.faults.take("refuse", self.name) is not None

    # -- recorded messages

    def samples(self, file: str) -> list[Any]:
        """The JSON lines of a file in the venue's fixtures."""
        if file not in self._samples:
            text = (self.folder / "fixtures" / file).read_text(encoding="utf-8")
            self._samples[file] = [json.loads(line) for line in text.splitlines() if line]
        return self._samples[file]

    def sample(self, file: str, line: int = 0) -> Any:
        """A copy of one of them."""
        return json.loads(compact(self.samples(file)[line]))

    def fill(self, template: dict[str, Any], values: dict[str, Any],
             times: dict[str, Any]) -> dict[str, Any]:
        """A recorded object with other values; of times only if they are to be those of now."""
        return template | values | ({} if self.world.as_recorded else times)

    def moved(self, message: Any, reference_ms: int | str) -> str:
        """A recorded message as if what happened at `reference_ms` had happened just now."""
        text = compact(message)
        if self.world.as_recorded:
            return text
        return shift_times(text, self.now() - int(reference_ms) / 1000)

    # -- for the server

    def find_socket(self, host: str, path: str) -> Socket | None:
        return next((socket for socket in self.sockets if socket.matches(host, path)), None)

    def may_connect(self, socket: Socket) -> float | None:
        """Seconds to wait if there are too many new connections."""
        if not socket.connects:
            return None
        key = socket.host or self.name
        amount = self.world.connects or socket.connects
        window = self._connects.setdefault(key, Window(amount, socket.connects_per))
        return None if window.spend(self.clock()) else window.wait(self.clock())

    def enter(self, session: Session) -> None:
        self.sessions[session.number] = session
        self.counts["connections"] += 1
        self.opened(session)

    def part(self, session: Session) -> None:
        for topic in list(session.topics):
            self.leave(session, topic)
        self.sessions.pop(session.number, None)

    def answer(self, request: Request) -> Reply:
        found, wrong_method = None, False
        for candidate in self._routes:
            match = candidate.pattern.match(request.path)
            if match and candidate.host in ("", request.host):
                if candidate.method == request.method:
                    found = candidate
                    request.query |= match.groupdict()
                    break
                wrong_method = True
        if found is None:
            return Reply("", 405 if wrong_method else 404)
        refusal = self.admit(request, found)
        reply = refusal or self._recorded(request) or getattr(self, found.handler)(request)
        if not isinstance(reply, Reply):
            reply = Reply(reply)
        reply.headers = self.headers(request) | reply.headers
        return reply

    def advance(self) -> None:
        """One tick."""
        self.tick_number += 1
        if self.generates:
            self.stream()

    def refused(self, why: str) -> None:
        self.refusals[why] += 1

    def count_close(self, how: str) -> None:
        self.closes[how] += 1

    def describe(self) -> dict[str, Any]:
        topics = Counter(topic for session in self.sessions.values() for topic in session.topics)
        return {"connections": len(self.sessions), "subscriptions": sum(topics.values()),
                "topics": dict(topics), "total": dict(self.counts),
                "replies": {str(code): n for code, n in self.replies.items()},
                "refused": dict(self.refusals), "closed": dict(self.closes)}

    def _recorded(self, request: Request) -> Reply | None:
        """Of a played file; polls are named by the end of the path and the sorted parameters."""
        if not self.played:
            return None
        query = "&".join(f"{k}={v}" for k, v in sorted(request.query.items()))
        name = request.path.strip("/") + ("?" + query if query else "")
        return next((r for poll, r in self.played.items() if ("/" + name).endswith("/" + poll)),
                    None)
