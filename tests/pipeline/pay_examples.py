"""Pay worked out a second time, in plain Python, from the raw exports, the rules and the score.

Nothing here reads what dbt made of posts, salaries or plans: the test of docs/pay.md holds the
marts to it. `python tests/pipeline/pay_examples.py HOME` writes the page's examples anew from a
home that played the demo at scale small.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from orchestration.paths import PROJECT_ROOT, SEEDS, Home
from orchestration.serving.build import Build

PAGE = PROJECT_ROOT / "docs" / "pay.md"
BEGIN, END = "<!-- examples: begin -->", "<!-- examples: end -->"

Row = dict[str, str]


@dataclass(frozen=True)
class Score:
    """What the scorecard of an employee's quarter says."""

    final: Fraction | None
    status: str


@dataclass(frozen=True)
class Stretch:
    """Days at one post, salary and plan, with the rows that say so."""

    first: date
    until: date
    post: Row
    salary: Row
    plan: Row

    @property
    def days(self) -> int:
        return (self.until - self.first).days

    @property
    def yearly(self) -> Fraction:
        return Fraction(self.salary["fixed_per_year"]) + Fraction(self.salary["variable_per_year"])

    @property
    def share(self) -> Fraction:
        return Fraction(self.plan["quarterly_share"])


@dataclass(frozen=True)
class Pay:
    """One employee's quarter, exact until `cents`."""

    employee_id: str
    quarter: date
    stretches: tuple[Stretch, ...]
    score: Score

    @property
    def quarter_days(self) -> int:
        return (next_quarter(self.quarter) - self.quarter).days

    def target(self, stretch: Stretch) -> Fraction:
        """The stretch's part of T: a fourth of the year, by days."""
        return stretch.yearly / 4 * stretch.days / self.quarter_days

    @property
    def fixed(self) -> Fraction:
        return sum((self.target(s) * (1 - s.share) for s in self.stretches), Fraction(0))

    @property
    def at_stake(self) -> Fraction:
        return sum((self.target(s) * s.share for s in self.stretches), Fraction(0))

    @property
    def performance(self) -> Fraction | None:
        final = self.score.final
        if final is None:
            return None
        parts = (
            self.target(s) * s.share * coefficient(s.plan["bonus_rule_id"], final)
            for s in self.stretches
        )
        return sum(parts, Fraction(0))

    @property
    def paid(self) -> tuple[Decimal, Decimal | None, Decimal]:
        """Fixed part, performance pay and their sum, each of the first two rounded once."""
        fixed, performance = cents(self.fixed), None
        if self.performance is not None:
            performance = cents(self.performance)
        return fixed, performance, fixed + (performance or Decimal(0))


def cents(amount: Fraction) -> Decimal:
    """Rounded to cents, half a cent up; amounts of pay are not negative."""
    return Decimal(int(amount * 100 + Fraction(1, 2))) / 100


def next_quarter(first: date) -> date:
    month = first.month + 3
    return date(first.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def coefficient(rule: str, final: Fraction) -> Fraction:
    """What the rule's band makes of a score, to six places."""
    band = band_of(rule, final)
    if not band["score_from"] or not band["score_to"]:
        return Fraction(band["coefficient_from"])
    low, high = Fraction(band["score_from"]), Fraction(band["score_to"])
    start, end = Fraction(band["coefficient_from"]), Fraction(band["coefficient_to"])
    climbed = (final - low) / (high - low) * (end - start)
    return start + Fraction(int(climbed * 10**6 + Fraction(1, 2)), 10**6)


def band_of(rule: str, final: Fraction) -> Row:
    return next(
        band
        for band in seed("bonus_bands")
        if band["bonus_rule_id"] == rule
        and (not band["score_from"] or final >= Fraction(band["score_from"]))
        and (not band["score_to"] or final < Fraction(band["score_to"]))
    )


def seed(name: str) -> list[Row]:
    return read(SEEDS / f"{name}.csv")


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def newest(folder: Path, name: str) -> Path:
    """The last of HR's snapshots, each of which is whole; their names hold the day."""
    return max(folder.glob(f"{name}_*.csv"))


def work_out(home: Home, employee_id: str, quarter: date, score: Score) -> Pay:
    """An employee's quarter from HR's last snapshot and the rules."""
    end = next_quarter(quarter)
    posts = _of(newest(home.landing / "hr_people", "employees"), employee_id)
    salaries = _of(newest(home.landing / "hr_salaries", "salaries"), employee_id)
    plans = seed("pay_plans")
    days = {quarter, end}
    for row in (*posts, *salaries):
        days |= {day for day in (_day(row["effective_from"]), _day(row["effective_to"])) if day}
    for row in plans:
        days |= {day for day in (_day(row["valid_from"]), _day(row["valid_to"])) if day}
    inside = sorted(day for day in days if quarter <= day <= end)
    found = []
    for first, until in pairwise(inside):
        post = _on(posts, first, "effective_from", "effective_to")
        if post is None or (post["leave_date"] and first >= date.fromisoformat(post["leave_date"])):
            continue
        salary = _on(salaries, first, "effective_from", "effective_to")
        own = [row for row in plans if row["role_id"] == post["job_role"]]
        for_all = [row for row in plans if row["role_id"] == "*"]
        plan = _on(own, first, "valid_from", "valid_to")
        plan = plan or _on(for_all, first, "valid_from", "valid_to")
        assert salary is not None and plan is not None, (employee_id, first)
        found.append(Stretch(first, until, post, salary, plan))
    return Pay(employee_id, quarter, tuple(found), score)


def _of(path: Path, employee_id: str) -> list[Row]:
    return [row for row in read(path) if row["employee_no"] == employee_id]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _on(rows: list[Row], day: date, since: str, until: str) -> Row | None:
    """The row that holds on a day: from its first day until before its end."""
    held = [row for row in rows if row[since] <= day.isoformat() < (row[until] or "9999")]
    return max(held, key=lambda row: row[since], default=None)


@dataclass(frozen=True)
class Example:
    """Why an employee's quarter is on the page, and how it is found in the marts."""

    title: str
    condition: str
    order: str


EXAMPLES = (
    Example(
        "A whole quarter",
        "status = 'paid' and span_count = 1 and employed_days = period_days"
        " and coefficient > 0 and coefficient <> 1",
        "period_start desc, employee_id desc",
    ),
    Example(
        "A quarter that began late",
        "status = 'paid' and employed_days < period_days and coefficient > 0"
        " and employee_id in (select employee_id from people.core.dim_employees"
        " where hired_on > period_start)",
        "period_start desc, employee_id",
    ),
    Example(
        "A quarter without a final score",
        "status = 'waiting'",
        "span_count desc, period_start desc, employee_id",
    ),
)


def found_in(build: Build) -> Iterator[tuple[Example, str, date, Score]]:
    """Each example's employee, quarter and score, as the build has them."""
    with build.open() as connection:
        for example in EXAMPLES:
            row = connection.execute(
                "select employee_id, period_start from people.scorecards.quarterly_pay "
                f"where {example.condition} order by {example.order} limit 1"
            ).fetchone()
            assert row is not None, f"the demo has no quarter for: {example.title}"
            yield example, row[0], row[1], scores(build)[row[0], row[1]]


def scores(build: Build) -> dict[tuple[str, date], Score]:
    """Final scores of all employees' quarters."""
    with build.open() as connection:
        rows = connection.execute(
            "select owner_id, period_start, final_score, status from people.scorecards.scorecards "
            "where owner_kind = 'employee' and period_grain = 'quarter'"
        ).fetchall()
    return {
        (owner, start): Score(None if final is None else Fraction(final), status)
        for owner, start, final, status in rows
    }


def render(home: Home, build: Build) -> str:
    """The examples as they stand on the page."""
    parts = [
        _shown(home, example.title, work_out(home, employee, quarter, score))
        for example, employee, quarter, score in found_in(build)
    ]
    return "\n\n".join(parts)


def _shown(home: Home, title: str, pay: Pay) -> str:
    quarter = f"{pay.quarter.year}-Q{(pay.quarter.month + 2) // 3}"
    lines = [f"### {title}: {pay.employee_id}, {quarter}", ""]
    lines.append(
        f"The quarter, {pay.quarter} to before {next_quarter(pay.quarter)}, has "
        f"{pay.quarter_days} days. From HR's files "
        f"`{newest(home.landing / 'hr_people', 'employees').name}` and "
        f"`{newest(home.landing / 'hr_salaries', 'salaries').name}`, and `pay_plans.csv`:"
    )
    lines += [
        "",
        "| from | until before | days | role | plan | share | fixed a year | variable a year |",
    ]
    lines.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for each in pay.stretches:
        lines.append(
            f"| {each.first} | {each.until} | {each.days} | {each.post['job_role']} "
            f"| {each.plan['pay_plan_id']} | {each.plan['quarterly_share']} "
            f"| {each.salary['fixed_per_year']} | {each.salary['variable_per_year']} |"
        )
    lines += ["", *(f"{n}. {step}" for n, step in enumerate(_steps(pay), 1))]
    return "\n".join(lines)


def _steps(pay: Pay) -> Iterator[str]:
    for each in pay.stretches:
        yield (
            f"Target pay of the {each.days} days: ({each.salary['fixed_per_year']} + "
            f"{each.salary['variable_per_year']}) / 4 × {each.days} / {pay.quarter_days} = "
            f"{_number(pay.target(each))}."
        )
    fixed, performance, total = pay.paid
    products = " + ".join(
        f"{_number(pay.target(s))} × {_number(1 - s.share)}" for s in pay.stretches
    )
    yield f"Fixed part: {products} = {_number(pay.fixed)}, rounded {fixed:.2f}."
    products = " + ".join(f"{_number(pay.target(s))} × {_number(s.share)}" for s in pay.stretches)
    yield f"At stake: {products} = {_number(pay.at_stake)}."
    if pay.score.final is None:
        yield (
            f"There is no final score (`{pay.score.status}`), so there is no coefficient: not 0 "
            "and not 1. Performance pay waits, and the row says why."
        )
        yield f"Paid now: the fixed part, **{total:.2f}**."
        return
    rules = {s.plan["bonus_rule_id"] for s in pay.stretches}
    for rule in sorted(rules):
        yield _band_step(rule, pay.score.final)
    assert performance is not None and pay.performance is not None
    exact = _number(pay.performance)
    yield f"Performance pay: at stake × coefficient = {exact}, rounded {performance:.2f}."
    yield f"Paid: {fixed:.2f} + {performance:.2f} = **{total:.2f}**."


def _band_step(rule: str, final: Fraction) -> str:
    band, value = band_of(rule, final), coefficient(rule, final)
    score = f"{cents(final):.2f}"
    if not band["score_from"] or not band["score_to"]:
        return f"Coefficient: a final score of {score} has {_number(value)} by `{rule}`."
    return (
        f"Coefficient: the final score {score} lies in the band {band['score_from']} to "
        f"{band['score_to']} of `{rule}`, which goes from {band['coefficient_from']} to "
        f"{band['coefficient_to']}: {band['coefficient_from']} + ({score} - {band['score_from']}) "
        f"/ ({band['score_to']} - {band['score_from']}) × ({band['coefficient_to']} - "
        f"{band['coefficient_from']}) = {_number(value)}."
    )


def _number(value: Fraction) -> str:
    """To six places, without the zeros that say nothing; money keeps two."""
    text = f"{Decimal(int(value * 10**6 + Fraction(1, 2))) / 10**6:.6f}".rstrip("0")
    whole, _, places = text.partition(".")
    return f"{whole}.{places:<02}" if len(places) < 2 else text


def on_page() -> str:
    """What stands between the page's two marks."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def rewrite(home: Home) -> None:
    """Write the page's examples anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    shown = render(home, Build.current(home))
    PAGE.write_text(f"{before}{BEGIN}\n\n{shown}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    rewrite(Home(Path(sys.argv[1])))
