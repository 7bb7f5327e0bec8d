"""Steelyard's Python package: it moves, admits, schedules, publishes, freezes and draws.

Business rules belong in dbt models and numbers that a company may change in seeds, not here.
"""

__version__ = "0.1.0"
