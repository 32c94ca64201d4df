"""Reads YAML with libyaml where it can: twenty times as fast as a parser in Python, with the same nodes.

Definitions are thousands of lines long and are read at every command. libyaml (through PyYAML) knows the older YAML
1.1, in which "no" and "on" are truth values; the resolvers of YAML 1.2 are put in their place. It is used for files
without errors only: what it refuses is read again by the other parser, whose messages are better.
"""

from __future__ import annotations

from typing import Any

import yaml
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import implicit_resolvers

try:
    from yaml.cyaml import CParser  # pyright: ignore[reportAttributeAccessIssue]
except ImportError:  # PyYAML built without libyaml
    CParser = None

_VERSION = (1, 2)


class _Resolver(yaml.resolver.BaseResolver):
    """Which plain scalars are numbers, truth values, dates or nothing in YAML 1.2."""


for _versions, _tag, _pattern, _first in implicit_resolvers:
    if _VERSION in _versions:
        _Resolver.add_implicit_resolver(_tag, _pattern, _first)


def compose(text: str) -> Node | None:
    """The document's node tree as ruamel.yaml makes it; None when libyaml is absent, refuses the text, or finds
    nothing in it."""
    if CParser is None:
        return None

    class Composer(CParser, _Resolver):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            CParser.__init__(self, text)  # pyright: ignore[reportCallIssue]
            _Resolver.__init__(self)

    try:
        found = Composer().get_single_node()
    except (yaml.YAMLError, ValueError):
        return None
    return None if found is None else _same(found, {})


def _same(node: Any, made: dict[int, Node]) -> Node:
    """The node in the classes of ruamel.yaml; an alias stays the very node it names."""
    known = made.get(id(node))
    if known is not None:
        return known
    marks = node.start_mark, node.end_mark
    if isinstance(node, yaml.ScalarNode):
        scalar = ScalarNode(node.tag, node.value, *marks, style=node.style)
        made[id(node)] = scalar
        return scalar
    if isinstance(node, yaml.SequenceNode):
        listed = SequenceNode(node.tag, [], *marks, flow_style=node.flow_style)
        made[id(node)] = listed
        listed.value.extend(_same(child, made) for child in node.value)
        return listed
    mapped = MappingNode(node.tag, [], *marks, flow_style=node.flow_style)
    made[id(node)] = mapped
    mapped.value.extend((_same(key, made), _same(value, made)) for key, value in node.value)
    return mapped
