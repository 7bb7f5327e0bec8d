"""Random streams: one per purpose and block, so that one can draw more and others keep theirs.

Nothing else in the demo makes a generator.
"""

import zlib

import numpy as np
import numpy.typing as npt


class Streams:
    """Generators by name under one seed; the same name gives the same numbers again."""

    def __init__(self, seed: int, *path: int) -> None:
        self._seed, self._path = seed, path

    def __call__(self, name: str) -> np.random.Generator:
        """A fresh generator of this name."""
        key = (*self._path, zlib.crc32(name.encode()))
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self._seed, spawn_key=key))
        )

    def block(self, number: int) -> "Streams":
        """The streams of one block of people."""
        return Streams(self._seed, *self._path, number + 1)


def pick(
    uniforms: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """The index that each uniform number in [0, 1) falls on, by weight."""
    edges = np.cumsum(weights)
    found = np.searchsorted(edges / edges[-1], uniforms, side="right")
    return np.minimum(found, len(weights) - 1).astype(np.int64)
