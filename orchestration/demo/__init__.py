"""The example company: a deterministic generator of raw exports, simulated from causes."""

from orchestration.demo.calendar import AS_OF, PLAY_DATES
from orchestration.demo.generate import DemoError, DemoReport, generate

__all__ = ["AS_OF", "PLAY_DATES", "DemoError", "DemoReport", "generate"]
