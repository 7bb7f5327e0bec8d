"""Dates in several formats, and local times that daylight saving skips or repeats."""

from collections.abc import Callable
from typing import Any

from hostile import ACCEPTED, Case
from landing_home import ORDERS, Landing

TITLE = "Instants and days"
BERLIN = {"timezone": "Europe/Berlin"}


def orders(*placed: str, **read: Any) -> Callable[[Landing], None]:
    """Lands one order an instant; `read` are the feed's conventions."""

    def arrange(landing: Landing) -> None:
        entities = {"orders": {"select": ORDERS}}
        folder = landing.feed("orders", entities, read={"format": "csv"} | read)
        rows = [f"{number},{at},paid,EUR" for number, at in enumerate(placed, start=1)]
        text = "\n".join(["id,placed,status,currency", *rows, ""])
        (folder / "a.csv").write_text(text, encoding="utf-8")

    return arrange


CASES = [
    Case(
        "two declared formats that do not meet",
        orders("31/01/2024", "2024.01.31", timestamp_formats=["%d/%m/%Y", "%Y.%m.%d"]),
        ACCEPTED,
    ),
    Case(
        "a day that two declared formats read differently",
        orders(
            "01/02/2024", "31/01/2024", "02/02/2024", timestamp_formats=["%d/%m/%Y", "%m/%d/%Y"]
        ),
        "row reason: ordered_at: '01/02/2024' is not one timestamp: it reads as "
        "2024-01-02 00:00:00 and as 2024-02-01 00:00:00, ambiguous "
        "(leave one of its formats in read.timestamp_formats)",
    ),
    Case(
        "a second format that the feed does not declare",
        orders("31.01.2024", "01/31/2024", "2024年1月31日", timestamp_formats=["%d.%m.%Y"]),
        "<br>".join(
            f"row reason: ordered_at: '{at}' is not a timestamp "
            "(if it is one, add its format to read.timestamp_formats)"
            for at in ("01/31/2024", "2024年1月31日")
        ),
    ),
    Case(
        "year, day, month declared, and year, month, day written",
        orders("2024-13-01", "2024-01-13", timestamp_formats=["%Y-%d-%m"]),
        "row reason: ordered_at: '2024-01-13' is not a timestamp",
    ),
    Case(
        "a year of two digits",
        orders("24-01-31"),
        "row reason: ordered_at: '24-01-31' is not a timestamp with a year of four digits "
        "(if it is a timestamp, add its format to read.timestamp_formats)",
    ),
    Case("full-width digits in a date", orders("２０２４－０１－３１　１０：００：００"), ACCEPTED),
    Case(
        "a local time that clocks skip",
        orders("2024-03-31 02:30:00", "2024-03-31 01:59:59", "2024-03-31 03:00:00", **BERLIN),
        "row reason: ordered_at: '2024-03-31 02:30:00' does not exist in Europe/Berlin: "
        "clocks go forward (is read.timezone right?)",
    ),
    Case(
        "a local time that comes twice",
        orders("2024-10-27 02:30:00", "2024-10-27 01:59:59", "2024-10-27 03:00:00", **BERLIN),
        "row reason: ordered_at: '2024-10-27 02:30:00' is not one instant in Europe/Berlin: "
        "clocks go back (settle it by read.repeated_hour: first or second)",
    ),
    Case(
        "a local time that comes twice, settled",
        orders("2024-10-27 02:30:00", repeated_hour="first", **BERLIN),
        ACCEPTED,
    ),
    Case(
        "skipped and repeated times with an offset of their own",
        orders(
            "2024-03-31 02:30:00+01:00", "2024-10-27T02:30:00Z", "2024-10-27 02:30 UTC", **BERLIN
        ),
        ACCEPTED,
    ),
    Case(
        "a day whose midnight clocks skip",
        orders("2017-10-15", timezone="America/Sao_Paulo"),
        ACCEPTED,
    ),
]
