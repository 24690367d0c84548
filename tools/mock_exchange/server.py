"""Accepts connections for all venues on one port; TLS and HTTP say which venue is meant."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import sys
import traceback
from collections.abc import Iterable

from . import certificates
from .faults import Faults
from .http import BadRequest, Reply, Request, head, read_request
from .session import Session
from .venue import TICK, Socket, Venue, World
from .websocket import Deflate, accept_key
from .wire import Wire

IDLE = 75.0  # seconds that an HTTP connection may be silent
_ERRORS = (500, 502, 503, 504)


class Server:
    def __init__(self, world: World, venues: Iterable[Venue],
                 authority: certificates.Authority) -> None:
        self.world = world
        self.venues = {venue.name: venue for venue in venues}
        self.faults: Faults = world.faults
        self._by_host = {host: venue for venue in self.venues.values() for host in venue.hosts}
        self._authority = authority
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0  # of TCP, with TLS done
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, port: int, host: str = "127.0.0.1", clock: bool = True) -> None:
        """Without the clock nothing is streamed unless somebody calls `Venue.advance`."""
        context = self._authority.context(certificates.GOOD)
        context.sni_callback = self._choose_certificate
        self._server = await asyncio.start_server(
            self._accepted, host, port, ssl=context, limit=256 * 1024, backlog=512,
            ssl_handshake_timeout=10, ssl_shutdown_timeout=1)
        self.port = self._server.sockets[0].getsockname()[1]
        if clock:
            self._spawn(self._run_clock())

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for venue in self.venues.values():
            for session in list(venue.sessions.values()):
                session.close(1001, "the mock exchange stops")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- tasks

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_clock(self) -> None:
        """Ten ticks a second; after a pause at most ten are made up for."""
        loop = asyncio.get_running_loop()
        next_tick = loop.time()
        while True:
            next_tick = max(next_tick + TICK, loop.time() - 10 * TICK)
            await asyncio.sleep(max(0.0, next_tick - loop.time()))
            for venue in self.venues.values():
                try:
                    venue.advance()
                except Exception:  # a bug in one venue's mock must not stop the others
                    traceback.print_exc(file=sys.stderr)
                    venue.counts["errors"] += 1
                now = venue.clock()
                for session in list(venue.sessions.values()):
                    session.tend(now)

    # -- connections

    def _choose_certificate(self, tls: ssl.SSLObject, name: str | None,
                            _: ssl.SSLContext) -> None:
        """Of names that no venue has the client learns that the certificate is for others."""
        vars(tls)["asked_for"] = name
        venue = self._by_host.get(name or "")
        if venue is not None:
            for kind in (certificates.WRONG_HOST, certificates.EXPIRED, certificates.SELF_SIGNED):
                if self.faults.take(kind, venue.name):
                    tls.context = self._authority.context(kind)
                    return

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        wire = Wire(reader, writer, self.faults)
        self.connections += 1
        tls = writer.get_extra_info("ssl_object")
        try:
            await self._serve(wire, getattr(tls, "asked_for", None))
        except (TimeoutError, ConnectionError, OSError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # the server stops; nobody waits for this task's result
        finally:
            await wire.close()
            self.connections -= 1
            self._tasks.discard(task)

    async def _serve(self, wire: Wire, asked_for: str | None) -> None:
        venue = self._by_host.get(asked_for or "")
        while True:
            if venue is not None:
                wire.venue = venue.name
                if self.faults.take("stuck", venue.name):
                    await wire.keep_silent()
                    return
            try:
                request = await asyncio.wait_for(read_request(wire.reader), IDLE)
            except BadRequest as error:
                wire.write(Reply(str(error), 400).encode(self.world.wall(), False))
                return
            if request is None:
                return
            venue = self._by_host.get(request.host)
            if venue is None or (asked_for and asked_for != request.host):
                why = f"TLS was made for {asked_for}, the request names {request.host or 'no host'}"
                wire.write(Reply(why, 421).encode(self.world.wall(), False))
                return
            wire.venue = venue.name
            if request.wants_websocket:
                await self._upgrade(wire, venue, request)
                return
            reply = self._fail(venue, request) or self._answer(venue, request)
            venue.counts["requests"] += 1
            venue.replies[reply.status] += 1
            if self.faults.take("stuck", venue.name):
                await wire.keep_silent()
                return
            wire.write(reply.encode(venue.now(), request.keep_alive))
            await wire.drain()
            if not request.keep_alive:
                return

    def _answer(self, venue: Venue, request: Request) -> Reply:
        try:
            return venue.answer(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            venue.counts["errors"] += 1
            return Reply("internal error of the mock", 500)

    def _fail(self, venue: Venue, request: Request) -> Reply | None:
        """The faults of HTTP, for requests and handshakes alike."""
        for name in ("429", "429-bare", "418", "403", "451", "5xx", "redirect"):
            fault = self.faults.take(name, venue.name, request.path)
            if fault is None:
                continue
            venue.refused(name)
            if name == "redirect":
                return Reply("", 302, {"Location": f"https://elsewhere.invalid{request.target}"})
            if name == "5xx":
                status = _ERRORS[(fault.happened - 1) % len(_ERRORS)]
                return venue.too_fast(Reply("<html>bad gateway</html>", status))
            status = int(name.partition("-")[0])
            headers = {"Retry-After": str(int(fault.argument))} if fault.argument else {}
            return venue.too_fast(Reply("", status, headers))
        return None

    # -- WebSocket

    async def _upgrade(self, wire: Wire, venue: Venue, request: Request) -> None:
        socket = venue.find_socket(request.host, request.path)
        refusal = self._fail(venue, request) or self._refuse(venue, socket, request)
        if refusal is not None or socket is None:
            refusal = refusal or Reply("", 404)
            venue.replies[refusal.status] += 1
            wire.write(refusal.encode(venue.now(), False))
            await wire.drain()
            return
        answer = {"Upgrade": "websocket", "Connection": "Upgrade",
                  "Sec-WebSocket-Accept": accept_key(request.headers["sec-websocket-key"])}
        deflate = None
        offers = request.headers.get("sec-websocket-extensions", "")
        if socket.deflate and (agreed := Deflate.negotiate(offers)):
            deflate, answer["Sec-WebSocket-Extensions"] = agreed
        wire.write(head(101, answer))
        session = Session(next(self._numbers), venue, socket, request, wire, deflate)
        try:
            venue.enter(session)
            await session.run()
        finally:
            venue.part(session)
            await session.end()

    @staticmethod
    def _refuse(venue: Venue, socket: Socket | None, request: Request) -> Reply | None:
        if socket is None:
            venue.refused("unknown path")
            return Reply("", 404)
        if request.headers.get("sec-websocket-version") != "13" or not request.headers.get(
                "sec-websocket-key"):
            return Reply("", 426, {"Sec-WebSocket-Version": "13"})
        wait = venue.may_connect(socket)
        if wait is not None:
            venue.refused("new connections")
            return venue.too_fast(Reply("", 429, {"Retry-After": str(int(wait) + 1)}))
        return None
