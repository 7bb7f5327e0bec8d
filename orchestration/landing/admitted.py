"""What the door counted, as a table: the manifests of all feeds, written where dbt can read them.

The manifests are the state; this table is made from them anew each time.
"""

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.manifest import (
    AdmittedFile,
    EntityCounts,
    admitted_feeds,
    read_manifest,
    scratch_folder,
    sync,
)
from orchestration.paths import Home

TABLE = "admitted_files"

_SCHEMA = pa.schema(
    [
        ("_feed", pa.string()),
        ("_file", pa.string()),
        ("entity", pa.string()),
        ("rows_read", pa.int64()),
        ("rows_used", pa.int64()),
        ("rows_filtered", pa.int64()),
        ("rows_unreadable", pa.int64()),
        ("rows_mapped", pa.int64()),
        ("rows_accepted", pa.int64()),
        ("rows_rejected", pa.int64()),
        ("top_reason", pa.string()),
        ("_exported_at", pa.string()),
    ]
)


def write_admitted_files(home: Home) -> int:
    """Write lake/admitted_files from the manifests of all feeds; returns its rows.

    One row a file and entity; a file that maps to nothing has one row without an entity.
    """
    rows = [
        row
        for feed in admitted_feeds(home)
        for name, file in read_manifest(home, feed).files.items()
        for row in _rows(feed, name, file)
    ]
    table = pa.Table.from_pylist(rows, schema=_SCHEMA)
    exported_at = table["_exported_at"].cast(pa.timestamp("us"))
    table = table.set_column(len(_SCHEMA) - 1, "_exported_at", exported_at)
    folder = home.lake / TABLE
    folder.mkdir(parents=True, exist_ok=True)
    written = scratch_folder(home, TABLE) / "all.parquet"
    pq.write_table(table, written)
    sync(written)
    written.replace(folder / written.name)
    return len(rows)


def _rows(feed: str, name: str, file: AdmittedFile) -> list[dict[str, str | int | None]]:
    counts = file.counts
    entities: list[tuple[str | None, EntityCounts]] = [*counts.entities.items()]
    return [
        {
            "_feed": feed,
            "_file": name,
            "entity": entity,
            "rows_read": counts.read,
            "rows_used": counts.used,
            "rows_filtered": counts.filtered,
            "rows_unreadable": counts.unreadable,
            "rows_mapped": mapped.mapped,
            "rows_accepted": mapped.accepted,
            "rows_rejected": mapped.rejected,
            "top_reason": counts.top_kind,  # a value may be personal, in a column that is not
            "_exported_at": file.exported_at,
        }
        for entity, mapped in entities or [(None, EntityCounts())]
    ]
