"""Columns that files of one feed may lack or type differently, as feed.yml declares them.

Pure: from a file's own columns to the columns that a mapping sees.
"""

from collections.abc import Sequence

from orchestration.landing.checks import Conventions, kind_of, quoted, typed_sql
from orchestration.landing.contracts import Column

_TEXT = Column("text", "string")
_AS_WRITTEN = Conventions("UTC", ())

Columns = tuple[tuple[str, str], ...]


def presented(shape: Columns, varying: Sequence[str]) -> Columns:
    """The raw columns that a mapping sees: varying ones are text, and are there in every file."""
    free = {name.lower() for name in varying}
    own = tuple((name, "VARCHAR" if name.lower() in free else kind) for name, kind in shape)
    present = {name.lower() for name, _ in shape}
    return own + tuple((name, "VARCHAR") for name in varying if name.lower() not in present)


def presented_sql(shape: Columns, varying: Sequence[str]) -> str:
    """The select list that makes a file's own columns into the presented ones."""
    own = dict(shape)
    return ", ".join(
        f"{_as_text(name, own[name]) if name in own else 'cast(null as varchar)'} as {quoted(name)}"
        if kind != own.get(name)
        else quoted(name)
        for name, kind in presented(shape, varying)
    )


def _as_text(name: str, sql_type: str) -> str:
    """Text as the door would write it: a whole number that a float column holds stays whole."""
    if kind_of(sql_type) == "float":
        return typed_sql(quoted(name), "float", _TEXT, _AS_WRITTEN, None)
    return f"cast({quoted(name)} as varchar)"
