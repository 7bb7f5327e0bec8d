"""What a feed may write as SQL: one expression, or one SELECT over `raw`, and nothing else.

The connection's sandbox keeps files safe; this module keeps statements single, results repeatable
and the key of the hashes out of reach. It also tells which raw columns an expression reads, so that
the values behind masked columns can be masked in the raw row too.
"""

import atexit
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

import duckdb

_TABLE_FUNCTIONS = {"unnest", "generate_series", "range", "json_each", "json_tree",
                    "generate_subscripts"}  # fmt: skip
_FORBIDDEN_FUNCTIONS = {
    "getvariable", "current_setting", "query", "query_table", "nextval", "currval",
    "read_text", "read_blob", "random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid",
    "now", "today", "current_date", "current_time", "current_timestamp", "current_localtime",
    "current_localtimestamp", "localtime", "localtimestamp", "get_current_timestamp",
    "get_current_time", "transaction_timestamp", "statement_timestamp", "clock_timestamp",
    "current_user", "session_user", "current_role", "write_log", "parse_duckdb_log_message",
    "current_query", "current_query_id", "current_connection_id", "current_transaction_id",
    "current_database", "current_catalog", "current_schema", "current_schemas", "in_search_path",
    "txid_current", "version", "setval", "sleep_ms", "pg_sleep", "stats", "vector_type",
    "pg_conf_load_time", "pg_postmaster_start_time", "pg_get_viewdef", "pg_get_expr",
    "json_execute_serialized_sql", "getenv",
}  # fmt: skip
_JSON_EXTRACTS = {"->", "->>", "json_extract", "json_extract_string", "json_extract_path",
                  "json_extract_path_text", "json_value"}  # fmt: skip
_JSON_PATH = re.compile(r'^\$\.(?:"([^"]+)"|([^.\[*"]+))')


class ExpressionError(ValueError):
    """A feed's SQL is not what the door lets through; the message says what to write instead."""


def _nested_within_reason(check: Callable[[str], "Reads"]) -> Callable[[str], "Reads"]:
    """Syntax trees are walked by recursion: one that is deeper than Python goes is refused."""

    @wraps(check)
    def checked(sql: str) -> Reads:
        """The check, with SQL that nests too deeply refused in words."""
        try:
            return check(sql)
        except RecursionError:
            fix = "split it, or join with concat(a, b, …) or a list instead of a chain"
            raise ExpressionError(f"nests too deeply; {fix}") from None

    return checked


@dataclass(frozen=True)
class Reads:
    """Which raw columns an expression reads; a JSON row is read by keys of its top level.

    Column names are lower-cased, as DuckDB compares them; `everything` where it cannot be told.
    """

    columns: frozenset[str] = frozenset()
    json_keys: frozenset[str] = frozenset()
    everything: bool = False

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(
            self.columns | other.columns,
            self.json_keys | other.json_keys,
            self.everything or other.everything,
        )

    def __bool__(self) -> bool:
        return self.everything or bool(self.columns) or bool(self.json_keys)


@_nested_within_reason
def check_expression(sql: str) -> Reads:
    """Check one SQL expression over the raw columns; returns what it reads.

    Raises ExpressionError when it is anything but a single expression.
    """
    if not sql.strip():
        raise ExpressionError("is empty; write null for no value")
    node = _single_select(f"select (\n{sql}\n) as x")
    if len(node["select_list"]) != 1 or node["from_table"]["type"] != "EMPTY" or _has_clauses(node):
        raise ExpressionError("is not one SQL expression")
    _check_nodes(node, tables=set())
    return _reads(node)


@_nested_within_reason
def check_query(sql: str) -> Reads:
    """Check one SELECT over `raw`; returns what it reads.

    Raises ExpressionError when it is not one SELECT, reads other tables, or folds rows.
    """
    node = _single_select(sql)
    _check_nodes(node, tables={"raw", *_cte_names(node)})
    for select in _row_selects(node):
        if select.get("group_expressions") or _is_distinct(select):
            raise ExpressionError("folds rows (group by or distinct); staging does that, by key")
    return _reads(node)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database without tables that only parses; opening one for each expression is slow."""
    connection = duckdb.connect()
    atexit.register(connection.close)
    atexit.register(_parser.cache_clear)
    return connection


def _single_select(sql: str) -> dict[str, Any]:
    with _parser().cursor() as cursor:
        row = cursor.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    tree: dict[str, Any] = json.loads(row[0]) if row else {}
    if tree.get("error", True):
        message = str(tree.get("error_message", "is not SQL"))
        if "Only SELECT" in message:
            raise ExpressionError("is not a SELECT; a feed can only select")
        raise ExpressionError(f"is not valid SQL: {message}")
    if len(tree["statements"]) != 1:
        raise ExpressionError("holds more than one statement; write exactly one")
    node: dict[str, Any] = tree["statements"][0]["node"]
    return node


def _has_clauses(node: dict[str, Any]) -> bool:
    clauses = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    return any(node.get(clause) for clause in clauses) or node["type"] != "SELECT_NODE"


def _check_nodes(tree: dict[str, Any], tables: set[str]) -> None:
    for node in _walk(tree):
        kind = node.get("type")
        if kind == "VALUE_PARAMETER":
            raise ExpressionError("holds a parameter ($ or ?); write the value itself")
        if kind == "BASE_TABLE" and str(node["table_name"]).lower() not in tables:
            raise ExpressionError(f"reads {node['table_name']!r}; a feed reads only its raw rows")
        function = str(node.get("function_name", "")).lower()
        if kind == "TABLE_FUNCTION":
            function = str(node["function"].get("function_name", "")).lower()
            if function not in _TABLE_FUNCTIONS:
                raise ExpressionError(f"calls {function}(); a feed reads only its raw rows")
        if function in _FORBIDDEN_FUNCTIONS:
            raise ExpressionError(f"calls {function}(), which gives no repeatable result of a row")
        columns = node.get("column_names") or []
        if kind == "COLUMN_REF" and len(columns) == 1 and columns[0].lower() in (
            "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp",
        ):  # fmt: skip
            raise ExpressionError(f"reads the clock ({columns[0]})")


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def _cte_names(tree: dict[str, Any]) -> set[str]:
    maps = (node["cte_map"]["map"] for node in _walk(tree) if node.get("cte_map"))
    return {str(entry["key"]).lower() for entries in maps for entry in entries}


def _row_selects(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The outermost SELECT and those of its CTEs; scalar subqueries may aggregate nested values."""
    yield node
    for entry in node.get("cte_map", {}).get("map", []):
        yield from _row_selects(entry["value"]["query_node"])
    for side in ("left", "right"):  # of a union
        if isinstance(node.get(side), dict):
            yield from _row_selects(node[side])


def _is_distinct(node: dict[str, Any]) -> bool:
    return any(m.get("type") == "DISTINCT_MODIFIER" for m in node.get("modifiers") or [])


def _reads(tree: Any) -> Reads:
    """What a syntax tree reads; `everything` where a JSON row is used as a whole."""
    if isinstance(tree, list):
        return _union(_reads(value) for value in tree)
    if not isinstance(tree, dict):
        return Reads()
    if tree.get("type") == "STAR":
        return Reads(everything=True)
    if tree.get("type") == "COLUMN_REF":
        name = str(tree["column_names"][-1]).lower()
        return Reads(everything=True) if name == "json" else Reads(columns=frozenset({name}))
    if key := _json_key(tree):
        return Reads(json_keys=frozenset({key}))
    return _union(_reads(value) for value in tree.values())


def _union(parts: Iterator[Reads]) -> Reads:
    reads = Reads()
    for part in parts:
        reads |= part
    return reads


def _json_key(node: dict[str, Any]) -> str | None:
    """The top-level key in `json->>'$.key…'`, None for any other extraction."""
    if node.get("type") == "LAMBDA":  # how `json->'key'` and `json->'key'->>'more'` are parsed
        column: Any = node.get("lhs")
        path: dict[str, Any] = node.get("expr") or {}
        if path.get("type") == "FUNCTION" and path.get("arguments"):
            path = path["arguments"][0].get("expression", {})
        arguments = [column, path]
    elif str(node.get("function_name", "")).lower() in _JSON_EXTRACTS:
        arguments = [argument.get("expression", argument) for argument in node["arguments"]]
    else:
        return None
    if len(arguments) != 2 or not _is_json_column(arguments[0]):
        return None
    text = arguments[1].get("literal", {}).get("text")
    if not isinstance(text, str):
        return None
    match = _JSON_PATH.match(text)
    if match:
        return match.group(1) or match.group(2)
    return None if text.startswith(("$", "/")) else text


def _is_json_column(node: Any) -> bool:
    if not isinstance(node, dict) or node.get("type") != "COLUMN_REF":
        return False
    return str(node["column_names"][-1]).lower() == "json"
