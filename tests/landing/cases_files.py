"""Files as they lie in the landing zone: names, links, twins, and feed.yml itself."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from cases_shape import HEADER
from hostile import ACCEPTED, Case
from landing_home import LINES, Landing

TITLE = "Files, names and links"
LINE = HEADER + "A,1,2,3.00\n"
MAPPING = {"order_lines": {"select": LINES}}
OUTSIDE = "leads out of the landing zone by a link; put the file itself here"


def feed(landing: Landing) -> Path:
    return landing.feed("lines", MAPPING, files="*.csv")


def named(name: str, files: str = "*.csv") -> Callable[[Landing], None]:
    def arrange(landing: Landing) -> None:
        path = landing.feed("lines", MAPPING, files=files) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(LINE)

    return arrange


def both(first: str, second: str) -> Callable[[Landing], None]:
    def arrange(landing: Landing) -> None:
        folder = feed(landing)
        (folder / first).write_text(LINE)
        (folder / second).write_text(LINE.replace("A,1", "B,1"))

    return arrange


def with_good(odd: Callable[[Path], object]) -> Callable[[Landing], None]:
    """A good file, and beside it something odd."""

    def arrange(landing: Landing) -> None:
        folder = feed(landing)
        (folder / "good.csv").write_text(LINE)
        odd(folder)

    return arrange


def linked_out(folder: Path) -> None:
    (folder.parent.parent / "secret.csv").write_text(LINE)
    (folder / "a.csv").symlink_to("../../secret.csv")


def behind_linked_folder(folder: Path) -> None:
    landing = Landing(folder.parent.parent)
    landing.feed("lines", MAPPING, files=["*.csv", "*/*.csv"])
    outside = folder.parent.parent / "exports"
    outside.mkdir()
    (outside / "a.csv").write_text(LINE)
    (folder / "more").symlink_to(outside)


def bound_socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path may hold a hundred bytes only
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("a.csv")
    os.chdir(here)


def loop(folder: Path) -> None:
    (folder / "a.csv").symlink_to("b.csv")
    (folder / "b.csv").symlink_to("a.csv")


def spark_folder(folder: Path) -> None:
    (folder / "a.csv").mkdir()
    (folder / "a.csv" / "part-0000.csv").write_text(LINE)


def non_utf8(landing: Landing) -> None:
    folder = os.fsencode(feed(landing))
    with open(os.path.join(folder, b"caf\xe9.csv"), "w") as file:  # noqa: PTH118, PTH123
        file.write(LINE)


def reverted(landing: Landing) -> None:
    path = feed(landing) / "a.csv"
    for content in (LINE, LINE.replace(",2,", ",3,")):
        path.write_text(content)
        landing.admit()
    path.write_text(LINE)


def same_bytes(landing: Landing) -> None:
    folder = feed(landing)
    (folder / "a.csv").write_text(LINE)
    landing.admit()
    (folder / "a (copy).csv").write_text(LINE)


def linked_feed_file(landing: Landing) -> None:
    path = feed(landing) / "feed.yml"
    path.rename(landing.home.root / "feed.yml")
    path.symlink_to("../../feed.yml")


def linked_feed_folder(landing: Landing) -> None:
    feed(landing).rename(landing.home.root / "lines")
    (landing.home.landing / "lines").symlink_to("../lines")


def feed_folder(landing: Landing) -> None:
    path = feed(landing) / "feed.yml"
    path.unlink()
    path.mkdir()


def feed_pipe(landing: Landing) -> None:
    path = feed(landing) / "feed.yml"
    path.unlink()
    os.mkfifo(path)


def feed_yaml(change: Callable[[str], str]) -> Callable[[Landing], None]:
    def arrange(landing: Landing) -> None:
        path = feed(landing) / "feed.yml"
        (path.parent / "a.csv").write_text(LINE)
        path.write_text(change(path.read_text()), encoding="utf-8")

    return arrange


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))

CASES = [
    Case("a name with a glob: b[1].csv", named("b[1].csv"), ACCEPTED),
    Case("a name with * and ?", named("a*?.csv"), ACCEPTED),
    Case("a name with quotes and %", named('it\'s "100%".csv'), ACCEPTED),
    Case("a name with a newline", named("a\nb.csv"), ACCEPTED),
    Case("a name with a backslash", named("a\\b.csv"), ACCEPTED),
    Case("a name with emoji and Chinese", named("订单😀.csv"), ACCEPTED),
    Case("a name that starts with -", named("-rf.csv"), ACCEPTED),
    Case("a name with two dots", named("a..csv"), ACCEPTED),
    Case("a name of 255 bytes", named("x" * 251 + ".csv"), ACCEPTED),
    Case("a folder with a glob in its name", named("[2024]/a.csv", "*/*.csv"), ACCEPTED),
    Case(
        "a name that is not UTF-8",
        non_utf8,
        "set aside: its name is not UTF-8; rename it and land it again",
    ),
    Case(
        "two names that differ in case only",
        both("A.csv", "a.csv"),
        "note: lines: A.csv and a.csv differ only in upper and lower case or in how accents are "
        "written; they are two files",
    ),
    Case(
        "two names that differ in Unicode form only",
        both("\u00e9.csv", "e\u0301.csv"),
        "note: lines: e\u0301.csv and \u00e9.csv differ only in upper and lower case or in how "
        "accents are written; they are two files",
    ),
    Case(
        "a link to a file outside",
        with_good(linked_out),
        f"note: lines: a.csv is not read: it {OUTSIDE}",
    ),
    Case(
        "a link to a folder outside",
        with_good(behind_linked_folder),
        f"note: lines: more/a.csv is not read: it {OUTSIDE}",
    ),
    Case(
        "a link to a file of the same feed",
        with_good(lambda folder: (folder / "a.csv").symlink_to("good.csv")),
        "note: lines: a.csv and good.csv hold the same bytes; all are admitted, and staging keeps "
        "each key once",
    ),
    Case(
        "a link to nothing",
        with_good(lambda folder: (folder / "a.csv").symlink_to("gone.csv")),
        "note: lines: a.csv is not read: it is a link to nothing; mend it or remove it",
    ),
    Case(
        "links in a loop",
        with_good(loop),
        "note: lines: a.csv is not read: it is a link that leads back to itself; mend it or remove "
        "it<br>note: lines: b.csv is not read: it is a link that leads back to itself; mend it or "
        "remove it",
    ),
    Case(
        "a link from a folder to itself",
        with_good(lambda folder: (folder / "deep").symlink_to(folder)),
        ACCEPTED,
    ),
    Case(
        "a named pipe",
        with_good(lambda folder: os.mkfifo(folder / "a.csv")),
        "note: lines: a.csv is not read: it is a named pipe, not a file; land a regular file",
    ),
    Case(
        "a socket",
        with_good(bound_socket),
        "note: lines: a.csv is not read: it is a socket, not a file; land a regular file",
    ),
    Case(
        "a folder named like a file",
        with_good(spark_folder),
        "note: lines: a.csv is not read: it is a folder; to read what lies in it, name its files "
        "in files",
    ),
    Case("a file that reverts to its former bytes", reverted, ACCEPTED),
    Case(
        "the same bytes under another name",
        same_bytes,
        "note: lines: a (copy).csv and a.csv hold the same bytes; all are admitted, and staging "
        "keeps each key once",
    ),
    Case(
        "a file modified in the year 2446",
        with_good(lambda folder: os.utime(folder / "good.csv", (15_000_000_000, 15_000_000_000))),
        "left for later: lines/good.csv: exported at 2445-05-01 02:40:00 UTC, after this run's "
        "known_until<br>note: lines: 1 files say that they were exported later than this "
        "computer's clock, good.csv at 2445-05-01 02:40 UTC; they wait until then. Is the clock "
        "right, and exported_at in feed.yml?",
    ),
    Case(
        "a feed.yml that links out",
        linked_feed_file,
        "feed stopped: landing/lines/feed.yml: is a link that leads out of the landing zone; "
        "copy it here",
    ),
    Case(
        "a feed's folder that links out",
        linked_feed_folder,
        "feed stopped: landing/lines: is a link that leads out of the landing zone; move the "
        "folder here, or mount it here",
    ),
    Case(
        "a folder named feed.yml",
        feed_folder,
        "feed stopped: landing/lines/feed.yml: is not a regular file; write it as one",
    ),
    Case(
        "a named pipe feed.yml",
        feed_pipe,
        "feed stopped: landing/lines/feed.yml: is not a regular file; write it as one",
    ),
    Case("a feed.yml with a byte order mark", feed_yaml(lambda text: "\ufeff" + text), ACCEPTED),
    Case(
        "a feed.yml of a million laughs",
        feed_yaml(lambda text: text + LAUGHS),
        "feed stopped: landing/lines/feed.yml: is not YAML: unfolds to more than 20,000 values "
        "at line 26, column 6",
    ),
    Case(
        "a feed.yml whose anchor holds itself",
        feed_yaml(lambda text: text + "more: &more [*more]\n"),
        "feed stopped: landing/lines/feed.yml: is not YAML: an anchor holds itself "
        "at line 13, column 7",
    ),
    Case(
        "a feed.yml of 10 MB",
        feed_yaml(lambda text: text + "# more\n" * 1_500_000),
        "feed stopped: landing/lines/feed.yml: is 10,500,210 bytes long; a feed.yml is written by "
        "hand, at most 262,144 bytes",
    ),
    Case(
        "a feed.yml that nests a thousand deep",
        feed_yaml(lambda text: text + "more: " + "[" * 1000 + "]" * 1000 + "\n"),
        "feed stopped: landing/lines/feed.yml: is not YAML: nests deeper than 40 levels",
    ),
    Case(
        "a feed.yml with tabs",
        feed_yaml(lambda text: text.replace("  ", "\t")),
        "feed stopped: landing/lines/feed.yml: is not YAML: while scanning for the next token, "
        "found character '\\t' that cannot start any token at line 5, column 1",
    ),
    Case(
        "a feed.yml with a key twice",
        feed_yaml(lambda text: text + "files: '*'\n"),
        "feed stopped: landing/lines/feed.yml: is not YAML: key 'files' is written twice "
        "at line 13, column 1",
    ),
    Case(
        "a feed.yml with a date that is none",
        feed_yaml(lambda text: text.replace("file_modified", "2024-13-45")),
        "feed stopped: landing/lines/feed.yml: is not YAML: month must be in 1..12",
    ),
]
