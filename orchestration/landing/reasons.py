"""Reasons of rejected rows as SQL text: how the joined text comes apart, and what is one kind.

How a reason is worded belongs in `checks.py`.
"""

from orchestration.landing.checks import literal

# A reason names its column first; a "; " within a shown value is not followed by one.
_NEXT = "; ([a-z0-9_]+: )"
_MARK = "chr(31)"
# Reasons of one kind differ in the value that they show, and unreadable ones in the line.
_VALUE = (
    r"(?s)^([a-z0-9_]+: ).*"
    r"( is not | is below | is above | is after | is before | does not )"
)
_EXPORT = r"(?s)( is after the export of ).*$"
_LINE = r"^unreadable: line [0-9]+: "


def each_reason_sql(reasons: str) -> str:
    """The reasons that a rejected row's text joins, as a list."""
    marked = f"regexp_replace({reasons}, {literal(_NEXT)}, {_MARK} || '\\1', 'g')"
    return f"string_split({marked}, {_MARK})"


def kind_sql(reason: str) -> str:
    """A reason without what differs from row to row: `quantity: … is below 0`."""
    kind = f"regexp_replace({reason}, {literal(_VALUE)}, '\\1…\\2')"
    kind = f"regexp_replace({kind}, {literal(_EXPORT)}, '\\1its file')"
    return f"regexp_replace({kind}, {literal(_LINE)}, 'unreadable: line …: ')"
