"""Faults of messages: what becomes of one that a venue sends."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

from .http import compact

if TYPE_CHECKING:
    from .session import Session

# Milliseconds and seconds with nanoseconds' digits since 2014, as numbers or texts.
_MILLISECONDS = re.compile(r"(?<![\d.\w-])(1[4-9]\d{11})(?![\d.\w])")


def shift_times(text: str, seconds: float) -> str:
    """Moves all times in a message that are milliseconds since 1970."""
    by = round(seconds * 1000)
    return _MILLISECONDS.sub(lambda match: str(int(match[1]) + by), text) if by else text


def messages(session: Session, text: str, topic: str, snapshot: bool) -> list[str]:
    """What is sent in place of `text`."""
    faults, venue, counts = session.faults, session.venue.name, session.fault_counts
    held = session.held
    after = session.due_again(topic, snapshot)
    if (fault := faults.find("snapshot-late", venue)) and snapshot:
        session.hold_back(topic, text, int(fault.argument or 1))
        faults.count(fault)
        return []
    if faults.due("missing", venue, counts):
        return after
    rng = session.rng
    if fault := faults.due("late", venue, counts):
        text = shift_times(text, -(fault.argument or 0))
    if faults.due("new-field", venue, counts):
        text = new_field(text)
    if faults.due("removed-field", venue, counts):
        text = removed_field(text, rng)
    if faults.due("changed-type", venue, counts):
        text = changed_type(text, rng)
    if faults.due("reorder", venue, counts):
        held.append(text)
        return after
    out = [text, *held, *after]
    held.clear()
    if faults.due("duplicate", venue, counts):
        out.append(text)
    if faults.due("garbage", venue, counts):
        out.append(garbage(text, rng))
    return out


def garbage(text: str, rng: random.Random) -> str:
    kind = rng.randrange(4)
    if kind == 0:
        return text[:rng.randrange(len(text) + 1)]
    if kind == 1:
        return "".join(chr(rng.randrange(32, 0x2FF)) for _ in range(rng.randrange(1, 200)))
    if kind == 2:
        return rng.choice(["", "null", "[]", "{}", "{", "0", '"', "{{{{", '{"topic":', "\x00"])
    return "[" * rng.randrange(1, 5000)


def new_field(text: str) -> str:
    return _edited(text, _add_fields)


def removed_field(text: str, rng: random.Random) -> str:
    def remove(message: Any) -> None:
        if places := _members(message):
            holder, key = rng.choice(places)
            del holder[key]

    return _edited(text, remove)


def changed_type(text: str, rng: random.Random) -> str:
    def change(message: Any) -> None:
        if places := _members(message):
            holder, key = rng.choice(places)
            others: list[Any] = [None, True, 7, -1.5e300, "seven", [], {}, [holder[key]]]
            kind = type(holder[key])
            holder[key] = rng.choice([o for o in others if type(o) is not kind])

    return _edited(text, change)


def _edited(text: str, edit: Any) -> str:
    try:
        message = json.loads(text)
    except ValueError:
        return text
    edit(message)
    return compact(message)


def _add_fields(message: Any) -> None:
    if isinstance(message, dict):
        for value in list(message.values()):
            _add_fields(value)
        message["newField"] = {"nested": [1, "2", None], "e": "\u00e9\U0001f40b"}
    elif isinstance(message, list):
        for value in message:
            _add_fields(value)


def _members(message: Any) -> list[tuple[dict[str, Any], str]]:
    """All members of all objects in it."""
    found: list[tuple[dict[str, Any], str]] = []
    if isinstance(message, dict):
        for key, value in message.items():
            found.append((message, key))
            found.extend(_members(value))
    elif isinstance(message, list):
        for value in message:
            found.extend(_members(value))
    return found
