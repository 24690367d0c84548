"""Plain HTTP on loopback with which a test switches faults and looks at counts."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

from .faults import SPECS, Fault, UnknownFault
from .http import BadRequest, Reply, Request, read_request
from .play import Player
from .server import Server
from .venue import Venue

_USAGE = """GET /state, /faults, /fault; POST /fault, /send, /cut; DELETE /fault[?name=N&venue=V]
"""


class Control:
    def __init__(self, server: Server, players: list[Player]) -> None:
        self._server = server
        self._players = players
        self._listener: asyncio.Server | None = None
        self._handlers: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "/state"): self._state,
            ("GET", "/fault"): lambda _: server.faults.describe(),
            ("GET", "/faults"): lambda _: {name: spec.help for name, spec in SPECS.items()},
            ("POST", "/fault"): self._add_fault,
            ("DELETE", "/fault"): self._remove_faults,
            ("POST", "/send"): self._send,
            ("POST", "/cut"): self._cut,
        }

    async def start(self, port: int) -> int:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._listener.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(read_request(reader), 10)
            if request is not None:
                writer.write(self._answer(request).encode(self._server.world.wall(), False))
                await writer.drain()
        except BadRequest as error:
            writer.write(Reply(str(error), 400).encode(self._server.world.wall(), False))
        except (TimeoutError, ConnectionError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, request: Request) -> Reply:
        handler = self._handlers.get((request.method, request.path))
        if handler is None:
            return Reply(_USAGE, 404)
        try:
            return Reply(handler(request))
        except (UnknownFault, ValueError, TypeError, KeyError) as error:
            return Reply(f"{type(error).__name__}: {error}\n", 400)

    def _state(self, request: Request) -> Any:
        return {"venues": {v.name: v.describe() for v in self._server.venues.values()},
                "faults": self._server.faults.describe(),
                "happened": dict(self._server.faults.happened),
                "connections": self._server.connections,
                "played": [{"file": str(p.file), "sent": p.sent, "finished": p.finished}
                           for p in self._players]}

    def _add_fault(self, request: Request) -> Any:
        given = _json(request)
        fault = Fault(**{key: given[key] for key in given if key in (
            "name", "venue", "argument", "every", "times", "path", "seconds")})
        if unknown := set(given) - set(vars(fault)):
            raise UnknownFault(f"no such member: {', '.join(sorted(unknown))}")
        self._check_venue(fault.venue)
        return {"number": self._server.faults.add(fault).number}

    def _remove_faults(self, request: Request) -> Any:
        query = request.query
        return {"removed": self._server.faults.remove(query.get("name", ""),
                                                      query.get("venue", ""))}

    def _send(self, request: Request) -> Any:
        """{"venue", "text" or "base64", "topic"?, "binary"?}: to all sessions, or a topic's."""
        given = _json(request)
        topic = given.get("topic")
        sent = 0
        for session in list(self._venue(given).sessions.values()):
            if topic is not None and topic not in session.topics:
                continue
            if "base64" in given:
                session.send_bytes(base64.b64decode(given["base64"]), given.get("binary", True))
            else:
                session.send(given["text"])
            sent += 1
        return {"sent": sent}

    def _cut(self, request: Request) -> Any:
        """{"venue"?, "code"?}: closes with a code; 1006, the default, cuts the connections."""
        given = _json(request)
        venues = [self._venue(given)] if "venue" in given else list(self._server.venues.values())
        cut = 0
        for venue in venues:
            for session in list(venue.sessions.values()):
                session.close(int(given.get("code", 1006)), given.get("reason", ""))
                cut += 1
        return {"cut": cut}

    def _venue(self, given: dict[str, Any]) -> Venue:
        self._check_venue(given["venue"])
        return self._server.venues[given["venue"]]

    def _check_venue(self, name: str) -> None:
        if name != "*" and name not in self._server.venues:
            raise UnknownFault(f"no venue {name!r}; known: {', '.join(self._server.venues)}")


def _json(request: Request) -> dict[str, Any]:
    given = json.loads(request.body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("expected a JSON object")
    return given
