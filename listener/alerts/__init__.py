"""Alerts: what cannot wait for Monday goes out at once, by mail and webhook; all else waits for the weekly report."""

from listener.alerts.alert import Alert, Outcome

__all__ = ["Alert", "Outcome"]
