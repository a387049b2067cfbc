"""A crisis: listened to oftener, official accounts checked at once, and a picture of it for those who decide."""

from listener.crisis.pace import factor

__all__ = ["factor"]
