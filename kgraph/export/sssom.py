"""The user's decisions as a mapping set of the Simple Standard for Sharing Ontological Mappings (https://w3id.org/sssom).

What was merged is a mapping, what was set apart one that is said not to hold. Decisions on names and types are no mappings; they
stay in the curation file.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from kgraph.curation import apart_id
from kgraph.decisions import type_of
from kgraph.export.text import cell
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import APART, Ontology, slug

_COLUMNS = [
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "comment"),
]
_MODIFIER = {"merge": "", "never-merge": "Not", "split": "Not"}
_SEMAPV = "https://w3id.org/semapv/vocab/"


def sssom(graph: Graph, knowledge: Knowledge) -> bytes:
    """The mapping set as TSV behind its metadata, sorted."""
    output, ontology = io.StringIO(), knowledge.ontology
    output.write("#curie_map:\n")
    for prefix, namespace in (("kgid", ontology.iri("")), ("semapv", _SEMAPV), ("skos", ontology.prefixes["skos"])):
        output.write(f"#  {prefix}: {namespace}\n")
    output.write(f"#mapping_set_id: {ontology.iri('curation')}\n")
    output.write("#license: https://creativecommons.org/publicdomain/zero/1.0/\n")
    rows = csv.writer(output, delimiter="\t", lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows([cell(text) for text in row] for row in _mappings(graph, ontology))
    return output.getvalue().encode("utf-8")


def _mappings(graph: Graph, ontology: Ontology) -> Iterator[tuple[str, ...]]:
    names = {entity.id: entity.name for entity in graph.entities}
    touched: dict[str, list[str]] = {}
    for entity in graph.entities:
        for note in entity.notes:
            touched.setdefault(note, []).extend(entity.aliases)
    for decision in graph.decisions:
        if decision.action in _MODIFIER:
            is_node = decision.action == "merge" or type_of(decision.object, ontology)
            other = decision.object if is_node and decision.action != "split" else apart_id(decision)
            forms = touched.get(decision.note, [])
            yield (
                *(f"kgid:{decision.subject}", names.get(decision.subject) or _label(decision.subject, forms)),
                *("skos:exactMatch", _MODIFIER[decision.action]),
                *(f"kgid:{other}", names.get(other) or _label(other, forms)),
                *("semapv:ManualMappingCuration", decision.reason),
            )


def _label(node: str, forms: Iterable[str]) -> str:
    """The name of a node that is none any more: of the forms of what became of it the one that makes its id, "" if none does."""
    plain = node.partition("/")[2].partition(APART)[0]
    return min((form for form in forms if slug(form) == plain), default="")
