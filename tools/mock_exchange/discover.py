"""Finds the mocks of venues: each is the file mock.py in the venue's own folder."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from pathlib import Path

from .venue import Socket, Venue

SOURCES = Path(__file__).resolve().parents[2] / "plugins" / "sources"


class UnknownVenue(ValueError):
    pass


def find(names: list[str], folders: list[Path]) -> list[type[Venue]]:
    """Of the checkout and of `folders`; those that are named, or all."""
    places = [file.parent for file in sorted(SOURCES.glob("*/mock.py"))] + folders
    known = {kind.name: kind for kind in map(load, places)}
    if unknown := [name for name in names if name not in known]:
        raise UnknownVenue(f"no venue {unknown[0]!r} has a mock.py; known: {', '.join(known)}")
    return [kind for name, kind in known.items() if not names or name in names]


def load(folder: Path) -> type[Venue]:
    """The one class with a name in `folder`/mock.py. It may import files beside it."""
    folder = folder.resolve()
    if not (folder / "mock.py").is_file():
        raise UnknownVenue(f"{folder} has no mock.py")
    package = "mock_exchange_venue_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    if package not in sys.modules:
        spec = importlib.machinery.ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[package] = importlib.util.module_from_spec(spec)
    module = importlib.import_module(package + ".mock")
    found = [value for value in vars(module).values()
             if isinstance(value, type) and issubclass(value, Venue) and value.name
             and value.__module__ == module.__name__]
    if len(found) != 1:
        raise UnknownVenue(f"{folder}/mock.py: expected one class of Venue with a name, "
                           f"found {len(found)}")
    found[0].folder = folder
    return found[0]


def bare(text: str) -> type[Venue]:
    """NAME=HOST[,HOST]: a venue that takes every connection and says only what is played."""
    name, _, hosts = text.partition("=")
    if not name or not hosts:
        raise UnknownVenue(f"{text!r}: expected NAME=HOST[,HOST]")
    return type(name, (Venue,), {"name": name, "hosts": tuple(hosts.split(",")),
                                 "sockets": (Socket("any", "/"),)})


def configure(venue: Venue, key: str, value: str) -> None:
    """Sets one of the numbers or texts that a venue's class declares."""
    old = getattr(type(venue), key, None)
    if not isinstance(old, (int, float, str)) or key.startswith("_"):
        known = [k for k in dir(type(venue)) if not k.startswith("_")
                 and isinstance(getattr(type(venue), k), (int, float)) and k != "generates"]
        raise UnknownVenue(f"{venue.name} has no setting {key!r}; known: {', '.join(known)}")
    setattr(venue, key, value if isinstance(old, str) else type(old)(float(value)))
