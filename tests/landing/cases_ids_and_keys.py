"""Ids that are spelled in several ways, and keys that come more than once."""

from cases_shape import HEADER, lines_file
from hostile import ACCEPTED, Case

TITLE = "Ids and keys"

CASES = [
    Case(
        "blanks around ids",
        lines_file(HEADER + "A ,1,2,3.00\n\u3000B\u00a0,1,2,3.00\nC,\t1,2,3.00\n"),
        "note: lines: a.csv: order_id: blanks around the id were taken off in 2 of 3 rows<br>"
        "note: lines: a.csv: line_id: blanks around the id were taken off in 1 of 3 rows",
    ),
    Case(
        "an id of blanks only",
        lines_file(HEADER + "  ,1,2,3.00\n"),
        "row reason: order_id: missing",
    ),
    Case("an id with blanks inside", lines_file(HEADER + "A 1,1,2,3.00\n"), ACCEPTED),
    Case(
        "ids that differ only in case, listed in core.suspect_ids",
        lines_file(HEADER + "A,1,2,3.00\na,1,2,3.00\n"),
        ACCEPTED,
    ),
    Case(
        "ids with and without leading zeros, listed in core.suspect_ids",
        lines_file(HEADER + "007,1,2,3.00\n7,1,2,3.00\n"),
        ACCEPTED,
    ),
    Case(
        "a key twice in one file, counted in core.contested_keys",
        lines_file(HEADER + "A,1,2,3.00\nA,1,2,3.00\n"),
        ACCEPTED,
    ),
    Case(
        "a key twice with contradictory content, counted in core.contested_keys",
        lines_file(HEADER + "A,1,2,3.00\nA,1,5,9.00\n"),
        ACCEPTED,
    ),
]
