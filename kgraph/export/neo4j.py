"""The graph for Neo4j: a folder of CSV files for `neo4j-admin database import` and of Cypher for a server that runs.

Every node has the label `Kgraph`, by which its id is unique, and that of its class; a statement is a relationship.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from kgraph.export.property_graph import property_graph
from kgraph.export.text import xml_scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

LABEL = "Kgraph"
"""The label of all nodes, so that those of others in the same database are left alone."""
CONSTRAINT = f"CREATE CONSTRAINT kgraph_id IF NOT EXISTS FOR (n:{LABEL}) REQUIRE n.id IS UNIQUE"
BATCH = 500
_HOW = """// What kgraph knows, for a Neo4j server that runs: cypher-shell --file load.cypher
// It can be loaded again: a node is found by its id, a statement by its ends and its relation.
// For a new database, offline: neo4j-admin database import full --id-type=string --multiline-fields=true \\
//   --nodes=nodes.csv --relationships=relationships.csv neo4j
"""
_NODES: Mapping[str, str] = {
    "id": "id:ID",
    "name": "name",
    "aliases": "aliases:string[]",
    "iri": "iri",
    "date": "date",
    "papers": "papers:int",
    "degree": "degree:int",
    "pagerank": "pagerank:double",
    "community": "community:int",
    "colour": "colour",
}
_LINKS: Mapping[str, str] = {
    "support": "support:int",
    "belief": "belief:double",
    "confidence": "confidence:double",
    "date": "date",
    "paper": "paper",
    "sentence": "sentence",
    "rule": "rule",
}
_IN_ARRAYS = str.maketrans({";": ","})  # what stands between the values of an array


class Properties:
    """Nodes by class and statements by relation, each with its properties as a server takes them."""

    def __init__(self, graph: Graph, knowledge: Knowledge) -> None:
        view = property_graph(graph, knowledge)
        aliases = {entity.id: entity.aliases for entity in graph.entities}
        nodes = sorted((data["type"], node, data) for node, data in view.nodes(data=True))
        self.nodes: dict[str, list[dict[str, Any]]] = {
            cls: [self._node(node, data, aliases.get(node, ())) for _, node, data in found]
            for cls, found in groupby(nodes, key=lambda one: one[0])
        }
        edges = sorted(view.edges(keys=True, data=True), key=lambda edge: (edge[2], edge[0], edge[1]))
        self.links: dict[str, list[dict[str, Any]]] = {
            relation: [
                {"head": head, "tail": tail, "properties": {name: _plain(data[name]) for name in _LINKS}}
                for head, tail, _, data in found
            ]
            for relation, found in groupby(edges, key=lambda edge: edge[2])
        }

    @staticmethod
    def _node(node: str, data: Mapping[str, Any], aliases: Sequence[str]) -> dict[str, Any]:
        known = {**data, "name": data["label"], "aliases": [_plain(alias) for alias in aliases]}
        return {"id": node, "properties": {name: _plain(known[name]) for name in _NODES if name != "id"}}

    def statements(self) -> Iterator[tuple[str, Sequence[dict[str, Any]]]]:
        """Cypher with the rows that each statement takes as `rows`, in the order in which they are to run."""
        for cls, nodes in self.nodes.items():
            for rows in _batches(nodes):
                yield f"UNWIND $rows AS row MERGE (n:{LABEL} {{id: row.id}}) SET n += row.properties SET n:{_word(cls)}", rows
        for relation, links in self.links.items():
            ends = f"MATCH (a:{LABEL} {{id: row.head}}) MATCH (b:{LABEL} {{id: row.tail}})"
            for rows in _batches(links):
                yield f"UNWIND $rows AS row {ends} MERGE (a)-[r:{_word(relation)}]->(b) SET r += row.properties", rows


def neo4j(graph: Graph, knowledge: Knowledge) -> Mapping[str, bytes]:
    """The three files; control characters become U+FFFD, carriage returns line feeds, a semicolon in an alias in CSV a comma."""
    found = Properties(graph, knowledge)
    nodes = [
        [one["id"], *(_csv_value(one["properties"][name]) for name in _NODES if name != "id"), f"{LABEL};{cls}"]
        for cls, rows in found.nodes.items()
        for one in rows
    ]
    links = [
        [one["head"], one["tail"], relation, *(one["properties"][name] for name in _LINKS)]
        for relation, rows in found.links.items()
        for one in rows
    ]
    return {
        "nodes.csv": _csv([[*_NODES.values(), ":LABEL"], *nodes]),
        "relationships.csv": _csv([[":START_ID", ":END_ID", ":TYPE", *_LINKS.values()], *links]),
        "load.cypher": "".join(_script(found)).encode("utf-8"),
    }


def _batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    return (rows[first : first + BATCH] for first in range(0, len(rows), BATCH))


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue().encode("utf-8")


def _csv_value(value: Any) -> Any:
    return ";".join(one.translate(_IN_ARRAYS) for one in value) if isinstance(value, list) else value


def _script(found: Properties) -> Iterator[str]:
    yield f"{_HOW}{CONSTRAINT};\n"
    for text, rows in found.statements():
        literal = ",\n".join(_literal(row) for row in rows)
        yield f"{text.replace('$rows', f'[{chr(10)}{literal}{chr(10)}]', 1)};\n"


def _literal(value: Any) -> str:
    r"""A value as Cypher has it. A backslash is never followed by a u in the text, for that may be read before the quotes are.

    >>> _literal({"a": ["x", 1]}), _literal("\\user")
    ('{a: ["x", 1]}', '"\\\\" + "user"')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\\\\u", '\\\\" + "u')


def _word(name: str) -> str:
    """A label or a type as Cypher has it."""
    return "`" + name.replace("`", "``") + "`"


def _plain(value: Any) -> Any:
    return xml_scalar(value) if isinstance(value, str) else value
