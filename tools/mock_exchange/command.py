"""The command line of tools/mock-exchange."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import discover
from .certificates import Authority, CertificateError
from .chaos import Chaos
from .control import Control
from .faults import SPECS, UnknownFault, parse
from .market import Market
from .play import Player, PlayError, find_program
from .server import Server
from .venue import Venue, World


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    faults = "\n".join(f"  {name:14} {spec.help}" for name, spec in SPECS.items())
    parser = argparse.ArgumentParser(
        prog="mock-exchange", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Mock exchanges that speak the venues' protocols on one loopback port.",
        epilog=f"faults:\n{faults}")
    add = parser.add_argument
    add("--port", type=int, default=0, help="0, the default: a free one")
    add("--host", default="127.0.0.1", choices=("127.0.0.1", "::1"), help="loopback address")
    add("--venue", action="append", default=[], metavar="NAME", help="only these; default: all")
    add("--venue-dir", action="append", default=[], type=Path, metavar="DIR",
        help="also the venue whose mock.py is in this folder")
    add("--bare", action="append", default=[], metavar="NAME=HOST[,HOST]",
        help="a venue without a mock.py, that takes all connections and plays frames")
    add("--dir", type=Path, help="folder of the certificates; default: one that is removed at exit")
    add("--seed", type=int, default=1)
    add("--cascade-every", type=float, default=90, metavar="SECONDS",
        help="mean distance of liquidation cascades; 0: none")
    add("--more-markets", type=int, default=0, metavar="N", help="N made-up coins more, MOCK1...")
    add("--lifetime", type=float, default=0, metavar="SECONDS",
        help="of every WebSocket connection, in place of the venue's 24 h")
    add("--silence", type=float, default=0, metavar="SECONDS",
        help="after which a silent client is cut, in place of the venue's own limit")
    add("--connects", type=int, default=0, metavar="N",
        help="new connections allowed in the time for which a venue limits them")
    add("--set", action="append", default=[], metavar="VENUE.NAME=VALUE",
        help="another limit of a venue, like coingecko.keyless_per_minute=3")
    add("--as-recorded", action="store_true", help="leave times in recorded messages as they are")
    add("--play", action="append", default=[], type=Path, metavar="FILE",
        help="play this frame file, or a folder with those of a recording; their venues "
             "then say nothing of their own")
    add("--speed", type=float, default=1, help="of --play; 0: as fast as clients take it")
    add("--loop", action="store_true", help="play again and again")
    add("--spillway", default="", metavar="PROGRAM", help="that reads frame files")
    add("--fault", action="append", default=[],
        metavar="NAME[:venue[:argument]][,every=N][,times=N][,seconds=S][,path=TEXT]")
    add("--control", type=int, metavar="PORT",
        help="plain HTTP: GET /state, POST and DELETE /fault, POST /send, POST /cut")
    return parser.parse_args(words)


def main() -> int:
    options = arguments()
    try:
        with ExitStack() as stack:
            folder = options.dir
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory("-mock-exchange")))
            folder.mkdir(parents=True, exist_ok=True)
            asyncio.run(run(options, folder.resolve()))
    except (CertificateError, UnknownFault, discover.UnknownVenue, PlayError, OSError) as error:
        print(f"mock-exchange: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def make_venues(options: argparse.Namespace, world: World) -> list[Venue]:
    kinds = discover.find(options.venue, options.venue_dir)
    venues = [kind(world) for kind in [*kinds, *map(discover.bare, options.bare)]]
    by_name = {venue.name: venue for venue in venues}
    for text in options.set:
        name, _, rest = text.partition(".")
        key, _, value = rest.partition("=")
        if name not in by_name or not value:
            raise discover.UnknownVenue(f"--set {text}: expected VENUE.NAME=VALUE")
        discover.configure(by_name[name], key, value)
    return venues


async def run(options: argparse.Namespace, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    market = Market(options.seed, options.cascade_every, options.more_markets)
    world = World(market, lifetime=options.lifetime, silence=options.silence,
                  connects=options.connects, as_recorded=options.as_recorded)
    venues = make_venues(options, world)
    for text in options.fault:
        fault = world.faults.add(parse(text))
        if fault.venue not in ("*", *(venue.name for venue in venues)):
            raise UnknownFault(f"--fault {text}: no venue {fault.venue!r}")
    server = Server(world, venues, Authority(folder, [h for v in venues for h in v.hosts]))
    players = await make_players(options, server)
    await server.start(options.port, options.host)
    control = Control(server, players)
    chaos = Chaos(world.faults, market, list(server.venues))
    tasks = [asyncio.create_task(work) for work in (chaos.run(), *(p.run() for p in players))]
    for task in tasks:
        task.add_done_callback(_tell)
    try:
        host = f"[{options.host}]" if ":" in options.host else options.host
        where = f"{host}:{server.port},{folder / 'ca.pem'}"
        port = None if options.control is None else await control.start(options.control)
        print(f"ready {where}")
        print(f"SPILLWAY_GATEWAY={where} spillway run pipelines/live.yaml")
        if port is not None:
            print(f"control 127.0.0.1:{port}")
        sys.stdout.flush()
        await stopped.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await control.stop()
        await server.stop()


async def make_players(options: argparse.Namespace, server: Server) -> list[Player]:
    if not options.play:
        return []
    program = find_program(options.spillway)
    players = [Player(program, file, server.venues, options.speed, options.loop)
               for file in options.play]
    for player in players:
        for name in await player.check():
            server.venues[name].generates = False
    return players


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        print(f"mock-exchange: {error}", file=sys.stderr)
