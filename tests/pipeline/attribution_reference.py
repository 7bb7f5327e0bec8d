"""Attribution in plain Python: what the SQL must say, written once more from its rules' words.

Nothing here is quick. Credits are exact fractions, but for time decay; money is split by the
largest remainder in whole cents.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

MEASURES = ("revenue", "refunds", "margin")


@dataclass(frozen=True)
class Touch:
    """One touch, with the customer it counts for."""

    touch_id: str
    customer_key: str
    touched_at: datetime
    touch_kind: str
    channel: str
    is_direct: bool


@dataclass(frozen=True)
class Conversion:
    """One conversion; money in the base currency, a measure None where unknown.

    Conversions of one order, whatever their types, are of one occasion.
    """

    conversion_id: str
    occasion_id: str
    conversion_type: str
    customer_key: str
    converted_at: datetime
    money: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Model:
    """One row of attribution_models."""

    model_id: str
    family: str
    weights: tuple[Fraction, ...]
    anchor_touch_kind: str | None
    anchor_weight: Fraction
    half_life_days: float | None
    look_back_days: int
    path_starts: str
    touch_kinds: frozenset[str]
    direct_policy: str
    conversion_types: frozenset[str]
    max_path_touches: int


@dataclass(frozen=True)
class Credit:
    """What one touch gets; position and touch_id are None where nobody gets it."""

    touch_id: str | None
    position: int | None
    path_length: int
    credit: float
    money: Mapping[str, Decimal | None]


def credits(
    model: Model, conversions: Sequence[Conversion], touches: Sequence[Touch]
) -> dict[str, list[Credit]]:
    """Credits by conversion_id, of the conversions of the model's types."""
    return {
        conversion.conversion_id: _shared(
            model, conversion, _path(model, conversion, conversions, touches)
        )
        for conversion in conversions
        if conversion.conversion_type in model.conversion_types
    }


def _path(
    model: Model,
    conversion: Conversion,
    conversions: Sequence[Conversion],
    touches: Sequence[Touch],
) -> list[Touch]:
    """The touches that the model counts, the first first."""
    opened_at = conversion.converted_at - timedelta(days=model.look_back_days)
    if model.path_starts == "previous_conversion":
        own = (conversion.converted_at, conversion.conversion_id)
        before = [
            other.converted_at
            for other in conversions
            if other.customer_key == conversion.customer_key
            and other.conversion_type == conversion.conversion_type
            and (other.converted_at, other.conversion_id) < own
        ]
        opened_at = max([opened_at, *before])
    reached = [
        touch
        for touch in touches
        if touch.customer_key == conversion.customer_key
        and touch.touch_kind in model.touch_kinds
        and opened_at < touch.touched_at <= conversion.converted_at
    ]
    reached.sort(key=lambda touch: (touch.touched_at, touch.touch_id))
    kept = reached[-model.max_path_touches :]
    others = [touch for touch in kept if not touch.is_direct]
    if model.direct_policy == "drop" or (model.direct_policy == "drop_if_other" and others):
        return others
    return kept


def _shared(model: Model, conversion: Conversion, path: Sequence[Touch]) -> list[Credit]:
    if not path:
        return [Credit(None, None, 0, 1.0, dict(conversion.money))]
    weights = _weights(model, conversion, path)
    shares = [weight / sum(weights) for weight in weights]
    parts = {measure: _split(conversion, measure, path, shares) for measure in MEASURES}
    return [
        Credit(
            touch.touch_id,
            place + 1,
            len(path),
            float(share),
            {measure: parts[measure][place] for measure in MEASURES},
        )
        for place, (touch, share) in enumerate(zip(path, shares, strict=True))
        if share > 0
    ]


def _weights(model: Model, conversion: Conversion, path: Sequence[Touch]) -> list[Fraction]:
    count = len(path)
    if model.family == "first_touch":
        return [Fraction(place == 0) for place in range(count)]
    if model.family in ("last_touch", "last_non_direct"):
        return [Fraction(place == count - 1) for place in range(count)]
    if model.family == "position":
        return _by_position(model, path)
    if model.family == "shapley":
        return _shapley(path)
    if model.family == "time_decay":
        assert model.half_life_days is not None
        ages = [(conversion.converted_at - touch.touched_at).total_seconds() for touch in path]
        days = [(age - ages[-1]) / 86_400 for age in ages]
        return [Fraction(2 ** (-day / model.half_life_days)) for day in days]
    assert model.family == "linear", model.family
    return [Fraction(1)] * count


def _by_position(model: Model, path: Sequence[Touch]) -> list[Fraction]:
    """The list's first weights from the start, its last from the end, the middle shared."""
    count, listed = len(path), len(model.weights)
    anchors = [
        place for place, touch in enumerate(path) if touch.touch_kind == model.anchor_touch_kind
    ]
    heads, tails = ((count + 1) // 2, count // 2) if count < listed else [listed // 2] * 2
    weights = [Fraction(0)] * count
    for place in range(heads):
        weights[place] = model.weights[place]
    for place in range(1, tails + 1):
        weights[-place] = model.weights[-place]
    if count >= listed and listed % 2:
        between = range(heads, count - tails)
        sharing = [place for place in between if place not in anchors[:1]]
        for place in sharing:
            weights[place] = model.weights[listed // 2] / len(sharing)
    if anchors:
        weights[anchors[0]] += model.anchor_weight
    return weights if any(weights) else [Fraction(1)] * count


def _shapley(path: Sequence[Touch]) -> list[Fraction]:
    """A channel's Shapley value in the game of this one conversion, shared by its touches.

    By every coalition: a set of channels is worth the conversion if it holds all of the path's.
    """
    channels = sorted({touch.channel for touch in path})
    value = shapley_values({frozenset(channels): Fraction(1)}, channels)
    touches = Counter(touch.channel for touch in path)
    return [value[touch.channel] / touches[touch.channel] for touch in path]


def shapley_values(
    worths: Mapping[frozenset[str], Fraction], channels: Sequence[str]
) -> dict[str, Fraction]:
    """Shapley values over all coalitions, where paths of each set of channels have such a worth.

    A coalition is worth all paths that use its channels only.
    """
    count = len(channels)
    values = dict.fromkeys(channels, Fraction(0))
    coalitions = [
        frozenset(members) for size in range(count + 1) for members in combinations(channels, size)
    ]
    worth = {
        coalition: sum(
            (each for used, each in worths.items() if used <= coalition), start=Fraction(0)
        )
        for coalition in coalitions
    }
    for coalition in coalitions:
        size = len(coalition)
        for channel in set(channels) - coalition:
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            values[channel] += weight * (worth[coalition | {channel}] - worth[coalition])
    return values


def _split(
    conversion: Conversion, measure: str, path: Sequence[Touch], shares: Sequence[Fraction]
) -> list[Decimal | None]:
    amount = conversion.money[measure]
    if amount is None:
        return [None] * len(path)
    cents = int(abs(amount) * 100)
    exact = [share * cents for share in shares]
    given = [int(part) for part in exact]
    order = sorted(
        (place for place, share in enumerate(shares) if share > 0),
        key=lambda place: (
            given[place] - exact[place],
            _tie(conversion.occasion_id, path[place].touch_id),
        ),
    )
    for place in order[: cents - sum(given)]:
        given[place] += 1
    return [Decimal(part if amount >= 0 else -part) / 100 for part in given]


def _tie(occasion_id: str, touch_id: str) -> int:
    return int(hashlib.md5(f"{occasion_id}|{touch_id}".encode()).hexdigest()[:15], 16)
