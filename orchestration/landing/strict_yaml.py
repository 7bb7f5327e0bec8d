"""YAML written by hand and read strictly: nothing is lost in it, and nothing in it explodes."""

from collections.abc import Hashable
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

_DEEPEST = 40
_MOST_VALUES = 20_000
_MERGE = "tag:yaml.org,2002:merge"


class BadYaml(ValueError):
    """A text that is no YAML, or unfolds too far; the message says what and where."""


def load(text: str) -> Any:
    """Read one YAML document. Raises BadYaml."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        words = ", ".join(part for part in (error.context, error.problem) if part)
        raise BadYaml(f"{words}{place}") from error
    except (yaml.YAMLError, ValueError) as error:  # what looks like a date, and is none
        raise BadYaml(" ".join(str(error).split())) from error


class _StrictLoader(yaml.SafeLoader):
    """A key written twice is an error, not a silent loss of the first; anchors stay small."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def get_single_node(self) -> yaml.Node | None:
        """The document; raises ComposerError where its anchors unfold without measure."""
        node = super().get_single_node()
        if node is not None:
            _unfolded(node, {}, set())
        return node

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One node; raises ComposerError where it lies too deep."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ComposerError(None, None, f"nests deeper than {_DEEPEST} levels")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """A scalar; raises ConstructorError for text that no file or statement can hold."""
        text = super().construct_scalar(node)
        if isinstance(text, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
            raise ConstructorError(
                None, None, "holds a NUL or half a surrogate pair", node.start_mark
            )
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping without repeated keys; raises ConstructorError for one with them."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise ConstructorError(None, None, "a key is a list", key_node.start_mark)
            if key in seen:
                problem = f"key {key!r} is written twice"
                raise ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _unfolded(node: yaml.Node, known: dict[int, int], open_nodes: set[int]) -> int:
    """How many values a node holds once its anchors are written out."""
    if id(node) in open_nodes:
        raise ComposerError(None, None, "an anchor holds itself", node.start_mark)
    if id(node) not in known:
        open_nodes.add(id(node))
        known[id(node)] = 1 + sum(_unfolded(c, known, open_nodes) for c in _children(node))
        open_nodes.remove(id(node))
    if known[id(node)] > _MOST_VALUES:
        problem = f"unfolds to more than {_MOST_VALUES:,} values"
        raise ComposerError(None, None, problem, node.start_mark)
    return known[id(node)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
