"""Numbers written with declared separators read back as the numbers that they were."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landing_home import LINES, Landing

from orchestration.landing.conventions import Conventions
from orchestration.landing.numbers import decimal_sql, whole_number_sql

WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
AMOUNTS = st.decimals(-(10**15), 10**15, allow_nan=False, places=3)


def written(number: Decimal, decimal: str, thousands: str | None) -> str:
    """A number with these separators."""
    marks = str.maketrans({",": thousands or "", ".": decimal})
    return f"{number:,f}".translate(marks)


def read(sql: str, texts: list[str]) -> list[Decimal | int | None]:
    """What an expression over `value` gives for each text."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {sql} from (select unnest($texts::varchar[]) as value)", {"texts": texts}
        ).fetchall()
    return [row[0] for row in rows]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(AMOUNTS, min_size=1, max_size=20),
    st.sampled_from([".", ","]),
    st.sampled_from([None, ",", ".", " ", "'"]),
    st.sampled_from(["", "€", "R$", "元", "kr."]),
    st.sampled_from(["{sign}{number}", "{number} {sign}", "{sign} {number}"]),
    st.booleans(),
)
def test_a_decimal_reads_back_equal(
    numbers: list[Decimal], decimal: str, thousands: str | None, sign: str, form: str, wide: bool
) -> None:
    thousands = None if thousands == decimal else thousands
    conventions = Conventions(
        "UTC", ("",), decimal=decimal, thousands=thousands, currency_signs=(sign,) if sign else ()
    )
    texts = [form.format(sign=sign, number=written(n, decimal, thousands)) for n in numbers]
    texts = [text.translate(WIDE) for text in texts] if wide else texts
    rounded = [number.quantize(Decimal("0.01"), ROUND_HALF_UP) for number in numbers]
    assert read(decimal_sql("value", "decimal(18,2)", conventions), texts) == rounded


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20),
    st.sampled_from([(".", ","), (",", "."), (".", None), (",", " ")]),
    st.booleans(),
)
def test_a_whole_number_reads_back_equal(
    numbers: list[int], separators: tuple[str, str | None], wide: bool
) -> None:
    conventions = Conventions("UTC", ("",), decimal=separators[0], thousands=separators[1])
    texts = [written(Decimal(number), *separators) for number in numbers]
    texts = [text.translate(WIDE) for text in texts] if wide else texts
    assert read(whole_number_sql("value", conventions), texts) == numbers


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789,.' -+€eE_()", max_size=12), st.sampled_from([",", " ", "'"]))
def test_a_text_that_is_no_grouped_number_is_never_read(text: str, thousands: str) -> None:
    """What is read, is read as Python reads it once every third digit's separator is taken out."""
    conventions = Conventions("UTC", ("",), thousands=thousands)
    (found,) = read(decimal_sql("value", "decimal(18,2)", conventions), [text])
    if found is None:
        return
    whole = text.strip().lstrip("+-").partition(".")[0]
    groups = whole.split(thousands)
    assert len(groups) == 1 or all(len(group) == 3 for group in groups[1:])
    plain = Decimal(text.strip().replace(thousands, ""))
    assert found == plain.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    "text", ["1,23", "1,2345", ",123", "1234,567", "1,,234", "1,234,56", "0x10"]
)
def test_wrong_groups_are_no_number(text: str) -> None:
    conventions = Conventions("UTC", ("",), thousands=",")
    assert read(decimal_sql("value", "decimal(18,2)", conventions), [text]) == [None]


@pytest.mark.parametrize("text", ["€€1", "€1€", "1 € 2", "€", "-€-1", "1€2"])
def test_a_currency_sign_stands_once_and_at_an_end(text: str) -> None:
    conventions = Conventions("UTC", ("",), currency_signs=("€",))
    assert read(decimal_sql("value", "decimal(18,2)", conventions), [text]) == [None]


def test_a_whole_number_may_be_grouped_and_says_when_it_is_too_large(landing: Landing) -> None:
    read_options = {"format": "csv", "delimiter": ";", "thousands": ",", "decimal": "."}
    folder = landing.feed("lines", {"order_lines": {"select": LINES}}, read=read_options)
    (folder / "a.csv").write_text(
        "order_id;line_id;quantity;amount\n"
        "o;1;1,234;1\no;2;1,234.5;1\no;3;99,999,999,999,999,999,999;1\no;4;1;1e20\n"
    )
    landing.admit()
    assert landing.rows("order_lines", "quantity") == [(1234,)]
    assert landing.reasons() == [
        "quantity: '1,234.5' is not a whole number",
        "quantity: '99,999,999,999,999,999,999' does not fit bigint",
        "line_amount: '1e20' does not fit decimal(18,2)",
    ]


def test_json_numbers_have_their_own_point(landing: Landing) -> None:
    folder = landing.feed(
        "lines", {"order_lines": {"select": LINES}}, read={"format": "json_lines", "decimal": ","}
    )
    (folder / "a.csv").write_text("{}\n")
    problem = "a JSON number has its own point: let select turn texts into numbers"
    assert [str(wrong) for wrong in landing.admit().wrong] == [
        f"landing/lines/feed.yml: read: {problem}"
    ]
