"""Columns of one feed's files over time: what a file lacks or types differently, what is new in it.

A file is held against the nearest file that was exported before it (by instant of export, then by
name) and that fits the feed. Its order of columns is free; new columns, and numbers of another kind
(the door casts each without loss), are noted. A file that lacks a column or holds another kind of
value in it is set aside: a mapping would read something else without a word.

Limits. A file that stands admitted is never judged again, so an older export that arrives later
changes nothing that stands, though it is what the files after it would have been held against: one
order of arrival may admit a file that another sets aside. It is then said of that file, and
`read.varying_columns` settles it either way. JSON rows have keys, not columns: they do not drift.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orchestration.landing.checks import kind_of
from orchestration.landing.manifest import AdmittedFile, Manifest, Shape
from orchestration.landing.names import shown

_NUMBERS = {"integer", "decimal", "float"}
_Columns = dict[str, tuple[str, str]]
_FIX = "list columns that may differ from file to file in read.varying_columns"


@dataclass(frozen=True)
class Export:
    """A file as far as its columns go.

    `fits` says whether the feed's mapping can read it; `stands` that these very bytes are admitted.
    """

    name: str
    exported_at: datetime
    shape: Shape
    fits: bool = True
    stands: bool = False


@dataclass(frozen=True)
class Judgement:
    """Per file name what is wrong with its columns; and notes on columns that are new."""

    drifted: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def judge(new: Sequence[Export], standing: Iterable[Export], varying: Sequence[str]) -> Judgement:
    """Hold every new file against the one exported before it."""
    judgement, before = Judgement(), None
    names = {export.name for export in new}
    exports = [*new, *(export for export in standing if export.name not in names)]
    for export in sorted(exports, key=lambda each: (each.exported_at, each.name)):
        if export.name in names and before and not export.stands:
            if lost := _lost(export, before, varying):
                judgement.drifted[export.name] = lost
                continue
            if changed := _changed(export, before, varying):
                judgement.notes.append(changed)
        if export.fits:
            before = export
    return judgement


def standing(manifest: Manifest) -> list[Export]:
    """The admitted files whose columns are known."""
    return [
        Export(name, datetime.fromisoformat(file.exported_at), manifest.shapes[file.shape])
        for name, file in manifest.files.items()
        if file.shape in manifest.shapes
    ]


def is_standing(sha256: str, known: AdmittedFile | None) -> bool:
    """Whether a file's bytes are admitted under its name already."""
    return known is not None and known.sha256 == sha256


def shape_id(shape: Shape) -> str:
    """What stands for columns in a manifest."""
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:16]


def _lost(export: Export, before: Export, varying: Sequence[str]) -> str | None:
    here, there = _fixed(export.shape, varying), _fixed(before.shape, varying)
    missing = [f"{shown(name)} ({kind})" for key, (name, kind) in there.items() if key not in here]
    problems = [f"lacks {', '.join(missing)}, which {shown(before.name)} had"] if missing else []
    problems += _retyped(here, there, before.name, alike=False)
    return "; ".join([*problems, _FIX]) if problems else None


def _changed(export: Export, before: Export, varying: Sequence[str]) -> str | None:
    here, there = _fixed(export.shape, varying), _fixed(before.shape, varying)
    new = [f"{shown(name)} ({kind})" for key, (name, kind) in here.items() if key not in there]
    changes = [f"has {', '.join(new)}, which {shown(before.name)} had not"] if new else []
    changes += _retyped(here, there, before.name, alike=True)
    return f"{shown(export.name)}: {'; '.join(changes)}" if changes else None


def _retyped(here: _Columns, there: _Columns, before: str, alike: bool) -> list[str]:
    """Columns whose kind of value is another: numbers of another kind if `alike`, else others."""
    return [
        f"{shown(name)} is {kind} here and {there[key][1]} in {shown(before)}"
        for key, (name, kind) in here.items()
        if key in there
        and not _same(kind, there[key][1])
        and ({kind_of(kind), kind_of(there[key][1])} <= _NUMBERS) == alike
    ]


def _fixed(shape: Shape, varying: Sequence[str]) -> _Columns:
    """Columns that must not vary, by their name as DuckDB compares it."""
    free = {name.lower() for name in varying}
    return {name.lower(): (name, kind) for name, kind in shape if name.lower() not in free}


def _same(one: str, other: str) -> bool:
    """Whether two types hold one kind of value. A column of NULLs alone has no kind."""
    kinds = {kind_of(one), kind_of(other)}
    return one == other or "null" in kinds or (len(kinds) == 1 and "other" not in kinds)
