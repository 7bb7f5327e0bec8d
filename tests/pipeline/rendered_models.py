"""A model's SQL as dbt renders it in a whole build, for plain DuckDB: seconds cheaper than a home.

What a ref names must be a table of that name in the connection.
"""

import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import duckdb
from jinja2 import Environment, StrictUndefined

PROJECT = Path(__file__).parents[2] / "dbt_project"
SETTINGS = {"business_timezone": "UTC", "base_currency": "USD", "fiscal_year_start": "1"}
# What dbt or the state of a warehouse answers; the project's other macros are rendered.
NOT_RENDERED = ("clocks/settings.sql", "clocks/clocks.sql")
FOLDERS = ("attribution", "clocks", "kpis", "reviews", "scorecards", "sql")


class CompilerError(ValueError):
    """What dbt would stop with."""


def _raise_compiler_error(message: str) -> NoReturn:
    raise CompilerError(message)


class _Adapter:
    """dbt's dispatch, for DuckDB."""

    macros: Any = None

    def dispatch(self, name: str) -> Any:
        return getattr(self.macros, f"duckdb__{name}", None) or getattr(
            self.macros, f"default__{name}"
        )


def _environment(as_of: datetime, settings: dict[str, str]) -> tuple[Environment, dict[str, Any]]:
    adapter = _Adapter()
    environment = Environment(extensions=["jinja2.ext.do"], undefined=StrictUndefined)
    environment.globals.update(
        {
            "adapter": adapter,
            "return": lambda value: value,
            "execute": False,
            "exceptions": SimpleNamespace(raise_compiler_error=_raise_compiler_error),
            "modules": SimpleNamespace(re=re),
            "setting": lambda name: settings[name],
            "as_of": lambda: f"timestamp '{as_of:%Y-%m-%d %H:%M:%S}'",
            "ref": lambda name: name,
            "is_increment": lambda: False,
            "is_incremental": lambda: False,
            "changed": lambda name: f"changes.{name}",
        }
    )
    paths = [
        path
        for folder in FOLDERS
        for path in sorted((PROJECT / "macros" / folder).glob("*.sql"))
        if path.relative_to(PROJECT / "macros").as_posix() not in NOT_RENDERED
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    adapter.macros = environment.from_string(text).module
    macros = {name: value for name, value in vars(adapter.macros).items() if callable(value)}
    return environment, macros


def render(
    text: str, as_of: datetime = datetime(2100, 1, 1), settings: dict[str, str] = SETTINGS
) -> str:
    """A text with macros as the SQL that DuckDB is given."""
    environment, macros = _environment(as_of, settings)
    return environment.from_string(text).render(macros)


def model_sql(name: str, as_of: datetime = datetime(2100, 1, 1)) -> str:
    """The SQL of a model by its name."""
    (path,) = (PROJECT / "models").rglob(f"{name}.sql")
    return render(path.read_text(encoding="utf-8"), as_of)


def build(
    connection: duckdb.DuckDBPyConnection, *names: str, as_of: datetime = datetime(2100, 1, 1)
) -> None:
    """Build models as tables, in the order given."""
    for name in names:
        connection.execute(f"create or replace table {name} as {model_sql(name, as_of)}")
