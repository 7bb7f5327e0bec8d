"""Removal effects in plain NumPy: one dense linear solve a removal, of states built from paths.

Independent of the SQL: states are tuples, a removed channel takes the states that contain it out of
the matrix, and the probability to convert is solved for, whatever the order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

State = tuple[str, ...]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """Channels of a journey, how many journeys with it converted, and how many did not."""

    channels: tuple[str, ...]
    conversions: int
    nulls: int


class Chain:
    """The chain of some order of paths."""

    def __init__(self, paths: Sequence[Path], order: int) -> None:
        steps: Counter[tuple[State, State]] = Counter()
        converted: Counter[State] = Counter()
        lost: Counter[State] = Counter()
        for path in paths:
            state: State = ()
            for place in range(len(path.channels)):
                after = path.channels[max(0, place + 1 - order) : place + 1]
                steps[state, after] += path.conversions + path.nulls
                state = after
            converted[state] += path.conversions
            lost[state] += path.nulls
        self.states = sorted({state for pair in steps for state in pair})
        number = {state: place for place, state in enumerate(self.states)}
        counts = np.zeros((len(self.states), len(self.states)))
        ends = np.zeros(len(self.states))
        for (state, after), count in steps.items():
            counts[number[state], number[after]] += count
        for state, count in converted.items():
            ends[number[state]] += count
        left = counts.sum(axis=1) + ends + [lost[state] for state in self.states]
        self.moves: Matrix = counts / left[:, None]
        self.ends: Matrix = ends / left
        self.channels = sorted({channel for state in self.states for channel in state})
        self.start = number[()]

    def conversion_probability(self, removed: str | None = None) -> float:
        """Probability to convert from the start."""
        return float(self.solved(removed)[self.start])

    def solved(self, removed: str | None = None) -> Matrix:
        """Probability to convert from each state, once the states that hold a channel are gone."""
        kept = np.array([removed not in state for state in self.states], dtype=float)
        moves = self.moves * kept[None, :]
        result: Matrix = np.linalg.solve(np.eye(len(self.states)) - moves, self.ends)
        return result

    def removal_effects(self) -> dict[str, float]:
        """Share of conversions lost without each channel; some journey must convert."""
        whole = self.conversion_probability()
        return {
            channel: 1 - self.conversion_probability(channel) / whole for channel in self.channels
        }

    def scalar_effects(self) -> dict[str, float]:
        """What the formula of order 1 says, taken over the states that end in a channel.

        Right for order 1 only: of a higher order it counts a journey once for each of them.
        """
        visits = np.linalg.inv(np.eye(len(self.states)) - self.moves)
        converts, whole = self.solved(), self.conversion_probability()
        effects = dict.fromkeys(self.channels, 0.0)
        for place, state in enumerate(self.states):
            if state:
                reached = visits[self.start, place] / visits[place, place]
                effects[state[-1]] += float(reached * converts[place] / whole)
        return effects
