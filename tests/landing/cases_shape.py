"""Files whose rows do not fit their header, or that hold none."""

from collections.abc import Callable

from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Rows and columns"
HEADER = "order_id,line_id,quantity,amount\n"


def lines_file(content: str | bytes, name: str = "a.csv") -> Callable[[Landing], None]:
    """Lands one CSV file of order lines, with its header in it."""

    def arrange(landing: Landing) -> None:
        folder = landing.feed("lines", {"order_lines": {"select": LINES}})
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)

    return arrange


CASES = [
    Case("a header and no row", lines_file(HEADER), ACCEPTED),
    Case("an empty file", lines_file(""), "set aside: is empty: it has no header"),
    Case(
        "a ragged row: fewer values than columns",
        lines_file(HEADER + "A,1,2,3.00\nB,1,2\n"),
        "row reason: unreadable: line 3: fewer values than the 4 columns",
    ),
    Case(
        "a ragged row: more values than columns",
        lines_file(HEADER + "A,1,2,3.00\nB,1,2,3.00,4\n"),
        "row reason: unreadable: line 3: more values than the 4 columns",
    ),
]
