"""What kpi_relations must say of a panel, from its definition: least squares and plain loops.

Nothing here is shared with the SQL: the fit is one least squares by numpy, sums are in the order of
the weeks, probabilities come from `math.erfc`.
"""

import math
from datetime import timedelta

import numpy as np
from effectiveness_panels import CLOSED, FIRST_WEEK, PROMOTIONS, WEEKS, Panel

WINDOW, LAGS, REGRESSORS, QUANTILE = 104, 8, 6, 1.959964
DAYS_A_YEAR = 365.2425

Measures = dict[str, float]


def _window() -> list[int]:
    """Weeks of the panel that the quarter is judged by."""
    first = CLOSED - timedelta(weeks=WINDOW)
    starts = [FIRST_WEEK + timedelta(weeks=week) for week in range(WEEKS)]
    return [
        week
        for week, start in enumerate(starts)
        if start >= first and start + timedelta(7) <= CLOSED
    ]


def promoted(week: int) -> float:
    """Share of a week's days on which a promotion ran."""
    days = [FIRST_WEEK + timedelta(weeks=week, days=day) for day in range(7)]
    return sum(any(first <= day <= last for first, last in PROMOTIONS) for day in days) / 7


def residuals(values: np.ndarray) -> dict[int, float]:
    """What trend, season and promotions leave, by week, in its own standard deviations."""
    weeks = [week for week in _window() if math.isfinite(values[week])]
    years = np.array([7 * week / DAYS_A_YEAR for week in weeks])
    columns = [np.ones(len(weeks)), years, np.array([promoted(week) for week in weeks])]
    for turns in (2, 4):
        columns += [np.sin(turns * np.pi * years), np.cos(turns * np.pi * years)]
    design = np.column_stack(columns)
    series = values[weeks] / np.abs(values[weeks]).max()
    fit, *_ = np.linalg.lstsq(design, series, rcond=None)
    left = series - design @ fit
    left = left / math.sqrt(float(np.mean(left**2)))
    return dict(zip(weeks, left.tolist(), strict=True))


def autocorrelations(series: dict[int, float]) -> list[float]:
    """From lag 1 on; a lag counts the weeks that are both measured."""
    return [
        sum(value * series[week + lag] for week, value in series.items() if week + lag in series)
        / len(series)
        for lag in range(1, LAGS + 1)
    ]


def pearson(xs: list[float], ys: list[float]) -> float:
    """The product-moment correlation."""
    mean_x, mean_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    products = math.fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    squares_x = math.fsum((x - mean_x) ** 2 for x in xs)
    squares_y = math.fsum((y - mean_y) ** 2 for y in ys)
    return products / math.sqrt(squares_x * squares_y)


def ranks(xs: list[float]) -> list[float]:
    """Ranks from 1, ties by their mean."""
    return [1 + sum(y < x for y in xs) + (sum(y == x for y in xs) - 1) / 2 for x in xs]


def two_sided(z: float) -> float:
    """Probability of a standard normal as far from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def measures(panel: Panel, cause: str, effect: str, lag: int) -> Measures:
    """Correlations, intervals and probabilities of a link, not adjusted yet."""
    causes, effects = residuals(panel.values[cause]), residuals(panel.values[effect])
    weeks = [week for week in causes if week + lag in effects]
    xs, ys = [causes[week] for week in weeks], [effects[week + lag] for week in weeks]
    n = len(weeks)
    memories = zip(autocorrelations(causes), autocorrelations(effects), strict=True)
    inflation = 1 + 2 * sum((1 - k / n) * a * b for k, (a, b) in enumerate(memories, start=1))
    effective = n / max(1.0, inflation)
    error = 1 / math.sqrt(effective - REGRESSORS - 3)
    found: Measures = {"weeks": n, "effective_weeks": effective}
    for name, value, widening in (
        ("", pearson(xs, ys), False),
        ("rank_", pearson(ranks(xs), ranks(ys)), True),
    ):
        own = error * (math.sqrt(1 + value**2 / 2) if widening else 1.0)
        z = math.atanh(value)
        found |= {
            f"{name}correlation": value,
            f"{name}correlation_low": math.tanh(z - QUANTILE * own),
            f"{name}correlation_high": math.tanh(z + QUANTILE * own),
            f"{name}p_value": two_sided(z / own),
        }
    return found


def adjusted(probabilities: dict[str, float]) -> dict[str, float]:
    """Benjamini and Hochberg's step-up over a family, by name."""
    ordered = sorted(probabilities.items(), key=lambda item: -item[1])
    lowest, result = 1.0, {}
    for place, (name, probability) in enumerate(ordered):
        lowest = min(lowest, probability * len(ordered) / (len(ordered) - place))
        result[name] = lowest
    return result
