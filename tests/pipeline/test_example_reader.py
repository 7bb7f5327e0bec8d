"""The reader of README's examples itself: a marker gone wrong must not pass as no example."""

from pathlib import Path

import pytest
from readme_examples import Example, ExampleError, apply, copy_project, read_examples

PAGE = """# Page

<!-- example: add-a-thing file=a/new.sql -->
```sql
select 1 as one
```

<!-- example: add-a-thing file=seeds/rules.csv mode=append -->

```csv
c,3
```

<!-- example: add-a-thing file=a/list.sql mode=list_append anchor="'first'," -->
````
    'second',
````

```sql
select 'not marked'
```
"""


def test_every_marked_block_is_read_in_order() -> None:
    examples = read_examples(PAGE)

    assert [(example.file, example.mode, example.text) for example in examples] == [
        ("a/new.sql", "create", "select 1 as one\n"),
        ("seeds/rules.csv", "append", "c,3\n"),
        ("a/list.sql", "list_append", "    'second',\n"),
    ]
    assert {example.name for example in examples} == {"add-a-thing"}
    assert examples[2].anchor == "'first',"


def test_each_mode_changes_the_file_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "rules.csv").write_text("a,1\nb,2")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "list.sql").write_text("[\n    'first',\n]\n")

    for example in read_examples(PAGE):
        apply(example, tmp_path)

    assert (tmp_path / "a" / "new.sql").read_text() == "select 1 as one\n"
    assert (tmp_path / "seeds" / "rules.csv").read_text() == "a,1\nb,2\nc,3\n"
    assert (tmp_path / "a" / "list.sql").read_text() == "[\n    'first',\n    'second',\n]\n"


@pytest.mark.parametrize(
    ("marker", "block", "message"),
    [
        ("file=x.sql mode=rewrite", "```\nx\n```", "none of create, append, list_append"),
        ("file=x.sql mode=list_append", "```\nx\n```", "takes"),
        ("file=../x.sql", "```\nx\n```", "leaves the project"),
        ("file=x.sql", "no fence", "right above its fenced block"),
        ("file=x.sql", "```\nx", "never closed"),
    ],
)
def test_a_marker_gone_wrong_is_an_error(marker: str, block: str, message: str) -> None:
    with pytest.raises(ExampleError, match=message):
        read_examples(f"<!-- example: add-a-thing {marker} -->\n{block}\n")


@pytest.mark.parametrize(
    ("mode", "anchor", "content", "message"),
    [
        ("create", None, "already", "is there already"),
        ("append", None, None, "there is no"),
        ("list_append", "b", "a\n", "0 lines"),
        ("list_append", "a", "a\na\n", "2 lines"),
    ],
)
def test_an_example_that_does_not_fit_the_project_is_an_error(
    tmp_path: Path, mode: str, anchor: str | None, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "x").write_text(content)

    with pytest.raises(ExampleError, match=message):
        apply(Example("add-a-thing", "x", mode, anchor, "new\n", 1), tmp_path)


def test_a_copy_of_the_project_is_whole_and_its_own(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for folder in ("orchestration/__pycache__", "dbt_project/target", "seeds"):
        (project / folder).mkdir(parents=True)
        (project / folder / "file").write_text("x")
    (project / "pyproject.toml").write_text("x")

    copy = copy_project(project, tmp_path / "copy")

    assert {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()} == {
        "seeds/file",
        "pyproject.toml",
    }
