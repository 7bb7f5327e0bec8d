"""How a feed writes its values: what of `read` in feed.yml decides how a text is read.

Belongs here: the conventions as plain data, and what every text is freed of whatever the feed says.
How they become SQL is in `numbers.py` and `instants.py`.
"""

from dataclasses import dataclass
from typing import Literal

from orchestration.landing.sql_text import literal

BLANKS = " \t\n\r\u00a0\u202f\u3000\u200b\ufeff"
"""What may stand around a value unseen: ASCII blanks, no-break, ideographic and zero-width ones."""

_WIDE = "０１２３４５６７８９：／．，＋－−￥’\u00a0\u202f\u3000"
_PLAIN = "0123456789:/.,+--¥'   "


@dataclass(frozen=True)
class Conventions:
    """How a feed writes instants, numbers and missing values; the keys of `read` in feed.yml."""

    timezone: str
    nulls: tuple[str, ...]
    timestamp_formats: tuple[str, ...] = ()
    repeated_hour: Literal["first", "second"] | None = None
    decimal: str = "."
    thousands: str | None = None
    currency_signs: tuple[str, ...] = ()


def narrow(text: str) -> str:
    """A text with full-width digits and signs as the plain ones that they stand for."""
    return text.translate(str.maketrans(_WIDE, _PLAIN))


def narrow_sql(value: str) -> str:
    """`narrow` in SQL, blanks at both ends taken off."""
    return f"trim(translate({value}, {literal(_WIDE)}, {literal(_PLAIN)}))"
