"""Unusual volume in a series of counts: a seasonal negative binomial with a budget of false alarms; no SQL here."""

from __future__ import annotations

from listener.spikes.detector import Detector as Detector
from listener.spikes.detector import Spike as Spike
from listener.spikes.detector import find_spikes as find_spikes
