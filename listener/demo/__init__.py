"""The invented municipality of Almby on loopback: real small servers for the demo, for tests and for trying things."""

from __future__ import annotations

from listener.demo.serve import Fault
from listener.demo.stage import Served, start
from listener.demo.world import Resident, World, load_world

__all__ = ["Fault", "Resident", "Served", "World", "load_world", "start"]
