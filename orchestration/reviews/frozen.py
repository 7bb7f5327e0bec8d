"""Frozen scorecards where dbt can read them: one table of the lake over all frozen revisions.

The frozen files are the state and are only read; this table is made from them before each build.
"""

import duckdb

from orchestration.landing.contracts import system_tables
from orchestration.landing.manifest import scratch_folder, sync
from orchestration.paths import Home
from orchestration.reviews.chain import read_chain

TABLE = "frozen_scorecards"
_FILE = "scorecards.parquet"


def write_frozen_scorecards(home: Home) -> int:
    """Write lake/frozen_scorecards from every frozen revision; returns how many there are.

    With no revision, an older table is removed: the typed file of no rows stays.
    """
    files = [str(review.folder / _FILE) for review in read_chain(home)]
    target = home.lake / TABLE / "all.parquet"
    if not files:
        target.unlink(missing_ok=True)
        return 0
    wanted = system_tables()[TABLE]
    columns = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in wanted)
    # A revision frozen before a column was there lacks it for good: it is NULL.
    absent = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in wanted)
    written = scratch_folder(home, TABLE) / target.name
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select {columns} from ("
            "select * from read_parquet($files, union_by_name = true) "
            f"union all by name select {absent} where false)) "
            f"to '{str(written).replace(chr(39), chr(39) * 2)}' (format parquet)",
            {"files": files},
        )
    sync(written)
    target.parent.mkdir(parents=True, exist_ok=True)
    written.replace(target)
    return len(files)
