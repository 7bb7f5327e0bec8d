"""Feeds: what a `feed.yml` may say, and which files each feed claims.

Belongs here: reading and checking feed.yml against the contracts, and finding a feed's files. Does
not belong here: what lies inside the files (`reading.py`).
"""

import difflib
import hashlib
import json
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import translate
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    field_validator,
    model_validator,
)

from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.expressions import (
    ExpressionError,
    Reads,
    check_expression,
    check_query,
)
from orchestration.landing.limits import Limits

_DURATION = re.compile(r"^(\d+) (second|minute|hour|day|week)s?$")
_FEED_NAME = re.compile(r"^[a-z0-9][a-z0-9_]*$")
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload")

SqlValue = str | bool | int | float | None
Encoding = Literal[
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "windows-1252"
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadOptions(_Model):
    """How a feed's files are read; compression goes by the file's ending (.gz, .zst)."""

    format: Literal["csv", "json_lines", "json_array", "parquet", "xlsx"]
    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    skip: int = 0
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: Encoding = "utf-8"
    timezone: str = "UTC"
    nulls: tuple[str, ...] = ("",)
    records: str | None = None
    timestamp_formats: tuple[str, ...] = ()
    limits: Limits = Limits()

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from None
        return value

    @model_validator(mode="after")
    def _fits_format(self) -> "ReadOptions":
        if self.records is not None and self.format != "json_array":
            raise ValueError("records names the array inside a JSON object: format json_array only")
        if (self.columns or self.skip) and self.format not in ("csv", "xlsx"):
            raise ValueError("columns and skip are for formats csv and xlsx only")
        if self.sheet is not None and self.format != "xlsx":
            raise ValueError("sheet is for format xlsx only")
        return self


class EntityMapping(_Model):
    """How raw rows become rows of one entity: `select` with an optional `where`, or a `query`."""

    where: str | None = None
    select: dict[str, SqlValue] | None = None
    query: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "EntityMapping":
        if (self.select is None) == (self.query is None):
            raise ValueError("write either select or query")
        if self.query is not None and self.where is not None:
            raise ValueError("where goes with select; a query has its own")
        return self

    def expressions(self) -> dict[str, str]:
        """The SQL expression of every contract column that `select` maps."""
        return {name: _as_sql(value) for name, value in (self.select or {}).items()}


class FeedFile(_Model):
    """The content of a feed.yml."""

    feed: str
    files: str | tuple[str, ...]
    exported_at: str
    exported_at_plus: str | None = None
    read: ReadOptions
    entities: dict[str, EntityMapping]

    @field_validator("exported_at_plus")
    @classmethod
    def _duration(cls, value: str | None) -> str | None:
        if value is not None and not _DURATION.match(value):
            raise ValueError(f"{value!r} is not a duration such as 1 day or 12 hours")
        return value

    @field_validator("exported_at")
    @classmethod
    def _instant(cls, value: str) -> str:
        if value != "file_modified" and not re.search(r"\(.*%.*\)", value):
            raise ValueError('write file_modified, or a pattern like "orders_(%Y%m%d).csv"')
        return value

    @field_validator("entities")
    @classmethod
    def _some(cls, value: dict[str, EntityMapping]) -> dict[str, EntityMapping]:
        if not value:
            raise ValueError("maps no entity")
        return value


@dataclass(frozen=True)
class WrongFeed:
    """A feed that stops: where in which file, and what to do about it."""

    feed: str
    path: str  # of the feed.yml, from the home
    key: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.path}: {self.key}" if self.key else self.path
        return f"{place}: {self.problem}"


@dataclass(frozen=True)
class Feed:
    """A feed that can be admitted."""

    name: str
    folder: Path
    path: str
    spec: FeedFile
    contracts: dict[str, Contract]
    reads: dict[str, dict[str, Reads]] = field(default_factory=dict)
    """Per entity and contract column what the raw row gives to it; for a query under ''."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of instants without an offset."""
        return ZoneInfo(self.spec.read.timezone)

    @property
    def hashes_values(self) -> bool:
        """Whether a column of its contracts is kept as a keyed hash only."""
        return any(column.hashed for c in self.contracts.values() for column in c.columns)

    def files(self) -> list[str]:
        """Names (from the feed's folder, with `/`) of the files it claims, sorted."""
        patterns = self.spec.files
        names = {
            found.relative_to(self.folder).as_posix()
            for pattern in ((patterns,) if isinstance(patterns, str) else patterns)
            for found in self.folder.glob(pattern)
            if found.is_file()
        }
        return sorted(name for name in names if _is_export(Path(name)))

    def content_hash(self, key_id: str) -> str:
        """SHA-256 (hex) of all that decides what the rows of a file become."""
        # A limit decides whether a file comes in, never what its rows become.
        ignored: Any = {"feed": True, "files": True, "read": {"limits"}}
        spec = self.spec.model_dump(mode="json", exclude=ignored)
        enforced = {name: c.enforced_hash() for name, c in self.contracts.items()}
        content = [spec, enforced, key_id if self.hashes_values else ""]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def exported_at(self, name: str) -> datetime:
        """When the file was exported: naive UTC. Raises ValueError if its name does not say."""
        if self.spec.exported_at == "file_modified":
            modified = (self.folder / name).stat().st_mtime_ns // 1000
            local = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=modified)
        else:
            local = _instant_of_name(self.spec.exported_at, name)
            if local.tzinfo is None:
                local = local.replace(tzinfo=self.zone)
        return local.astimezone(UTC).replace(tzinfo=None) + _duration(self.spec.exported_at_plus)

    def wrong(self, key: str, problem: str) -> WrongFeed:
        """This feed, stopped."""
        return WrongFeed(self.name, self.path, key, problem)


def load_feeds(landing: Path) -> list[Feed | WrongFeed]:
    """Every feed under `landing` by name; those that cannot be used as WrongFeed."""
    paths = [
        path
        for path in sorted(landing.rglob("feed.yml"))
        if path.relative_to(landing).parts[0] != "_quarantine"
    ]
    feeds = [_load(landing, path) for path in paths]
    return sorted(_stop_shared_files(_stop_shared_names(feeds)), key=_name_of)


def _name_of(feed: Feed | WrongFeed) -> tuple[str, str]:
    return (feed.name if isinstance(feed, Feed) else feed.feed, feed.path)


def _load(landing: Path, path: Path) -> Feed | WrongFeed:
    name, place = path.parent.name, path.relative_to(landing.parent).as_posix()
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
        spec = FeedFile.model_validate(content if content is not None else {})
    except ValidationError as error:
        key, problem = _first_error(error)
        return WrongFeed(name, place, key, problem)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return WrongFeed(name, place, "", f"is not YAML: {' '.join(str(error).split())}")
    contracts = {e: c for e, c in load_contracts().items() if e in spec.entities}
    feed = Feed(name, path.parent, place, spec, contracts)
    for key, problem in (*_problems_of_feed(feed), *_problems_of_entities(feed)):
        return feed.wrong(key, problem)
    for entity, mapping in spec.entities.items():
        try:
            feed.reads[entity] = _checked_reads(f"entities.{entity}", mapping)
        except _KeyedError as error:
            return feed.wrong(error.key, error.problem)
    return feed


class _KeyedError(ValueError):
    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key, self.problem = key, problem


def _problems_of_feed(feed: Feed) -> list[tuple[str, str]]:
    spec, problems = feed.spec, []
    if spec.feed != feed.name:
        problems.append(("feed", f"is {spec.feed!r} in folder {feed.name!r}; give both one name"))
    if not _FEED_NAME.match(feed.name):
        problems.append(("feed", "a name holds lower-case letters, digits and _ only"))
    for pattern in (spec.files,) if isinstance(spec.files, str) else spec.files:
        if not pattern or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            fix = "a file belongs to the feed in whose folder it lies"
            problems.append(("files", f"{pattern!r} leads out of the feed's folder; {fix}"))
    return problems


def _problems_of_entities(feed: Feed) -> list[tuple[str, str]]:
    problems = []
    for entity, mapping in feed.spec.entities.items():
        key, contract = f"entities.{entity}", feed.contracts.get(entity)
        if contract is None:
            problems.append((key, f"no such entity{_suggest(entity, load_contracts())}"))
            continue
        if mapping.select is None:
            continue
        columns = {column.name: column for column in contract.columns}
        for name in mapping.select:
            if name not in columns:
                fix = _suggest(name, columns)
                problems.append((f"{key}.select.{name}", f"no such column in the contract{fix}"))
        for name, column in columns.items():
            if column.required and name not in mapping.select:
                problems.append((f"{key}.select", f"required column {name} is not mapped"))
    return problems


def _checked_reads(key: str, mapping: EntityMapping) -> dict[str, Reads]:
    place = ""
    try:
        if mapping.query is not None:
            place = "query"
            return {"": check_query(mapping.query)}
        if mapping.where is not None:
            place = "where"
            check_expression(mapping.where)
        reads = {}
        for name, sql in mapping.expressions().items():
            place = f"select.{name}"
            reads[name] = check_expression(sql)
        return reads
    except ExpressionError as error:
        raise _KeyedError(f"{key}.{place}", str(error)) from error


def _suggest(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(known))}"


def _first_error(error: ValidationError) -> tuple[str, str]:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return key, "is missing"
    if first["type"] == "extra_forbidden":
        models: dict[str, type[BaseModel]] = {"read": ReadOptions, "entities": EntityMapping}
        nested = len(first["loc"]) > 1
        model = models.get(str(first["loc"][0]), FeedFile) if nested else FeedFile
        model = Limits if key.startswith("read.limits.") else model
        return key, f"no such key{_suggest(str(first['loc'][-1]), model.model_fields)}"
    return key, str(first["msg"]).removeprefix("Value error, ")


def _stop_shared_names(feeds: list[Feed | WrongFeed]) -> list[Feed | WrongFeed]:
    """Two folders of one name would share a manifest: both stop."""
    paths = defaultdict(list)
    for feed in feeds:
        paths[_name_of(feed)[0]].append(feed.path)
    checked: list[Feed | WrongFeed] = []
    for feed in feeds:
        others = [path for path in paths[_name_of(feed)[0]] if path != feed.path]
        if isinstance(feed, Feed) and others:
            checked.append(feed.wrong("feed", f"{others[0]} has the same name; rename one folder"))
        else:
            checked.append(feed)
    return checked


def _stop_shared_files(feeds: list[Feed | WrongFeed]) -> list[Feed | WrongFeed]:
    """A file that two feeds claim (nested folders, links) would count twice: both stop."""
    owners: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for feed in feeds:
        if isinstance(feed, Feed):
            for name in feed.files():
                owners[os.path.realpath(feed.folder / name)].append((feed.name, name))
    shared: dict[str, tuple[str, str]] = {}
    for claims in owners.values():
        for owner, name in claims:
            others = sorted({other for other, _ in claims} - {owner})
            if others and owner not in shared:
                shared[owner] = (name, others[0])
    return [_stopped_by_claim(feed, shared) for feed in feeds]


def _stopped_by_claim(
    feed: Feed | WrongFeed, shared: dict[str, tuple[str, str]]
) -> Feed | WrongFeed:
    if isinstance(feed, WrongFeed) or feed.name not in shared:
        return feed
    name, other = shared[feed.name]
    fix = "narrow one of the two patterns"
    return feed.wrong("files", f"{name!r} is claimed by feed {other} as well; {fix}")


def _as_sql(value: SqlValue) -> str:
    """A YAML scalar as SQL: text is SQL already; numbers, true/false and null are literals."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_export(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return not hidden and name.name != "feed.yml" and name.suffix not in _UNFINISHED


def _duration(text: str | None) -> timedelta:
    match = _DURATION.match(text or "")
    return timedelta(**{f"{match.group(2)}s": int(match.group(1))}) if match else timedelta(0)


def _instant_of_name(pattern: str, name: str) -> datetime:
    before, rest = pattern.split("(", 1)
    instant, after = rest.rsplit(")", 1)
    glob = f"{_glob_part(before)}(?P<instant>.+?){_glob_part(after)}"
    matched = re.fullmatch(glob, name if "/" in pattern else Path(name).name)
    if not matched:
        raise ValueError(f"the name does not follow exported_at: {pattern}")
    try:
        return datetime.strptime(matched.group("instant"), instant)
    except ValueError:
        raise ValueError(f"{matched.group('instant')!r} does not follow {instant}") from None


def _glob_part(text: str) -> str:
    return translate(text).removeprefix("(?s:").removesuffix(r")\Z") if text else ""


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key written twice is an error, not a silent loss of the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping without repeated keys; raises ConstructorError for one with them."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)
