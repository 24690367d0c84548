"""Mock exchanges on loopback. What a venue's mock.py needs is exported here; see README.md."""

from .http import Reply, Request
from .limits import Minute, Window
from .market import Asset, Liquidation, Market, number, quarter_end
from .session import Session
from .venue import Route, Socket, Venue, World, route

__all__ = ["Asset", "Liquidation", "Market", "Minute", "Reply", "Request", "Route", "Session",
           "Socket", "Venue", "Window", "World", "number", "quarter_end", "route"]
