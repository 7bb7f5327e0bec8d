"""What a scorecard would be if a KPI had another value: the shipped rules, run on that value.

No rule is written here: a value is put in the place of another, and the build's own SQL is run.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.serving.build import RULES_FOLDER, Build
from orchestration.serving.scoring_rules import run_rules, scoring_bench

_FORM = re.compile(r"\s*([^=@\s]+)\s*(?:@\s*([a-z]+)\s*)?=\s*(\S+)\s*")
# Of the lines of one KPI, the one that is changed where it is not said which: the closest.
_DISTANCES = ("employee", "team", "department", "company")
_MINE = "period_grain = 'quarter' and period_start = ? and owner_kind = 'employee' and owner_id = ?"
_LINE = ("value", "target", "attainment", "score", "effective_weight", "contribution", "status")
_CARD = ("scorecard_total", "final_score", "tier_name", "tier_name_zh", "status")


class WhatIfError(ValueError):
    """What was asked cannot be tried; the message says why and what could."""


@dataclass(frozen=True)
class Change:
    """A KPI's value to try, for the owner whose value counts (None: the closest)."""

    kpi_id: str
    value: float
    measured_for: str | None = None


@dataclass(frozen=True)
class Line:
    """A line of a scorecard: its KPI, whose value counts, and its columns by name."""

    kpi_id: str
    measured_owner_kind: str
    measured_owner_id: str
    columns: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """A scorecard as the rules make it: lines, the heaviest first, and columns of the whole."""

    lines: list[Line]
    card: dict[str, Any]


@dataclass(frozen=True)
class WhatIf:
    """The scorecard as it is and as it would be; `assumed` is said of values that were missing."""

    before: Outcome
    after: Outcome
    assumed: list[str]


def parse_change(text: str) -> Change:
    """`kpi=value`, or `kpi@team=value` for the line that is measured for the team."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise WhatIfError(f"{text!r} is not of the form kpi=value, such as conversion_rate=0.15")
    kpi_id, measured_for, number = found.groups()
    try:
        value = float(number)
    except ValueError:
        raise WhatIfError(_no_number(kpi_id, number)) from None
    if not math.isfinite(value):
        raise WhatIfError(_no_number(kpi_id, number))
    return Change(kpi_id, value, "employee" if measured_for == "own" else measured_for)


def _no_number(kpi_id: str, text: str) -> str:
    return f"--if {kpi_id}: {text!r} is not a number; shares are fractions: 0.15 is 15 %"


def what_if(build: Build, employee_id: str, quarter: date, changes: Sequence[Change]) -> WhatIf:
    """Score the employee's quarter as it stands and with the changed values, by the same rules.

    Raises WhatIfError for a KPI that is not on the scorecard.
    """
    with scoring_bench(build) as connection:
        run_rules(connection)
        before = _outcome(connection, employee_id, quarter)
        assumed = [
            said
            for change in changes
            if (said := _put(connection, build, quarter, change, _line_of(before, change)))
        ]
        run_rules(connection)
        return WhatIf(before, _outcome(connection, employee_id, quarter), assumed)


def _line_of(before: Outcome, change: Change) -> Line:
    """The line that a change is about."""
    lines = [line for line in before.lines if line.kpi_id == change.kpi_id]
    if not lines:
        known = ", ".join(sorted({line.kpi_id for line in before.lines})) or "nothing"
        raise WhatIfError(f"{change.kpi_id!r} is not on this scorecard, which measures: {known}")
    if change.measured_for is None:
        return min(lines, key=lambda line: _DISTANCES.index(line.measured_owner_kind))
    for line in lines:
        if line.measured_owner_kind == change.measured_for:
            return line
    kinds = ", ".join(line.measured_owner_kind for line in lines)
    raise WhatIfError(
        f"{change.kpi_id} is measured for {kinds} on this scorecard, "
        f"not for {change.measured_for!r}"
    )


def _put(
    connection: duckdb.DuckDBPyConnection,
    build: Build,
    quarter: date,
    change: Change,
    line: Line,
) -> str | None:
    """Put the value in the place of the measured one; of a missing one, say what was assumed."""
    place = [quarter, line.measured_owner_kind, line.measured_owner_id, change.kpi_id]
    changed = connection.execute(
        "update warehouse.kpis.kpi_values "
        "set value = $1, numerator = case when denominator is null then $1 "
        "else $1 * denominator end "
        "where period_grain = 'quarter' and period_start = $2 and owner_kind = $3 "
        "and owner_id = $4 and kpi_id = $5 returning kpi_id",
        [change.value, *place],
    ).fetchall()
    if changed:
        return None
    sample = connection.execute(
        "select max(cast(minimum_sample as bigint)) from read_csv(?, all_varchar = true) "
        "where kpi_id = ?",
        [str(build.folder / RULES_FOLDER / "kpi_catalog.csv"), change.kpi_id],
    ).fetchone()
    connection.execute(
        "insert into warehouse.kpis.kpi_values by name select 'quarter' as period_grain, "
        "$2 as period_start, $3 as owner_kind, $4 as owner_id, $5 as kpi_id, $1 as value, "
        "$6 as sample_size",
        [change.value, *place, sample[0] if sample else None],
    )
    return f"{change.kpi_id} has no value in the quarter: a sample large enough is assumed"


def _outcome(connection: duckdb.DuckDBPyConnection, employee_id: str, quarter: date) -> Outcome:
    rows = connection.execute(
        "select kpi_id, measured_owner_kind, measured_owner_id, "
        f"{', '.join(_LINE)} from warehouse.scorecards.kpi_scores where {_MINE} "
        "order by weight desc, kpi_id, measured_owner_kind, measured_owner_id, scorecard_id",
        [quarter, employee_id],
    ).fetchall()
    lines = [
        Line(kpi_id, kind, owner_id, dict(zip(_LINE, columns, strict=True)))
        for kpi_id, kind, owner_id, *columns in rows
    ]
    card = connection.execute(
        f"select {', '.join(_CARD)} from warehouse.scorecards.scorecards where {_MINE}",
        [quarter, employee_id],
    ).fetchone()
    return Outcome(lines, dict(zip(_CARD, card or (None,) * len(_CARD), strict=True)))
