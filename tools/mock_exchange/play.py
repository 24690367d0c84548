"""Plays recorded frame files to the connections of their venues."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .http import Reply
from .spoil import shift_times
from .venue import Venue

LINE_LIMIT = 128 * 1024 * 1024


class PlayError(Exception):
    pass


def find_program(given: str) -> str:
    found = given or shutil.which("spillway")
    if not found:
        raise PlayError("--play needs the program spillway: put it on the PATH, or name it with "
                        "--spillway")
    return found


class Player:
    """One file. Speed 0 is as fast as the clients take it. Frames wait for the first client."""

    def __init__(self, program: str, file: Path, venues: dict[str, Venue], speed: float,
                 repeat: bool) -> None:
        if not file.exists():
            raise PlayError(f"{file}: no such file")
        self.program = program
        self.file = file
        self.venues = venues
        self.speed = speed
        self.repeat = repeat
        self.sent = 0
        self._absent: set[tuple[str, str]] = set()  # sockets that no client opens
        self.finished = False

    async def check(self) -> set[str]:
        """The venues of the first frames; those venues then say nothing of their own."""
        names: set[str] = set()
        count = 0
        async with aclosing(self._frames()) as frames:
            async for frame in frames:
                names.add(frame["venue"])
                count += 1
                if count >= 1000:
                    break
        if not count:
            raise PlayError(f"{self.file}: holds no frames")
        if not names & set(self.venues):
            raise PlayError(f"{self.file}: its venues ({', '.join(sorted(names))}) have no mock; "
                            "give one with --bare NAME=HOST")
        return names & set(self.venues)

    async def run(self) -> None:
        while True:
            await self._play_once()
            if not self.repeat:
                break
        self.finished = True

    async def _play_once(self) -> None:
        loop = asyncio.get_running_loop()
        first = started = 0.0
        async with aclosing(self._frames()) as frames:
            async for frame in frames:
                venue = self.venues.get(frame["venue"])
                if venue is None or frame["type"] not in ("data", "response"):
                    continue
                if frame["type"] == "data":
                    await self._wait_for_client(venue, frame.get("channel", ""))
                time = _seconds(frame["time"])
                if not first:
                    first, started = time, loop.time()
                if self.speed > 0:
                    delay = started + (time - first) / self.speed - loop.time()
                    if delay > 0:
                        await asyncio.sleep(delay)
                elif self.sent % 64 == 0:
                    await asyncio.sleep(0)
                    await self._wait_for_room(venue)
                self._send(venue, frame, time)

    def _send(self, venue: Venue, frame: dict[str, Any], recorded: float) -> None:
        payload = _payload(frame)
        by = 0.0 if venue.world.as_recorded else venue.now() - recorded
        if frame["type"] == "response":
            text = shift_times(payload.decode(errors="replace"), by)
            venue.played[frame["channel"]] = Reply(text, int(frame.get("status", 200)))
            return
        binary = bool(frame.get("binary"))
        channel = frame.get("channel", "")
        sessions = [s for s in venue.sessions.values() if s.socket.name == channel]
        sessions = sessions or [s for s in venue.sessions.values() if channel in s.topics]
        for session in sessions or list(venue.sessions.values()):
            if binary or "base64" in frame:
                session.send_bytes(payload, binary)
                venue.counts["messages"] += 1
            elif not (text := payload.decode()).startswith(venue.answers or "\0"):
                session.dress = None  # as it was recorded
                session.publish(shift_times(text, by), channel)
        self.sent += 1

    async def _wait_for_client(self, venue: Venue, channel: str) -> None:
        """One that has subscribed, or said nothing for a second because it need not. If the channel
        is a socket of the venue, one of that socket, but not for ever: it may not be used."""
        needed = channel if channel in {socket.name for socket in venue.sockets} else ""
        give_up = None
        while True:
            now = venue.clock()
            listening = [s for s in venue.sessions.values() if s.topics or now > s.opened + 1]
            if not needed or (venue.name, channel) in self._absent:
                if listening:
                    return
            elif any(s.socket.name == needed for s in listening):
                return
            elif listening:
                give_up = give_up or now + 5
                if now > give_up:
                    self._absent.add((venue.name, channel))
            await asyncio.sleep(0.02)

    async def _wait_for_room(self, venue: Venue) -> None:
        while any(s.waiting > 1024 * 1024 for s in venue.sessions.values()):
            await asyncio.sleep(0.005)

    async def _frames(self) -> AsyncGenerator[dict[str, Any], None]:
        process = await asyncio.create_subprocess_exec(
            self.program, "frames", "cat", str(self.file), stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, limit=LINE_LIMIT)
        assert process.stdout is not None and process.stderr is not None
        try:
            while line := await process.stdout.readline():
                yield json.loads(line)
            said = (await process.stderr.read()).decode(errors="replace").strip()
            if await process.wait() != 0:
                raise PlayError(f"{self.program} frames cat {self.file}: {said}")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _payload(frame: dict[str, Any]) -> bytes:
    if "base64" in frame:
        return base64.b64decode(frame["base64"])
    return str(frame.get("text", "")).encode()


def _seconds(text: str) -> float:
    whole, _, fraction = text.removesuffix("Z").partition(".")
    date = datetime.fromisoformat(re.sub(r" ", "T", whole)).replace(tzinfo=UTC)
    return date.timestamp() + (int(fraction.ljust(9, "0")) / 1e9 if fraction else 0.0)
