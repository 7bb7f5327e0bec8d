"""Files whose rows do not fit their header, or that hold none."""

from collections.abc import Callable

from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Rows and columns"
HEADER = "order_id,line_id,quantity,amount\n"
ROWS = "X,1,2,3.00\nY,1,2,3.00\n"
OBJECT = '{"order_id": "A", "line_id": 1, "quantity": 2, "amount": 3}'


def lines_file(content: str | bytes, name: str = "a.csv") -> Callable[[Landing], None]:
    """Lands one CSV file of order lines, with its header in it."""

    def arrange(landing: Landing) -> None:
        folder = landing.feed("lines", {"order_lines": {"select": LINES}})
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)

    return arrange


def json_file(file_format: str, content: str) -> Callable[[Landing], None]:
    """Lands one JSON file of order lines."""

    def arrange(landing: Landing) -> None:
        select = {column: f"json->>'$.{key}'" for column, key in LINES.items()}
        entities = {"order_lines": {"select": select}}
        folder = landing.feed("lines", entities, read={"format": file_format}, files="*.json")
        (folder / "a.json").write_text(content)

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
    Case("line ends CR LF", lines_file((HEADER + ROWS).replace("\n", "\r\n")), ACCEPTED),
    Case("line ends CR", lines_file((HEADER + ROWS).replace("\n", "\r")), ACCEPTED),
    Case(
        "all three line ends in one file",
        lines_file(HEADER + 'A,1,2,3.00\r\nB,1,2,3.00\r"C\r\nc",1,2,3.00\nD,1,2,-1\r\n'),
        "row reason: line_amount: -1 is below 0",
    ),
    Case("line ends inside quotes", lines_file(HEADER + '"A\r\na\nb",1,2,3.00\n'), ACCEPTED),
    Case("blank lines, before the header too", lines_file(f"\n\n{HEADER}\n{ROWS}\n\n"), ACCEPTED),
    Case("a last line without its end", lines_file(HEADER + ROWS[:-1]), ACCEPTED),
    Case(
        "a last line cut inside a quoted value",
        lines_file(HEADER + 'A,1,2,3.00\nB,1,2,"3.'),
        "row reason: unreadable: line 3: a quote is left open, or text stands after one that "
        "closes",
    ),
    Case(
        "text behind a closing quote",
        lines_file(HEADER + '"A" b,1,2,3.00\n' + ROWS),
        "row reason: unreadable: line 2: a quote is left open, or text stands after one that "
        "closes",
    ),
    Case(
        "a quote that is never closed",
        lines_file(HEADER + 'A,1,2,3.00\n"B,1,2,3.00\n' + ROWS),
        "set aside: line 3: a quote is opened in it and never closed, so that the line ends after "
        "it (2) stand inside one value; close the quote, or set read.quote to what the file uses",
    ),
    Case(
        "a quote that closes some lines below, by chance",
        lines_file(HEADER + 'A,1,"2,3\n' + ROWS + 'B,1,"2",3\n'),
        "row reason: unreadable: line 2: a quote is left open, or text stands after one that "
        "closes; the lines after it up to the next quote belong to this row",
    ),
    Case("a blank before a quote", lines_file(HEADER + '"A", "1\n2",2,3\n' + ROWS), ACCEPTED),
    Case("a quote inside a value", lines_file(HEADER + 'A 5" pipe,1,2,3.00\n'), ACCEPTED),
    Case("two columns of one name", lines_file(HEADER[:-1] + ",Amount\nA,1,2,3.00,x\n"), ACCEPTED),
    Case("a header with a byte order mark", lines_file("\ufeff" + HEADER + ROWS), ACCEPTED),
    Case(
        "a NUL byte in a value",
        lines_file(HEADER + "A\0,1,2,3.00\n" + ROWS),
        "row reason: unreadable: holds a NUL byte",
    ),
    Case(
        "a tail of NUL bytes, as a crash leaves them",
        lines_file(HEADER + ROWS + "\0" * 30),
        "row reason: unreadable: line 4: fewer values than the 4 columns",
    ),
    Case(
        "NUL bytes in the header",
        lines_file("order_id,li\0ne_id,quantity,amount\n" + ROWS),
        "set aside: has NUL bytes in its header; have it exported anew",
    ),
    Case(
        "a JSON line that is broken",
        json_file("json_lines", '{"order_id": "A"\n' + OBJECT + "\n"),
        "row reason: unreadable: not a JSON object",
    ),
    Case("an empty file of JSON lines", json_file("json_lines", ""), ACCEPTED),
    Case(
        "JSON lines with line ends CR", json_file("json_lines", f"{OBJECT}\r{OBJECT}\r"), ACCEPTED
    ),
    Case("an empty JSON array", json_file("json_array", "[]"), ACCEPTED),
    Case(
        "a JSON array cut between two objects",
        json_file("json_array", f"[{OBJECT},\n"),
        "set aside: does not end with the ] of a JSON array: it is cut short, or is no array "
        "(lines are format json_lines, an array inside an object needs read.records)",
    ),
    Case(
        "a JSON array cut inside an object",
        json_file("json_array", f"[{OBJECT}, {OBJECT[:-20]}"),
        "set aside: does not end with the ] of a JSON array: it is cut short, or is no array "
        "(lines are format json_lines, an array inside an object needs read.records)",
    ),
    Case(
        "a JSON array with something that is no object",
        json_file("json_array", f"[{OBJECT}, 5]"),
        "row reason: unreadable: not a JSON object",
    ),
    Case(
        "a broken JSON array",
        json_file("json_array", f"[{OBJECT} {OBJECT}]"),
        'set aside: Malformed JSON in file "a.json", at byte 60 in record/value 3: unexpected '
        "character.",
    ),
    Case(
        "an empty file for a JSON array",
        json_file("json_array", ""),
        "set aside: is empty: it holds no JSON",
    ),
]
