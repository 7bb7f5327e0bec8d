"""Run a plan of SQL in one DuckDB process: load Parquet, run each step, write Parquet.

`python run_sql.py PLAN`; a plan is JSON with `inputs` and `outputs` (relation to file) and `steps`
(relation, materialization, select).
"""

import json
import sys
import time
from pathlib import Path

import duckdb


def main(plan: str) -> None:
    """Run it."""
    todo = json.loads(Path(plan).read_text(encoding="utf-8"))
    # The compiled SQL names the database that dbt wrote to.
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = false")
        relations = [*todo["inputs"], *(step[0] for step in todo["steps"])]
        for schema in {relation.split(".")[0] for relation in relations}:
            connection.execute(f"create schema if not exists {schema}")
        for relation, path in todo["inputs"].items():
            connection.execute(f"create table {relation} as from read_parquet('{path}')")
        for relation, materialized, select in todo["steps"]:
            kind, began = "view" if materialized == "view" else "table", time.perf_counter()
            connection.execute(f"create {kind} {relation} as {select}")
            print(f"{time.perf_counter() - began:6.2f} s  {relation}")
        for relation, path in todo["outputs"].items():
            connection.execute(f"copy {relation} to '{path}' (format parquet)")


if __name__ == "__main__":
    main(*sys.argv[1:])
