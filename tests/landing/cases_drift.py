"""Columns of one feed's files that change from file to file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from cases_shape import HEADER
from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Columns that change from file to file"
MAPPING = {"order_lines": {"select": LINES}}
FIX = "list columns that may differ from file to file in read.varying_columns"
WITH_SHOP = HEADER.replace("\n", ",shop\n")


def csvs(*contents: str, **read: Any) -> Callable[[Landing], None]:
    """a.csv, b.csv, … exported one after another."""

    def arrange(landing: Landing) -> None:
        folder = landing.feed("lines", MAPPING, read={"format": "csv"} | read)
        for number, content in enumerate(contents):
            path = folder / f"{'abc'[number]}.csv"
            path.write_text(content)
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))

    return arrange


def parquets(*selects: str, **read: Any) -> Callable[[Landing], None]:
    """a.parquet, b.parquet, … exported one after another."""

    def arrange(landing: Landing) -> None:
        read_parquet = {"format": "parquet"} | read
        folder = landing.feed("lines", MAPPING, files="*.parquet", read=read_parquet)
        for number, select in enumerate(selects):
            path = folder / f"{'abc'[number]}.parquet"
            parquet(path, select)
            os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))

    return arrange


def parquet(path: Path, select: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({select}) to '{path}' (format parquet)")


LINE = "select 'A' as order_id, '1' as line_id, 1 as quantity"
CASES = [
    Case(
        "columns in another order",
        csvs(HEADER + "A,1,2,3.00\n", "amount,quantity,line_id,order_id\n3.00,2,1,B\n"),
        ACCEPTED,
    ),
    Case(
        "a column more",
        csvs(HEADER + "A,1,2,3.00\n", WITH_SHOP + "B,1,2,3.00,web\n"),
        "note: lines: b.csv: has shop (VARCHAR), which a.csv had not",
    ),
    Case(
        "a column less, which nothing reads",
        csvs(WITH_SHOP + "A,1,2,3.00,web\n", HEADER + "B,1,2,3.00\n"),
        f"set aside: lacks shop (VARCHAR), which a.csv had; {FIX}",
    ),
    Case(
        "a column less, which the mapping reads",
        csvs(HEADER + "A,1,2,3.00\n", "order_id,line_id,quantity\nB,1,2\n"),
        "set aside: does not fit the feed: entities.order_lines.select.line_amount: Referenced "
        'column "amount" not found in FROM clause!; Candidate bindings: "quantity"; lacks amount '
        "(VARCHAR), which a.csv had; " + FIX,
    ),
    Case(
        "a column renamed in upper case",
        csvs(HEADER + "A,1,2,3.00\n", HEADER.upper() + "B,1,2,3.00\n"),
        ACCEPTED,
    ),
    Case(
        "a column declared as varying, lacking",
        csvs(
            HEADER + "A,1,2,3.00\n",
            "order_id,line_id,quantity\nB,1,2\n",
            varying_columns=["amount"],
        ),
        "row reason: line_amount: missing",
    ),
    Case(
        "a Parquet column of another type",
        parquets(f"{LINE}, 3.5::double as amount", f"{LINE}, 'a' as amount"),
        f"set aside: amount is VARCHAR here and DOUBLE in a.parquet; {FIX}",
    ),
    Case(
        "a Parquet number of another kind",
        parquets(f"{LINE}, 3::bigint as amount", f"{LINE}, 3.5::double as amount"),
        "note: lines: b.parquet: amount is DOUBLE here and BIGINT in a.parquet",
    ),
    Case(
        "a Parquet number of another width",
        parquets(f"{LINE}, 3::bigint as amount", f"{LINE}, 3::smallint as amount"),
        ACCEPTED,
    ),
    Case(
        "a Parquet column declared as varying, of another type",
        parquets(
            f"{LINE}, 3.5::double as amount",
            f"{LINE}, '4.50' as amount",
            f"{LINE}, true as amount",
            varying_columns=["amount"],
        ),
        "row reason: line_amount: 'true' is not a number",
    ),
]
