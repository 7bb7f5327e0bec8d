"""Reading the examples of README.md and applying them to a copy of the project.

An example is a fenced block below a marker line, which says where the block belongs:

    <!-- example: add-a-kpi file=dbt_project/models/marts/kpis/customer/x.sql mode=create -->

`create` (the default) writes the file, `append` adds the block at its end, and
`list_append anchor="..."` inserts it below the one line that holds the anchor's text. What the
examples then do is for the tests to say.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from orchestration.paths import Home

MARKER = re.compile(r"^<!--\s*example:\s*(?P<name>[a-z0-9-]+)\s+(?P<options>.*?)\s*-->$")
OPTION = re.compile(r'(?P<key>[a-z_]+)=(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})")
MODES = {"create": {"file"}, "append": {"file"}, "list_append": {"file", "anchor"}}

# What a copy needs to run; tests, data and caches stay behind.
COPIED = ("orchestration", "dbt_project", "seeds", "pyproject.toml")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "target", "logs", "*.duckdb", ".user.yml")


class ExampleError(ValueError):
    """A marker that cannot be followed; the message gives the line and what is wrong."""


@dataclass(frozen=True)
class Example:
    """One fenced block and the place it belongs to; `file` is relative to the project."""

    name: str
    file: str
    mode: str
    anchor: str | None
    text: str
    line: int


def read_examples(markdown: str) -> list[Example]:
    """Every marked block of a page, in its order. Raises ExampleError for a marker gone wrong."""
    lines = markdown.splitlines()
    return [
        _example(lines, number, marker)
        for number, line in enumerate(lines)
        if (marker := MARKER.match(line.strip()))
    ]


def _example(lines: list[str], number: int, marker: re.Match[str]) -> Example:
    options = {
        found["key"]: found["quoted"] if found["quoted"] is not None else found["plain"]
        for found in OPTION.finditer(marker["options"])
    }
    mode = options.pop("mode", "create")
    if mode not in MODES:
        raise ExampleError(f"line {number + 1}: mode {mode!r} is none of {', '.join(MODES)}")
    if set(options) != MODES[mode]:
        raise ExampleError(
            f"line {number + 1}: mode {mode} takes {sorted(MODES[mode])}, not {sorted(options)}"
        )
    if Path(options["file"]).is_absolute() or ".." in Path(options["file"]).parts:
        raise ExampleError(f"line {number + 1}: {options['file']} leaves the project")
    return Example(
        name=marker["name"],
        file=options["file"],
        mode=mode,
        anchor=options.get("anchor"),
        text=_fenced_block(lines, number + 1),
        line=number + 1,
    )


def _fenced_block(lines: list[str], start: int) -> str:
    """The text of the fence that opens on the next line that is not blank."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    opening = FENCE.match(lines[start]) if start < len(lines) else None
    if opening is None:
        raise ExampleError(f"line {start + 1}: a marker must stand right above its fenced block")
    for end in range(start + 1, len(lines)):
        if lines[end].rstrip() == opening["fence"]:
            return "\n".join(lines[start + 1 : end]) + "\n"
    raise ExampleError(f"line {start + 1}: the fenced block is never closed")


def copy_project(project: Path, target: Path) -> Path:
    """Copy what a run needs of `project` to `target`, which must not exist yet."""
    target.mkdir(parents=True)
    for name in COPIED:
        source = project / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=LEFT_BEHIND)
        else:
            shutil.copy2(source, target / name)
    return target


def make_example_home(project: Path, copy: Path) -> Home:
    """Apply every example of README.md to a copy of the project; its home is the copy's data."""
    page = (project / "README.md").read_text(encoding="utf-8")
    copy_project(project, copy)
    for example in read_examples(page):
        apply(example, copy)
    return Home(copy / "data")


def apply(example: Example, project: Path) -> Path:
    """Do to the project what a reader of the example would do; returns the file."""
    file = project / example.file
    if example.mode == "create":
        if file.exists():
            raise ExampleError(f"line {example.line}: {example.file} is there already")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(example.text, encoding="utf-8")
        return file
    if not file.exists():
        raise ExampleError(f"line {example.line}: there is no {example.file} to add to")
    text = file.read_text(encoding="utf-8")
    if example.mode == "append":
        text += ("" if text.endswith("\n") else "\n") + example.text
    else:
        text = _inserted(text, example)
    file.write_text(text, encoding="utf-8")
    return file


def _inserted(text: str, example: Example) -> str:
    lines = text.splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if (example.anchor or "") in line]
    if len(found) != 1:
        raise ExampleError(
            f"line {example.line}: {len(found)} lines of {example.file} hold {example.anchor!r}"
        )
    at = found[0] + 1
    return "".join(lines[:at]) + example.text + "".join(lines[at:])
