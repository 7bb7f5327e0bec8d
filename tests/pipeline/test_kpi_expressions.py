"""The expressions of derived KPIs: what they become in SQL, and what stops the build."""

import json

import duckdb
import pytest
from rendered_models import CompilerError, render

KINDS = {"ltv": "ratio", "cac": "ratio", "revenue": "sum", "ltv_cac": "derived"}
VALUES = {"value_of_ltv": 120.0, "value_of_cac": 40.0, "value_of_revenue": 130.0,
          "prior_year_of_revenue": 100.0}  # fmt: skip


def compiled(expression: str | None, parameter: str | None = None) -> str:
    told = ", ".join(
        "none" if each is None else json.dumps(each) for each in (expression, parameter)
    )
    return render(f"{{{{ kpi_expression('growth', {told}, {json.dumps(KINDS)}) }}}}").strip()


def worth(expression: str, parameter: str | None = None, **values: float | None) -> object:
    columns = {**VALUES, **values}
    row = ", ".join(
        f"cast({'null' if value is None else value} as double) as {name}"
        for name, value in columns.items()
    )
    sql = f"select {compiled(expression, parameter)} from (select {row})"
    found = duckdb.connect().execute(sql).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("expression", "parameter", "expected"),
    [
        ("divide(ltv, cac)", None, 3.0),
        ("ltv - cac * 2", None, 40.0),
        ("(ltv - cac) * 2", None, 160.0),
        ("divide(revenue - prior_year(revenue), prior_year(revenue))", None, 0.3),
        ("divide(divide(ltv, cac), 1 + 0.5) * parameter", "10.000000", 20.0),
        ("ltv*parameter+1.5", "-2", -238.5),
        ("divide((ltv), (cac + 20))", None, 2.0),
    ],
)
def test_what_it_is_worth(expression: str, parameter: str | None, expected: float) -> None:
    assert worth(expression, parameter) == pytest.approx(expected, abs=1e-12)


def test_what_is_divided_by_nothing_or_unknown_has_no_value() -> None:
    assert worth("divide(ltv, cac)", value_of_cac=0.0) is None
    assert worth("divide(ltv, cac) + 1", value_of_ltv=None) is None
    assert worth("ltv - prior_year(revenue)", prior_year_of_revenue=None) is None


@pytest.mark.parametrize(
    ("expression", "token", "advice"),
    [
        (None, "empty", "put a KPI"),
        ("", "empty", "put a KPI"),
        ("divide(ltv, cacc)", "cacc", "no KPI is called so"),
        ("ltv_cac * 2", "ltv_cac", "derived itself"),
        ("ltv / cac", "/", "leave it out"),
        ("ltv; drop table kpi_daily", ";", "leave it out"),
        ("ltv -- cac", "-", "put a KPI"),
        ("ltv + (select 1)", "select", "no KPI is called so"),
        ("'ltv'", "'", "leave it out"),
        ("LTV", "L", "leave it out"),
        ("ltv cac", "cac", "put + - or *"),
        ("2 ltv", "ltv", "put + - or *"),
        ("1e5 * ltv", "e5", "put + - or *"),
        ("ltv(cac)", "(", "put + - or *"),
        ("ltv +", "+", "after it"),
        ("* ltv", "*", "before it"),
        ("ltv * ()", ")", "before it"),
        ("(ltv", "(", "close it"),
        ("ltv)", ")", "open it"),
        ("divide(ltv)", ")", "two sides"),
        ("divide(ltv, cac, 2)", ",", "only the two sides"),
        ("ltv, cac", ",", "only the two sides"),
        ("divide(ltv, (cac, 2))", ",", "only the two sides"),
        ("divide * ltv", "divide", "write divide(a, b)"),
        ("divide", "divide", "write divide(a, b)"),
        ("prior_year(ltv + cac)", "prior_year", "of one KPI"),
        ("prior_year", "prior_year", "of one KPI"),
        ("prior_year(ltv_cac)", "ltv_cac", "derived itself"),
        ("prior_year(2)", "2", "no KPI is called so"),
        ("ltv * parameter", "parameter", "fill in"),
        ("1 + 2", "1 + 2", "at least one KPI"),
    ],
)
def test_anything_else_stops_the_build(expression: str | None, token: str, advice: str) -> None:
    with pytest.raises(CompilerError) as stopped:
        compiled(expression)
    message = str(stopped.value)
    assert "growth" in message
    assert f"at '{token}'" in message
    assert advice in message
