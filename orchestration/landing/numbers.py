"""Numbers as people write them, as SQL text: to one plain form, or a reason that says what to do.

Belongs here: what a text must look like to be a number under a feed's conventions. Full-width
digits and signs mean one thing and are always read; separators and currency signs mean what
feed.yml says, and nothing where it says nothing. A plain number is cast as it stands: only what
fails is looked at twice, unless the decimal sign is another than the point.
"""

import re
from collections.abc import Iterator

from orchestration.landing.conventions import Conventions, narrow, narrow_sql
from orchestration.landing.sql_text import literal

_WHOLE_NUMBER = "[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?"
_SEPARATORS = {",": ",", ".": ".", " ": "a blank", "'": "'"}


def whole_number_sql(value: str, conventions: Conventions) -> str:
    """A text as a bigint; NULL where it is no whole number or too large a one."""
    number = f"try_cast({value} as bigint)"
    plainest = f"case when cast({number} as varchar) = {value} then {number} end"
    plain = plain_sql(value, conventions)
    careful = (
        f"case when regexp_full_match({plain}, '{_WHOLE_NUMBER}') and try_cast({plain} as double) "
        f"= cast(try_cast({plain} as bigint) as double) then try_cast({plain} as bigint) end"
    )
    return f"coalesce({plainest}, case when {value} is not null then {careful} end)"


def decimal_sql(value: str, sql_type: str, conventions: Conventions) -> str:
    """A text as a decimal, rounded at its scale; NULL where it is no number or too large a one."""
    careful = _decimal(plain_sql(value, conventions), sql_type)
    if conventions.decimal != ".":
        return careful
    return (
        f"coalesce({_decimal(value, sql_type)}, case when {value} is not null then {careful} end)"
    )


def plain_sql(value: str, conventions: Conventions) -> str:
    """A text as a number with a point and no separators; NULL where it breaks the conventions.

    Where the feed declares none, any text comes back, tidied: the cast decides.
    """
    tidy = narrow_sql(value)
    if conventions.decimal == "." and not conventions.thousands and not conventions.currency_signs:
        return tidy
    plain = tidy
    for sign in (*_signs(conventions), conventions.thousands or " ", " "):
        plain = f"replace({plain}, {literal(sign)}, '')"
    if conventions.decimal != ".":
        plain = f"replace({plain}, {literal(conventions.decimal)}, '.')"
    return f"case when regexp_full_match({tidy}, {literal(_pattern(conventions))}) then {plain} end"


def advice_sql(value: str, conventions: Conventions) -> str:
    """Of a text that is no number, what may have to be declared: text to end a reason with."""
    tidy = narrow_sql(value)
    cases = " ".join(
        f"when regexp_full_match({tidy}, {literal(pattern)}) then {literal(f' ({advice})')}"
        for pattern, advice in _advices(conventions)
    )
    return f"case {cases} else '' end"


def _decimal(value: str, sql_type: str) -> str:
    return f"case when not contains({value}, '_') then try_cast({value} as {sql_type}) end"


def _signs(conventions: Conventions) -> list[str]:
    """The currency signs, the longest first: `R$` before `$`."""
    return sorted(map(narrow, conventions.currency_signs), key=len, reverse=True)


def _pattern(conventions: Conventions) -> str:
    """What a number looks like: at most one currency sign, thousands in threes or not at all."""
    point = re.escape(conventions.decimal)
    whole = "[0-9]+"
    if conventions.thousands:
        whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{re.escape(conventions.thousands)}[0-9]{{3}})+)"
    number = f"(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if not conventions.currency_signs:
        return f"[+-]?{number}"
    sign = f"(?:{'|'.join(map(re.escape, _signs(conventions)))})"
    return f"[+-]? *(?:{sign} *)?{number}|[+-]? *{number} *{sign}|{sign} *[+-]{number}"


def _advices(conventions: Conventions) -> Iterator[tuple[str, str]]:
    """What a text that is no number may be, as a pattern, and what to do about it then."""
    yield (
        r"\(.*[0-9].*\)|.*[0-9] *-",
        ("if that is a negative number, let select write it with a minus in front"),
    )
    yield r".*[0-9] *%", "if that is a share, let select divide it by 100"
    yield from _grouped_advices(conventions)
    thousands = conventions.thousands
    for decimal in {",", "."} - {conventions.decimal, thousands}:
        yield f"[+-]?[0-9]*[{decimal}][0-9]*", _declare(None, decimal, conventions)
    if thousands:
        yield (
            f"[+-]?[0-9{thousands}]*{re.escape(thousands)}[0-9{thousands}]*([.,][0-9]*)?",
            (f"read.thousands is {_SEPARATORS[thousands]} and these are not parted in threes"),
        )
    currency = r"(?:\p{Sc}|[A-Za-z]{1,3}[.$]?|\p{Han})"
    yield (
        f"[+-]? *{currency} *[+-]?[0-9][0-9.,' ]*|[+-]?[0-9.,' ]*[0-9] *{currency}",
        ("if it carries a currency sign, name it in read.currency_signs"),
    )


def _grouped_advices(conventions: Conventions) -> Iterator[tuple[str, str]]:
    """Of digits parted in threes by another separator than the declared one."""
    groups = {mark: f"[+-]?[0-9]{{1,3}}(?:[{mark}][0-9]{{3}})" for mark in _SEPARATORS}
    for mark, group in groups.items():
        for decimal in {",", "."} - {mark}:
            if (mark, decimal) != (conventions.thousands, conventions.decimal):
                yield f"{group}+[{decimal}][0-9]*", _declare(mark, decimal, conventions)
        if mark == conventions.thousands:
            continue
        other = {".": ",", ",": "."}[mark] if mark == conventions.decimal else None
        if mark in (" ", "'") or other:
            yield f"{group}{{{1 if not other else 2},}}", _declare(mark, other, conventions)
        else:
            yield f"{group}{{2,}}", _declare(mark, None, conventions)
            either = f"if {mark} parts thousands or decimals"
            yield group, f"{either}, say so in read.thousands or read.decimal"


def _declare(thousands: str | None, decimal: str | None, conventions: Conventions) -> str:
    said = []
    if thousands and thousands != conventions.thousands:
        said.append((f"{_SEPARATORS[thousands]} parts thousands", "read.thousands"))
    if decimal and decimal != conventions.decimal:
        said.append((f"{decimal} parts decimals", "read.decimal"))
    parts, keys = zip(*said, strict=True)
    return f"if {' and '.join(parts)}, say so in {' and '.join(keys)}"
