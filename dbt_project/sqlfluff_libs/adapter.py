"""Stands in for dbt's `adapter` where sqlfluff renders the macros; only the linter reads it."""

from collections.abc import Callable


def dispatch(macro_name: str) -> Callable[..., str]:
    """Give a macro that renders as its first argument: enough for the linter to go on."""
    return lambda *arguments: str(arguments[0])
