"""Numbers as people write them."""

from collections.abc import Callable
from typing import Any

from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Numbers"


def amounts(*written: str, **read: Any) -> Callable[[Landing], None]:
    """Lands one order line an amount; `read` are the feed's conventions."""

    def arrange(landing: Landing) -> None:
        options = {"format": "csv", "delimiter": ";"} | read
        folder = landing.feed("lines", {"order_lines": {"select": LINES}}, read=options)
        lines = [f"A;{number};1;{amount}" for number, amount in enumerate(written, start=1)]
        text = "\n".join(["order_id;line_id;quantity;amount", *lines, ""])
        (folder / "a.csv").write_text(text, encoding="utf-8")

    return arrange


GERMAN = {"decimal": ",", "thousands": "."}

CASES = [
    Case("full-width digits and signs", amounts("１２３．５０", "＋７", "１"), ACCEPTED),
    Case(
        "thousands separators and decimal commas, declared",
        amounts("1.234.567,89", "1234,5", "7", **GERMAN),
        ACCEPTED,
    ),
    Case(
        "currency signs, declared",
        amounts("€1,234.50", "+12 €", "R$ 3", currency_signs=["€", "R$"], thousands=","),
        ACCEPTED,
    ),
    Case(
        "a thousands separator that the feed does not declare",
        amounts("1,234.50"),
        "row reason: line_amount: '1,234.50' is not a number "
        "(if , parts thousands, say so in read.thousands)",
    ),
    Case(
        "a comma that may part thousands or decimals",
        amounts("1,234"),
        "row reason: line_amount: '1,234' is not a number "
        "(if , parts thousands or decimals, say so in read.thousands or read.decimal)",
    ),
    Case(
        "a decimal comma that the feed does not declare",
        amounts("12,50", "1.234,50"),
        "row reason: line_amount: '12,50' is not a number "
        "(if , parts decimals, say so in read.decimal)<br>"
        "row reason: line_amount: '1.234,50' is not a number "
        "(if . parts thousands and , parts decimals, say so in read.thousands and read.decimal)",
    ),
    Case(
        "a decimal point where the feed declares a comma",
        amounts("12.50", "12.50", decimal=","),
        "row reason: line_amount: '12.50' is not a number "
        "(if . parts decimals, say so in read.decimal)<br>"
        "row reason: line_amount: '12.50' is not a number "
        "(if . parts decimals, say so in read.decimal)",
    ),
    Case(
        "thousands that are not parted in threes",
        amounts("1,23", "1,2345", "12,34,567", thousands=","),
        "<br>".join(
            f"row reason: line_amount: '{amount}' is not a number "
            "(read.thousands is , and these are not parted in threes)"
            for amount in ("1,23", "1,2345", "12,34,567")
        ),
    ),
    Case(
        "a currency sign that the feed does not declare",
        amounts("€ 12.50", "￥12", "12元"),
        "<br>".join(
            f"row reason: line_amount: '{amount}' is not a number "
            "(if it carries a currency sign, name it in read.currency_signs)"
            for amount in ("€ 12.50", "￥12", "12元")
        ),
    ),
    Case(
        "negative numbers as accountants write them",
        amounts("(12.00)", "12.00-"),
        "<br>".join(
            f"row reason: line_amount: '{amount}' is not a number "
            "(if that is a negative number, let select write it with a minus in front)"
            for amount in ("(12.00)", "12.00-")
        ),
    ),
    Case(
        "a percentage",
        amounts("12%"),
        "row reason: line_amount: '12%' is not a number "
        "(if that is a share, let select divide it by 100)",
    ),
    Case(
        "one sign for decimals and for thousands",
        amounts("1", decimal=",", thousands=","),
        "feed stopped: landing/lines/feed.yml: read: decimal and thousands are both ','",
    ),
    Case(
        "a currency sign that could be part of a number",
        amounts("1", currency_signs=["-"]),
        "feed stopped: landing/lines/feed.yml: read.currency_signs: "
        "'-' could be part of a number; write signs such as € or kr.",
    ),
]
