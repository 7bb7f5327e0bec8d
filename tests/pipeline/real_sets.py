"""Homes filled with public data sets that nobody here made, and one main job over each.

The files lie beside the checkout (`../shared/data`) or where STEELYARD_THIRD_PARTY_DATA points, and
never in the repository. A set's home is made as a user would make it: the settings, rules and feeds
of `orchestration/landing/feeds/examples/<set>/`, and each feed's files beside its feed.yml.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml
from lent_manifests import lend

from orchestration.landing.manifest import read_manifest
from orchestration.paths import PROJECT_ROOT, READY_FEEDS, SEEDS, Home

DATA = Path(os.environ.get("STEELYARD_THIRD_PARTY_DATA") or PROJECT_ROOT.parent / "shared" / "data")
EXAMPLES = READY_FEEDS / "examples"


# Rules that name units of the company are its own, or empty.
_SHARED_RULES = {
    "org_units": (
        "org_unit_id,kind,parent_id,name,name_zh,valid_from,valid_to\n"
        "three_sets,company,,Three sets,三个数据集,2009-01-01,\n"
    ),
    **{
        rule: (SEEDS / f"{rule}.csv").read_text(encoding="utf-8").splitlines()[0] + "\n"
        for rule in (
            "incentive_programs",
            "key_results",
            "kpi_targets",
            "okr_objectives",
            "scorecard_lines",
            "strategy_links",
        )
    },
}


def raw_folder(name: str) -> Path:
    """Where the set's own files lie, if they do."""
    return DATA / name


def make_home(name: str, root: Path) -> Home:
    """A home that holds nothing but the example's files and the set's data."""
    example = EXAMPLES / name
    home = Home(root).prepare()
    shutil.copy(example / "steelyard.yml", home.settings)
    if (example / "rules").is_dir():
        shutil.copytree(example / "rules", home.rules)
    land_set(home, name)
    return home


def make_shared_home(names: Sequence[str], root: Path) -> Home:
    """A home that holds the feeds and data of several sets, as one company that scores nothing.

    The sets are of different years: scorecards would mean quarters in between to freeze.
    """
    home = Home(root).prepare()
    home.settings.write_text("business_timezone: Europe/London\nbase_currency: GBP\n")
    home.rules.mkdir()
    for rule, content in _SHARED_RULES.items():
        (home.rules / f"{rule}.csv").write_text(content, encoding="utf-8")
    for name in names:
        land_set(home, name)
    return home


def land_set(home: Home, name: str) -> None:
    """Put the feeds of a set into the landing zone, each with its files."""
    raw = raw_folder(name)
    for feed in sorted((EXAMPLES / name).glob("*/feed.yml")):
        folder = home.landing / feed.parent.name
        folder.mkdir()
        shutil.copy(feed, folder)
        files = sorted(raw.glob(yaml.safe_load(feed.read_text(encoding="utf-8"))["files"]))
        assert files, f"{feed} claims no file of {raw}"
        for file in files:
            shutil.copyfile(file, folder / file.name)


def run_home(
    home: Home, *options: str, project: Path = PROJECT_ROOT
) -> subprocess.CompletedProcess[str]:
    """`steelyard run` on the home, in a process of its own, by the code of `project`."""
    if project == PROJECT_ROOT:
        lend(home)
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home.root), *options],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


class Published:
    """Queries over what readers open, with the set's raw files and its working tables in reach."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._connection = duckdb.connect(":memory:")
        self._attach(home.serving / "steelyard.duckdb", "published")
        self._attach(home.warehouse, "warehouse")
        self._connection.execute("use published")

    def _attach(self, file: Path, name: str) -> None:
        self._connection.execute(f"attach '{file}' as {name} (read_only)")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._connection.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (row,) = self.rows(sql)
        return row

    def value(self, sql: str) -> Any:
        """The only value of a query."""
        (value,) = self.row(sql)
        return value

    def raw(self, feed: str, options: str = "") -> str:
        """A table function over the raw rows of a feed's files, every value as it stands.

        `options` goes to the reader of CSV files, for those that are no plain UTF-8 with commas.
        """
        files = [path for path in (self.home.landing / feed).iterdir() if path.name != "feed.yml"]
        names = ", ".join(f"'{path}'" for path in sorted(files))
        if all(path.suffix == ".parquet" for path in files):
            return f"read_parquet([{names}])"
        return f"read_csv([{names}], header = true, all_varchar = true, nullstr = ''{options})"

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


def money(text: str) -> Decimal:
    """An amount as its exact decimal."""
    return Decimal(text)


def assert_row_identities(
    home: Home, only: str = "*", rejected: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Hold both identities of the door for every file of the home; returns rows read by feed.

    Raw rows read are used, filtered or unreadable; mapped rows are accepted or rejected, and what
    was accepted lies in the lake. `only` is the one feed to look at where it is not all of them,
    `rejected` what is refused by entity: nothing where it does not say.
    """
    read: dict[str, int] = {}
    refused: dict[str, int] = {}
    for feed in sorted(path.parent.name for path in home.landing.glob(f"{only}/feed.yml")):
        manifest = read_manifest(home, feed)
        assert manifest.files, f"{feed} admitted nothing"
        for name, file in manifest.files.items():
            counts = file.counts
            assert counts.read == counts.used + counts.filtered + counts.unreadable, (feed, name)
            assert counts.unreadable == 0, (feed, name)
            for entity, mapped in counts.entities.items():
                assert mapped.mapped == mapped.accepted + mapped.rejected, (feed, name, entity)
                if mapped.rejected:
                    refused[entity] = refused.get(entity, 0) + mapped.rejected
                assert mapped.accepted == _rows_in_lake(home, entity, feed, name)
            read[feed] = read.get(feed, 0) + counts.read
    assert refused == (rejected or {})
    return read


def _rows_in_lake(home: Home, entity: str, feed: str, file: str) -> int:
    files = home.lake / entity / f"{feed}-*.parquet"
    found = (
        duckdb.connect()
        .execute(
            f"select count(*) from read_parquet('{files}') where _feed = ? and _file = ?",
            [feed, file],
        )
        .fetchone()
    )
    assert found is not None
    return int(found[0])


def assert_company_scorecards_add_up(published: Published) -> dict[str, Decimal]:
    """Hold each scored quarter to its lines; returns the final scores of closed quarters by day."""
    rows = published.rows(
        """
        select
            cast(cards.period_start as varchar),
            cards.final_score,
            sum(scores.contribution),
            sum(scores.weight)
        from scorecards.scorecards as cards
        inner join scorecards.kpi_scores as scores
            on
                cards.period_grain = scores.period_grain
                and cards.period_start = scores.period_start
                and cards.owner_kind = scores.owner_kind
                and cards.owner_id = scores.owner_id
        where
            cards.period_grain = 'quarter'
            and cards.owner_kind = 'company'
            and cards.is_closed
            and cards.coverage = 1
        group by all
        order by all
        """
    )
    for day, final, contributions, weights in rows:
        assert round(contributions, 2) == float(final), day
        assert weights == 100, day
    return {day: final for day, final, _, _ in rows}
