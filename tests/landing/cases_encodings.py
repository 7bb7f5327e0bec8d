"""Files in many encodings, declared rightly and wrongly."""

import codecs
from collections.abc import Callable

from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Encodings"
HEADER = "order_id,line_id,quantity,amount,name\n"
CHINESE = HEADER + "A,1,2,3.00,婴儿奶粉\nB,1,2,3.00,玩具汽车\n"
FRENCH = HEADER + "A,1,2,3.00,Café crème\nB,1,2,3.00,“Thé”\n"
JSON = (
    '{"order_id": "A", "line_id": 1, "quantity": 2, "amount": 3, "name": "婴儿奶粉"}\n'
    '{"order_id": "B", "line_id": 1, "quantity": 2, "amount": 3, "name": "玩具汽车"}\n'
)
OF_JSON = {column: f"json->>'$.{key}'" for column, key in {**LINES, "product_id": "name"}.items()}


def declared(encoding: str, content: bytes, file_format: str = "csv") -> Callable[[Landing], None]:
    """Lands one file of order lines under a declared encoding."""

    def arrange(landing: Landing) -> None:
        select = OF_JSON if file_format.startswith("json") else LINES | {"product_id": "name"}
        read = {"format": file_format, "encoding": encoding}
        folder = landing.feed("lines", {"order_lines": {"select": select}}, read=read, files="a.*")
        (folder / "a.txt").write_bytes(content)

    return arrange


IS_UTF8 = "is utf-8 from its first byte to its last; declare encoding: utf-8"
CASES = [
    Case("utf-8 with a byte order mark", declared("utf-8", CHINESE.encode("utf-8-sig")), ACCEPTED),
    Case(
        "utf-16 (its mark tells the order)", declared("utf-16", CHINESE.encode("utf-16")), ACCEPTED
    ),
    Case(
        "utf-16, big end first",
        declared("utf-16", codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")),
        ACCEPTED,
    ),
    Case("utf-16-le without a mark", declared("utf-16-le", CHINESE.encode("utf-16-le")), ACCEPTED),
    Case("gb18030", declared("gb18030", CHINESE.encode("gb18030")), ACCEPTED),
    Case(
        "latin-1", declared("latin-1", FRENCH.replace("“Thé”", "Thé").encode("latin-1")), ACCEPTED
    ),
    Case("windows-1252", declared("windows-1252", FRENCH.encode("cp1252")), ACCEPTED),
    Case(
        "JSON lines in gb18030", declared("gb18030", JSON.encode("gb18030"), "json_lines"), ACCEPTED
    ),
    Case(
        "JSON lines with a byte order mark",
        declared("utf-8", JSON.encode("utf-8-sig"), "json_lines"),
        ACCEPTED,
    ),
    Case(
        "declared utf-8, but gb18030",
        declared("utf-8", CHINESE.encode("gb18030")),
        "set aside: byte 0xb6 at offset 51 (line 2) is not utf-8; all of it reads as gb18030: "
        "declare encoding: gb18030",
    ),
    Case(
        "declared utf-8, but windows-1252",
        declared("utf-8", FRENCH.encode("cp1252")),
        "set aside: byte 0xe9 at offset 52 (line 2) is not utf-8; declare its encoding "
        "(windows-1252, latin-1), or have it exported as utf-8",
    ),
    Case(
        "declared utf-8, but utf-16 with a mark",
        declared("utf-8", CHINESE.encode("utf-16")),
        "set aside: is declared utf-8 but starts with the byte order mark of utf-16; "
        "declare encoding: utf-16",
    ),
    Case(
        "declared utf-8, but utf-16 without a mark",
        declared("utf-8", CHINESE.encode("utf-16-le")),
        "set aside: is declared utf-8 but holds NUL bytes between its letters, as utf-16 does; "
        "declare encoding: utf-16-le or utf-16-be",
    ),
    Case(
        "declared utf-16, but without a mark",
        declared("utf-16", CHINESE.encode()),
        "set aside: is declared utf-16 but starts without a byte order mark; "
        "declare encoding: utf-16-le or utf-16-be, or the encoding that it is in",
    ),
    Case(
        "declared latin-1, but utf-8",
        declared("latin-1", FRENCH.encode()),
        f"set aside: is declared latin-1 but {IS_UTF8}",
    ),
    Case(
        "declared latin-1, but windows-1252",
        declared("latin-1", FRENCH.encode("cp1252")),
        "set aside: is declared latin-1 but holds bytes from 0x80 to 0x9f, which are letters and "
        "signs in windows-1252 only; declare encoding: windows-1252",
    ),
    Case(
        "declared gb18030, but utf-8",
        declared("gb18030", CHINESE.encode()),
        f"set aside: is declared gb18030 but {IS_UTF8}",
    ),
    Case(
        "gb18030 that is valid utf-8 by chance (模)",
        declared("gb18030", (HEADER + "A,1,2,3.00,模\n").encode("gb18030")),
        ACCEPTED,
    ),
    Case(
        "declared gb18030, but damaged",
        declared("gb18030", CHINESE.encode("gb18030") + b"C,1,2,3.00,\xff\n"),
        "set aside: byte 0xff at offset 89 (line 4) is not gb18030; declare its encoding, or drop "
        "it again whole",
    ),
    Case(
        "JSON lines declared gb18030, but utf-8",
        declared("gb18030", JSON.encode(), "json_lines"),
        f"set aside: is declared gb18030 but {IS_UTF8}",
    ),
    Case(
        "JSON array declared utf-8, but gb18030",
        declared(
            "utf-8", b"[" + JSON.replace("}\n{", "},{").encode("gb18030") + b"]", "json_array"
        ),
        "set aside: byte 0xb6 at offset 72 (line 1) is not utf-8; all of it reads as gb18030: "
        "declare encoding: gb18030",
    ),
    Case(
        "one damaged line in a utf-8 file",
        declared("utf-8", CHINESE.encode() + b"C,1,2,3.00,\xe5\xa9\n"),
        "row reason: unreadable: line 4: holds bytes that are not utf-8",
    ),
    Case(
        "one damaged line among JSON lines",
        declared("utf-8", JSON.encode() + b'{"order_id": "\xe5\xa9"}\n', "json_lines"),
        "row reason: unreadable: not a JSON object",
    ),
]
