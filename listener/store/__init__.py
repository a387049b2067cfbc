"""What is remembered: one SQLite file with findings, cases, decisions and mentions."""

from __future__ import annotations

from listener.store.database import Store, StoreError, open_store

__all__ = ["Store", "StoreError", "open_store"]
