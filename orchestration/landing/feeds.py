"""Feeds: each `feed.yml` read, checked against the contracts and held apart from the others.

Does not belong here: which keys there are (`feed_file.py`), which files lie there for a feed
(`claims.py`), and what lies inside them (`reading.py`).
"""

import difflib
import hashlib
import json
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ValidationError,
)

from orchestration.landing import strict_yaml
from orchestration.landing.claims import Claims, claimed
from orchestration.landing.contracts import Contract, load_contracts
from orchestration.landing.export_times import (
    duration,
    instant_of_name,
)
from orchestration.landing.expressions import (
    ExpressionError,
    Reads,
    check_expression,
    check_query,
)
from orchestration.landing.feed_file import EntityMapping, FeedFile, ReadOptions
from orchestration.landing.feed_places import FeedFileUnreadable, find_feeds, text_of
from orchestration.landing.limits import Limits
from orchestration.landing.names import shown

_FEED_NAME = re.compile(r"^[a-z0-9][a-z0-9_]*$")
_LEADS_OUT = "leads out of the landing zone; move the folder here, or mount it here"


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
    landing: Path
    reads: dict[str, dict[str, Reads]] = field(default_factory=dict)
    """Per entity and contract column what the raw row gives to it; for a query under ''."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of instants without an offset."""
        return ZoneInfo(self.spec.read.timezone)

    @property
    def expected_every(self) -> timedelta | None:
        """How often a new file is expected; None where the feed has no rhythm."""
        every = self.spec.expected_every
        return duration(every) if every else None

    @property
    def hashes_values(self) -> bool:
        """Whether a column of its contracts is kept as a keyed hash only."""
        return any(column.hashed for c in self.contracts.values() for column in c.columns)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of names that it claims."""
        return (self.spec.files,) if isinstance(self.spec.files, str) else self.spec.files

    @property
    def time_limit(self) -> timedelta:
        """The longest that one batch of its files may take."""
        return duration(self.spec.read.time_limit)

    def claims(self) -> Claims:
        """What its patterns find in its folder, and what of it is no file to read."""
        return claimed(self.folder, self.patterns, self.landing)

    def files(self) -> list[str]:
        """Names (from the feed's folder, with `/`) of the files it claims, sorted."""
        return list(self.claims().files)

    def content_hash(self, key_id: str) -> str:
        """SHA-256 (hex) of all that decides what the rows of a file become."""
        spec = self.spec.model_dump(mode="json", exclude={"feed", "files", "expected_every"})
        spec["read"] = self.spec.read.deciding()
        enforced = {name: c.enforced_hash() for name, c in self.contracts.items()}
        content = [spec, enforced, key_id if self.hashes_values else ""]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def exported_at(self, name: str, modified_ns: int | None = None) -> datetime:
        """When the file was exported: naive UTC. Raises ValueError if that cannot be told.

        `modified_ns` is its time of modification where the caller has looked already.
        """
        try:
            if self.spec.exported_at == "file_modified":
                if modified_ns is None:
                    modified_ns = (self.folder / name).stat().st_mtime_ns
                local = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=modified_ns // 1000)
            else:
                local = instant_of_name(self.spec.exported_at, name)
                if local.tzinfo is None:
                    local = local.replace(tzinfo=self.zone)
            instant = local.astimezone(UTC).replace(tzinfo=None)
            return instant + duration(self.spec.exported_at_plus)
        except OverflowError:
            raise ValueError("its instant of export lies outside the years 1 to 9999") from None

    def wrong(self, key: str, problem: str) -> WrongFeed:
        """This feed, stopped."""
        return WrongFeed(self.name, self.path, key, problem)


def load_feeds(landing: Path) -> list[Feed | WrongFeed]:
    """Every feed under `landing` by name; those that cannot be used as WrongFeed.

    A folder that cannot be listed stops the feed that it belongs to: files may lie in it.
    """
    places = find_feeds(landing)
    feeds = [_load(landing, path) for path in places.files]
    for path in places.linked:
        feeds.append(_stopped_folder(landing, path, f"is a link that {_LEADS_OUT}"))
    for error in places.unlistable:
        feeds = _stop_unlistable(landing, feeds, error)
    return sorted(_stop_shared_files(_stop_shared_names(feeds)), key=_name_of)


def _stopped_folder(landing: Path, folder: Path, problem: str) -> WrongFeed:
    place = shown(folder.relative_to(landing.parent).as_posix())
    return WrongFeed(shown(folder.name), place, "", problem)


def _stop_unlistable(
    landing: Path, feeds: list[Feed | WrongFeed], error: OSError
) -> list[Feed | WrongFeed]:
    folder = Path(error.filename)
    problem = f"cannot be listed ({error.strerror}); give this user the right to read it"
    owners = [f for f in feeds if isinstance(f, Feed) and folder.is_relative_to(f.folder)]
    if not owners:
        return [*feeds, _stopped_folder(landing, folder, problem)]
    place = shown(folder.relative_to(landing.parent).as_posix())
    stopped = [f.wrong("files", f"{place} {problem}") for f in owners]
    return [*(f for f in feeds if f not in owners), *stopped]


def _name_of(feed: Feed | WrongFeed) -> tuple[str, str]:
    return (feed.name if isinstance(feed, Feed) else feed.feed, feed.path)


def _load(landing: Path, path: Path) -> Feed | WrongFeed:
    name, place = shown(path.parent.name), shown(path.relative_to(landing.parent).as_posix())
    try:
        content = strict_yaml.load(text_of(path, landing))
        spec = FeedFile.model_validate(content if content is not None else {})
    except FeedFileUnreadable as error:
        return WrongFeed(name, place, "", str(error))
    except ValidationError as error:
        key, problem = _first_error(error)
        return WrongFeed(name, place, key, problem)
    except (strict_yaml.BadYaml, UnicodeDecodeError) as error:
        return WrongFeed(name, place, "", f"is not YAML: {error}")
    contracts = {e: c for e, c in load_contracts().items() if e in spec.entities}
    feed = Feed(name, path.parent, place, spec, contracts, landing)
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
    for pattern in feed.patterns:
        if any("**" in part and part != "**" for part in Path(pattern).parts):
            problems.append(("files", f"{pattern!r}: ** stands alone between slashes"))
        if not Path(pattern).parts or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
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
            elif column.required and mapping.select[name] is None:
                fix = "say which column of the file holds it, or write a constant"
                problems.append((f"{key}.select.{name}", f"required column without a value; {fix}"))
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
