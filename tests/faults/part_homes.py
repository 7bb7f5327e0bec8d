"""Homes that stand just before one part of the pipeline, and how that part is run and killed."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import served
from built_homes import make_built_home, make_record

from orchestration.landing.admission import admit
from orchestration.landing.hashing import load_hash_key
from orchestration.landing.manifest import admitted_feeds, read_manifest
from orchestration.paths import Home
from orchestration.serving.publish import publish
from orchestration.settings import Settings

KNOWN_UNTIL = datetime(2030, 1, 1)
DYING = Path(__file__).with_name("dying.py")
FEED = """
feed: {name}
files: "*.csv"
exported_at: "{name}_(%Y%m%d).csv"
read: {{format: csv}}
entities:
  orders:
    select: {{order_id: id, ordered_at: placed, status: "'paid'", currency: "'EUR'"}}
  order_lines:
    where: "amount <> ''"
    select: {{order_id: id, line_id: "'1'", quantity: "'1'", line_amount: amount}}
"""
HEAD = "id,placed,amount\n"
# Two orders, one of them without a line; and one that the door refuses.
GOOD = "A{n},2025-12-0{n} 10:00:00,9.90\nB{n},2025-12-0{n} 11:00:00,\nC{n},yesterday,1.00\n"


def before_admission(root: Path) -> Home:
    """Two feeds admitted before; since then a new file, one with other bytes, one unreadable."""
    home = Home(root).prepare()
    for name in ("till", "web"):
        folder = home.landing / name
        folder.mkdir()
        (folder / "feed.yml").write_text(FEED.format(name=name))
        for n in (1, 2):
            (folder / f"{name}_2026010{n}.csv").write_text(HEAD + GOOD.format(n=n))
    admit(home, KNOWN_UNTIL)
    for name in ("till", "web"):
        folder = home.landing / name
        (folder / f"{name}_20260102.csv").write_text(HEAD + GOOD.format(n=5))
        (folder / f"{name}_20260103.csv").write_text(HEAD + GOOD.format(n=3))
        (folder / f"{name}_20260104.csv").write_bytes(b"id,placed,amount\n\xff\xfe\x00,1,2\n")
    return home


def before_publishing(root: Path) -> Home:
    """Three builds are published; the warehouse has changed since, and a fourth is due."""
    home = make_built_home(root)
    for _ in range(3):
        publish(home, Settings(), make_record(home))
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("insert into core.fct_orders select 'p' || range, 1 from range(50)")
    make_record(home)
    return home


def before_freezing(root: Path) -> Home:
    """A build is published that makes two quarters due; the home's key is there."""
    home = make_built_home(root)
    load_hash_key(home)
    publish(home, Settings(), make_record(home))
    return home


def admitted_content(home: Home) -> served.Content:
    """The lake, what the manifests count, and what lies where in the landing zone."""
    found = served.lake_content(home)
    for feed in admitted_feeds(home):
        for name, file in read_manifest(home, feed).files.items():
            found[f"{feed}/{name}"] = (file.size, f"{file.sha256} {file.counts}")
    for path in sorted(home.landing.rglob("*")):
        found[f"landing: {path.relative_to(home.landing)}"] = (0, "")
    return found


@dataclass(frozen=True)
class Part:
    """One part of the pipeline: the home before it, and what it makes of it."""

    name: str
    before: Callable[[Path], Home]
    content: Callable[[Home], served.Content]


PARTS = [
    Part("admit", before_admission, admitted_content),
    Part("publish", before_publishing, served.served_content),
    Part("freeze", before_freezing, served.frozen_content),
]


def run_part(
    part: Part,
    home: Home,
    killed_at: str = "0",
    prefix: tuple[str, ...] = (),
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the part in a process of its own; `killed_at` "0" lets it end.

    `prefix` starts it through another command, `before` is called in the new process first.
    """
    command = [*prefix, *_command(part, home, killed_at)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, preexec_fn=before
    )


def kill_part_after(part: Part, home: Home, seconds: float) -> int:
    """Run the part and kill it so long after its work began; its exit code."""
    child = subprocess.Popen(_command(part, home, "0"), stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "begun\n"
    time.sleep(seconds)
    child.kill()
    child.communicate()
    return child.returncode


def _command(part: Part, home: Home, killed_at: str) -> list[str]:
    return [sys.executable, str(DYING), killed_at, part.name, str(home.root)]


def restored(saved: Home, root: Path) -> Home:
    """A fresh copy of a home."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(saved.root, root, symlinks=True)
    return Home(root)
