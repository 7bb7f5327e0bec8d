"""Publish the warehouse: one folder a build, and one symlink that points at the newest.

Rows about one employee go to people.duckdb alone. The build folder also takes along the rules and
the list of source files that it was made from, so that a quarter can be frozen from a build
without the warehouse. Which rows concern an employee is said by the marts' own descriptions.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.faults import during
from orchestration.paths import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    PUBLIC_FOLDER,
    Home,
    make_folder,
)
from orchestration.serving.build import (
    BUILD_FILE,
    PARQUET_FOLDER,
    PEOPLE_FILE,
    PUBLIC_FILE_NAME,
    RULES_FOLDER,
    SCHEMA_VERSION,
    SCORING_FILE,
    SOURCES_FILE,
    Build,
)
from orchestration.serving.scoring_rules import write_scoring_rules
from orchestration.settings import Settings
from orchestration.warehouse.record import BuildRecord

logger = logging.getLogger("steelyard.serving")

PUBLIC_SCHEMAS = ("core", "attribution", "kpis", "scorecards", "reviews")
RULES_SCHEMA = "rules"
# The format of DuckDB 1.0, which every 1.x client and BI driver still reads.
STORAGE_VERSION = "v1.0.0"
_INSTANT = "%Y%m%dT%H%M%S%fZ"
# Columns that only a row about one employee has: a table that shows one must have said so.
_PERSONAL_COLUMNS = ("employee_id", "manager_id", "employee_name", "employee_name_zh", "agent_id")


class PublishError(RuntimeError):
    """The build cannot be published as it is; what readers see stays as it was."""


@dataclass(frozen=True)
class Mart:
    """One public model: where it stands, and which of its rows concern one employee."""

    schema: str
    name: str
    unique_id: str
    is_view: bool
    reads: tuple[str, ...]
    employee_rows: str = "false"

    @property
    def relation(self) -> str:
        """Quoted schema and name."""
        return f'"{self.schema}"."{self.name}"'

    @property
    def is_private(self) -> bool:
        """Whether the whole table is about employees."""
        return self.employee_rows.strip().lower() == "true"

    @property
    def has_employee_rows(self) -> bool:
        """Whether any of its rows may be about one employee."""
        return self.employee_rows.strip().lower() != "false"


def public_marts(manifest: Mapping[str, Any]) -> list[Mart]:
    """The models of the public schemas, tables before views, each after what it reads."""
    marts = {
        unique_id: Mart(
            schema=node["schema"],
            name=node["name"],
            unique_id=unique_id,
            is_view=node["config"]["materialized"] == "view",
            reads=tuple(node["depends_on"]["nodes"]),
            employee_rows=str(node["config"]["meta"].get("employee_rows", "false")),
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in PUBLIC_SCHEMAS
    }
    return sorted(marts.values(), key=lambda mart: (_depth(mart, marts), mart.relation))


def _depth(mart: Mart, marts: Mapping[str, Mart]) -> int:
    """0 for a table; for a view one more than the deepest view it reads."""
    if not mart.is_view:
        return 0
    return 1 + max((_depth(marts[name], marts) for name in mart.reads if name in marts), default=0)


def publish(home: Home, settings: Settings, record: BuildRecord) -> Build:
    """Write the build that the warehouse holds and switch `serving` to it; returns the build.

    Raises PublishError where a public table would show a row about one employee.
    """
    make_folder(home.builds, PUBLIC_FOLDER)
    build_id = _next_build_id(home, record)
    with during(f"publishing build {build_id} (readers keep the one before it)"):
        tables = _write_build(home, settings, record, build_id)
        _switch(home, build_id)
    logger.info("published build %s: %d tables", build_id, len(tables))
    with during(f"removing old builds (build {build_id} is published)"):
        _remove_old_builds(home, keep=settings.retention)
    return Build.current(home)


def _next_build_id(home: Home, record: BuildRecord) -> str:
    """Instant and run; ids sort in the order of publishing, even where the clock stepped back."""
    instants = [_instant_of(path.name) for path in home.builds.iterdir()]
    earlier = [instant for instant in instants if instant is not None]
    instant = max([datetime.now(UTC), *(each + timedelta(microseconds=1) for each in earlier)])
    return f"{instant.strftime(_INSTANT)}-{record.run_id[:8]}"


def _instant_of(name: str) -> datetime | None:
    """The instant that a build's id begins with; None for what is no build."""
    try:
        return datetime.strptime(name.lstrip(".").split("-")[0], _INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _write_build(
    home: Home, settings: Settings, record: BuildRecord, build_id: str
) -> dict[str, dict[str, int]]:
    """Write the whole folder of a build under a hidden name, then give it its own."""
    manifest = json.loads(record.manifest.read_bytes())
    unfinished = home.builds / f".{build_id}"
    make_folder(unfinished, PUBLIC_FOLDER)
    try:
        tables = _write_databases(home, settings, unfinished, public_marts(manifest))
        write_scoring_rules(home, manifest, unfinished / SCORING_FILE, STORAGE_VERSION)
        _write_sources(home, unfinished)
        _write_build_file(unfinished, build_id, settings, record, tables)
        unfinished.rename(home.builds / build_id)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return tables


def _write_databases(
    home: Home, settings: Settings, folder: Path, marts: Sequence[Mart]
) -> dict[str, dict[str, int]]:
    """Write both DuckDB files, the Parquet files and the rules; rows by table and file."""
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute(f"set temp_directory = '{_text(home.spill)}'")
        connection.execute(f"attach '{_text(home.warehouse)}' as warehouse (read_only)")
        for catalog, name in (("public", PUBLIC_FILE_NAME), ("people", PEOPLE_FILE)):
            file = _text(folder / name)
            connection.execute(
                f"attach '{file}' as {catalog} (storage_version '{STORAGE_VERSION}')"
            )
        _copy_tables(connection, marts)
        _refuse_employees_in_public(connection)
        views = _recreate_views(connection, marts)
        _copy_comments(connection)
        rows = _count_rows(connection)
        _write_parquet(connection, folder, [*_tables(connection, "public"), *views])
        _write_rules(connection, folder)
        for catalog in ("warehouse", "public", "people"):
            connection.execute(f"detach {catalog}")
    (folder / PUBLIC_FILE_NAME).chmod(PUBLIC_FILE)
    (folder / PEOPLE_FILE).chmod(PRIVATE_FILE)
    return rows


def _text(path: Path) -> str:
    return str(path).replace("'", "''")


def _copy_tables(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> None:
    """Copy every table: rows about one employee into people, all others into public."""
    published: set[str] = set()
    for mart in marts:
        if mart.is_view and _stays_a_view(mart, published):
            continue
        rows = f"from warehouse.{mart.relation}"
        if not mart.is_private:
            _create(connection, "public", mart, f"{rows} where not ({_predicate(mart)})")
        if mart.has_employee_rows:
            _create(connection, "people", mart, f"{rows} where {_predicate(mart)}")
        if not mart.has_employee_rows:
            published.add(mart.unique_id)


def _stays_a_view(mart: Mart, published: set[str]) -> bool:
    """A view over published tables stays one; a view over anything else is published as rows."""
    return not mart.has_employee_rows and published.issuperset(mart.reads)


def _predicate(mart: Mart) -> str:
    return f"coalesce(({mart.employee_rows}), false)"


def _create(connection: duckdb.DuckDBPyConnection, catalog: str, mart: Mart, rows: str) -> None:
    connection.execute(f'create schema if not exists {catalog}."{mart.schema}"')
    connection.execute(f"create table {catalog}.{mart.relation} as select * {rows}")


def _refuse_employees_in_public(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise PublishError where a public table shows an employee without having said so."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = 'public' order by all"
    ).fetchall()
    for schema, table, column in columns:
        shown = column in _PERSONAL_COLUMNS
        names_value = column == "dimension" and (schema, table, "dimension_value") in columns
        if column.endswith("owner_kind") or names_value:
            found = connection.execute(
                f'select 1 from public."{schema}"."{table}" where "{column}" = \'employee\' limit 1'
            ).fetchone()
            shown = found is not None
        if shown:
            raise PublishError(
                f"{schema}.{table} shows employees in its column {column}: say in the model's "
                "config.meta.employee_rows which of its rows concern one employee"
            )


def _recreate_views(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> list[str]:
    """Create in public the views over published tables; returns their quoted names."""
    copied = set(_tables(connection, "public")) | set(_tables(connection, "people"))
    views = [mart for mart in marts if mart.is_view and mart.relation not in copied]
    connection.execute("use public")
    for mart in views:
        found = connection.execute(
            "select sql from duckdb_views() "
            "where database_name = 'warehouse' and schema_name = ? and view_name = ?",
            [mart.schema, mart.name],
        ).fetchone()
        if found is None:
            raise PublishError(f"the warehouse has no view {mart.relation}")
        connection.execute(f'create schema if not exists public."{mart.schema}"')
        connection.execute(str(found[0]).replace('"warehouse".', "").replace("warehouse.", ""))
    connection.execute("use memory")
    return [mart.relation for mart in views]


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? order by all",
        [catalog],
    ).fetchall()
    return [f'"{schema}"."{name}"' for schema, name in found]


def _copy_comments(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the descriptions of tables, views and columns."""
    for statement in list(_comment_statements(connection)):
        connection.execute(statement)


def _comment_statements(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    relations = (
        "select database_name, schema_name, table_name as name, 'table' as kind, comment "
        "from duckdb_tables() union all "
        "select database_name, schema_name, view_name, 'view', comment from duckdb_views()"
    )
    for catalog, schema, name, kind, comment in connection.execute(
        f"with relations as ({relations}) "
        "select copy.database_name, schema_name, name, copy.kind, warehouse.comment "
        "from relations as copy join relations as warehouse using (schema_name, name) "
        "where copy.database_name in ('public', 'people') "
        "and warehouse.database_name = 'warehouse' and warehouse.comment is not null"
    ).fetchall():
        yield f'comment on {kind} {catalog}."{schema}"."{name}" is {_literal(comment)}'
    for catalog, schema, name, column, comment in connection.execute(
        "select copy.database_name, schema_name, table_name, column_name, warehouse.comment "
        "from duckdb_columns() as copy "
        "join duckdb_columns() as warehouse using (schema_name, table_name, column_name) "
        "where copy.database_name in ('public', 'people') "
        "and warehouse.database_name = 'warehouse' and warehouse.comment is not null"
    ).fetchall():
        yield f'comment on column {catalog}."{schema}"."{name}"."{column}" is {_literal(comment)}'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Rows by `schema.table` and by file, `public` or `people`."""
    rows: dict[str, dict[str, int]] = {}
    for catalog in ("public", "people"):
        for relation in _tables(connection, catalog):
            count = connection.execute(f"select count(*) from {catalog}.{relation}").fetchone()
            rows.setdefault(relation.replace('"', ""), {})[catalog] = count[0] if count else 0
    return rows


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, folder: Path, relations: Sequence[str]
) -> None:
    """One Parquet file a public table, for tools that speak no DuckDB."""
    for relation in relations:
        schema, name = relation.replace('"', "").split(".")
        file = folder / PARQUET_FOLDER / schema / f"{name}.parquet"
        make_folder(folder / PARQUET_FOLDER, PUBLIC_FOLDER)
        make_folder(file.parent, PUBLIC_FOLDER)
        connection.execute(f"copy public.{relation} to '{_text(file)}' (format parquet)")
        file.chmod(PUBLIC_FILE)


def _write_rules(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The rules as the build used them, in a private folder: a target may name an employee."""
    make_folder(folder / RULES_FOLDER, PRIVATE_FOLDER)
    names = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'warehouse' and schema_name = ? order by all",
        [RULES_SCHEMA],
    ).fetchall()
    for (name,) in names:
        file = folder / RULES_FOLDER / f"{name}.csv"
        connection.execute(
            f'copy (select * from warehouse.{RULES_SCHEMA}."{name}" order by all) '
            f"to '{_text(file)}' (format csv, header)"
        )
        file.chmod(PRIVATE_FILE)


def _write_sources(home: Home, folder: Path) -> None:
    """What had been admitted when the build was made: the manifests of all feeds in one file."""
    feeds = {
        path.stem: json.loads(path.read_bytes()) for path in sorted(home.manifest.glob("*.json"))
    }
    _write_json(folder / SOURCES_FILE, feeds, PRIVATE_FILE)


def _write_build_file(
    folder: Path,
    build_id: str,
    settings: Settings,
    record: BuildRecord,
    tables: Mapping[str, Mapping[str, int]],
) -> None:
    """build.json: what this build is and how it came about."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "build_id": build_id,
        "published_at": datetime.now(UTC).isoformat(),
        "as_of": record.as_of.isoformat(),
        "known_until": record.known_until.isoformat(),
        "code_version": record.code_version,
        "run_id": record.run_id,
        "settings": settings.model_dump(),
        "sources_sha256": hashlib.sha256((folder / SOURCES_FILE).read_bytes()).hexdigest(),
        "tables": tables,
    }
    _write_json(folder / BUILD_FILE, content, PUBLIC_FILE)


def _write_json(path: Path, content: object, mode: int) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    path.chmod(mode)


def _switch(home: Home, build_id: str) -> None:
    """Point `serving` at the build in one step: a reader finds the old build or the new one."""
    link = home.root / ".serving"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(home.builds.name) / build_id)
    link.replace(home.serving)


def _remove_old_builds(home: Home, keep: int) -> None:
    """Keep the newest builds, always the one that is served, and no half-written one."""
    served = home.serving.resolve().name
    builds = sorted(path for path in home.builds.iterdir() if path.is_dir())
    finished = [path for path in builds if not path.name.startswith(".")]
    for path in sorted(set(builds) - set(finished[-keep:])):
        if path.name != served:
            shutil.rmtree(_hidden(path))


def _hidden(folder: Path) -> Path:
    """The folder under a hidden name: a removal that is cut short must leave no half build."""
    if folder.name.startswith("."):
        return folder
    return folder.rename(folder.with_name(f".{folder.name}"))
