"""OKX v5, swaps and futures, as far as public data go, for tools/mock-exchange."""

from __future__ import annotations

import json
from typing import Any

from mock_exchange import Liquidation, Session, Socket, Window, World, number

from .mock_polls import STREAM, Contract, Polls

CHANNELS = ("funding-rate", "open-interest", "mark-price", "tickers", "trades", "index-tickers")
NOTICE = ("The connection will soon be closed for a service upgrade. Please reconnect.")


class Okx(Polls):
    name = "okx"
    sockets = (Socket("public", "/ws/v5/public", STREAM, connects=3, connects_per=1, silence=30,
                      silence_of_both=True, silent_close=(4004, "No data received in 30s."),
                      max_message=256 * 1024),)
    answers = ('{"event":', '{"id":', "pong")
    operations_per_hour = 480
    request_bytes = 65536
    notice_before = 30.0  # seconds before the end of a connection's lifetime

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._pending: dict[str, Liquidation] = {}  # the largest of a contract and second
        self._later: list[tuple[float, dict[str, Any]]] = []  # rows that come again, or late
        self._rows = 0
        self._trade = 219_066_264

    # -- requests

    def opened(self, session: Session) -> None:
        session.data["id"] = f"{session.rng.getrandbits(32):08x}"
        session.data["budget"] = Window(self.operations_per_hour, 3600)

    def heard(self, session: Session, text: str) -> None:
        if text == "ping":
            session.send("pong")
            return None
        try:
            request = json.loads(text)
            operation, arguments = request["op"], request["args"]
        except (ValueError, TypeError, KeyError):
            return self._complain(session, "60012", f"Invalid request: {text[:200]}")
        if operation not in ("subscribe", "unsubscribe") or not isinstance(arguments, list) or (
                not arguments or not all(isinstance(a, dict) for a in arguments)):
            return self._complain(session, "60012", f"Invalid request: {text[:200]}", request)
        if len(text.encode()) > self.request_bytes:
            return self._complain(session, "60012", "Invalid request: args are above 64 KB",
                                  request)
        if self.silenced():
            return None
        for argument in arguments:
            if not session.data["budget"].spend(self.clock()):
                self._complain(session, "60014", "Requests too frequent", request)
            elif operation == "unsubscribe":
                self.leave(session, _topic(argument))
                self._confirm(session, request, "unsubscribe", argument)
            else:
                self._subscribe(session, request, argument)
        return None

    def _subscribe(self, session: Session, request: dict[str, Any],
                   argument: dict[str, Any]) -> None:
        channel, id_, kind = (argument.get(k, "") for k in ("channel", "instId", "instType"))
        contract = self.contracts.get(id_)
        if channel == "liquidation-orders":
            known = kind in ("SWAP", "FUTURES", "MARGIN", "OPTION")
            argument = {"channel": channel, "instType": kind} if known else argument
        elif channel == "index-tickers":
            known = any(c.family == id_ for c in self.contracts.values())
        else:
            known = channel in CHANNELS and contract is not None
            known = known and not (channel == "funding-rate" and contract and contract.dated)
        if not known or self.unwilling():
            what = f"instId:{id_}" if id_ else f"instType:{kind}"
            return self._complain(
                session, "60018", f"Wrong URL or channel:{channel},{what} doesn't exist. Please "
                "use the correct URL, channel and parameters referring to API document.", request)
        self.join(session, _topic(argument))
        self._confirm(session, request, "subscribe", argument)
        if contract is not None:
            for message in self._now(channel, contract):
                session.publish(json.dumps(message, separators=(",", ":")), _topic(argument), True)
        return None

    def _confirm(self, session: Session, request: dict[str, Any], event: str,
                 argument: dict[str, Any]) -> None:
        answer = {"id": request["id"]} if "id" in request else {}
        answer |= {"event": event, "arg": argument, "connId": session.data["id"]}
        session.send(json.dumps(answer, separators=(",", ":")))

    def _complain(self, session: Session, code: str, why: str,
                  request: dict[str, Any] | None = None) -> None:
        self.refused(f"error {code}")
        answer = {"id": request["id"]} if request and "id" in request else {}
        answer |= {"event": "error", "code": code, "msg": why, "connId": session.data["id"]}
        session.send(json.dumps(answer, separators=(",", ":")))

    # -- streams

    def stream(self) -> None:
        self._collect()
        self._warn_of_the_end()
        for socket, topic in self.topics():
            channel, _, id_ = topic.partition("|")
            offset = sum(id_.encode()) % 10 * 0.1
            seconds = {"mark-price": 1, "tickers": 1, "index-tickers": 1, "trades": 0.5,
                       "open-interest": 3, "funding-rate": 30}.get(channel)
            if seconds is None or not self.every(seconds, offset % seconds):
                continue
            if channel == "index-tickers":
                contract = next(c for c in self.contracts.values() if c.family == id_)
            else:
                contract = self.contracts[id_]
            for message in self._now(channel, contract):
                self.publish(socket, topic, message)

    def _collect(self) -> None:
        at = self.at()
        for found in self.market.liquidations(self.name, at - 0.1, 0.1):
            lines = [c for c in self.contracts.values() if c.asset == found.asset]
            pick = int(found.time * 1e6) % 10
            contract = lines[pick % len(lines)] if pick > 7 else lines[0]
            known = self._pending.get(contract.id)
            if known is None or known.usd < found.usd:
                self._pending[contract.id] = found
        if self.every(1):
            for id_, found in self._pending.items():
                row = self._row(self.contracts[id_], found)
                self._rows += 1
                if self._rows % 15 == 0:  # rows may be minutes late
                    self._later.append((at + 120, row))
                    continue
                self._publish_row(row)
                if self._rows % 8 == 0:  # and may come again
                    self._later.append((at + 2, row))
            self._pending.clear()
            for due, row in self._later:
                if due <= at:
                    self._publish_row(row)
            self._later = [(due, row) for due, row in self._later if due > at]
        if self.every(13, 6):  # contracts of all sorts, as they were recorded
            rows = [r for r in self.samples("liquidation-orders.jsonl")
                    if r["data"][0]["instId"] not in self.contracts]
            message = rows[self.tick_number // 130 % len(rows)]
            self.publish("public", _topic(message["arg"]),
                         self.moved(message, message["data"][0]["details"][0]["ts"]))

    def _row(self, contract: Contract, found: Liquidation) -> dict[str, Any]:
        template: dict[str, Any] = self.sample("liquidation-orders.jsonl", 2)["data"][0]
        price = found.price * (0.996 if found.long else 1.004)
        contracts = found.usd / (contract.value if contract.inverse else contract.value * price)
        details = self.fill(template["details"][0], {
            "bkPx": number(price, 6), "posSide": "long" if found.long else "short",
            "side": "sell" if found.long else "buy",
            "sz": str(max(1, round(contracts))) if contract.inverse else number(contracts, 3),
        }, {"ts": str(self.ms_of(found.time))})
        return template | {"details": [details], "instFamily": contract.family,
                           "instId": contract.id, "instType": contract.kind,
                           "uly": contract.family}

    def _publish_row(self, row: dict[str, Any]) -> None:
        argument = {"channel": "liquidation-orders", "instType": row["instType"]}
        self.publish("public", _topic(argument), {"arg": argument, "data": [row]})

    def _warn_of_the_end(self) -> None:
        """Half a minute before a connection's lifetime is over, or half of a short one."""
        now = self.clock()
        for session in self.sessions.values():
            lifetime = self.world.lifetime or session.socket.lifetime
            warn = max(lifetime - self.notice_before, lifetime / 2)
            if now > session.opened + warn and not session.data.get("warned"):
                session.data["warned"] = True
                session.send(json.dumps({"event": "notice", "code": "64008", "msg": NOTICE,
                                         "connId": session.data["id"]}, separators=(",", ":")))

    def _now(self, channel: str, contract: Contract) -> list[dict[str, Any]]:
        """What a channel says of a contract."""
        if channel == "trades":
            row = self._trade_row(contract)
        else:
            row = self.current(channel, contract)
        id_ = contract.family if channel == "index-tickers" else contract.id
        return [{"arg": {"channel": channel, "instId": id_}, "data": [row]}]

    def _trade_row(self, contract: Contract) -> dict[str, Any]:
        self._trade += 1
        rng = self.market.random("trades", contract.id, self.tick_number)
        price, usd = self.price(contract), 20 + rng.expovariate(1 / 3000)
        contracts = usd / (contract.value if contract.inverse else contract.value * price)
        return self.fill(self.sample("trades.jsonl", 1)["data"][0], {
            "instId": contract.id, "tradeId": str(self._trade), "px": number(price, 6),
            "sz": str(max(1, round(contracts))) if contract.inverse else number(contracts, 3),
            "side": rng.choice(("buy", "sell"))}, {"ts": str(self.now_ms() - 3)})


def _topic(argument: dict[str, Any]) -> str:
    what = argument.get("instId") or argument.get("instType") or ""
    return f"{argument.get('channel', '')}|{what}"
