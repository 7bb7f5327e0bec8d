"""The closed form of the Shapley value that the credits use, against every coalition."""

import random
from fractions import Fraction

import pytest
from attribution_reference import shapley_values


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 10])
def test_a_conversion_is_shared_equally_by_the_channels_of_its_path(count: int) -> None:
    """Sum over conversions of 1 / distinct channels, exactly, for up to ten channels."""
    dice = random.Random(count)
    channels = [f"c{number}" for number in range(count)]
    worths: dict[frozenset[str], Fraction] = {}
    for _ in range(12):
        used = frozenset(dice.sample(channels, dice.randint(1, count)))
        worths[used] = worths.get(used, Fraction(0)) + dice.randint(1, 9)

    expected = dict.fromkeys(channels, Fraction(0))
    for used, worth in worths.items():
        for channel in used:
            expected[channel] += worth / len(used)

    assert shapley_values(worths, channels) == expected
