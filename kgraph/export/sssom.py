"""The user's decisions as a mapping set of the Simple Standard for Sharing Ontological Mappings (https://w3id.org/sssom).

What was merged is a mapping, what was set apart one that is said not to hold. Decisions on names and types are no mappings; they
stay in the curation file.
"""

import csv
import io
from collections.abc import Iterator

from kgraph.curation import apart_id, names_a_node
from kgraph.export.characters import cell
from kgraph.model import Graph
from kgraph.ontology import Ontology

_COLUMNS = [
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "comment"),
]
_MODIFIER = {"merge": "", "never-merge": "Not", "split": "Not"}
_SEMAPV = "https://w3id.org/semapv/vocab/"


def sssom(graph: Graph, ontology: Ontology) -> bytes:
    """The mapping set as TSV behind its metadata, sorted."""
    output = io.StringIO()
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
    for decision in graph.decisions:
        if decision.action in _MODIFIER:
            is_node = decision.action == "merge" or names_a_node(decision.object, ontology)
            other = decision.object if is_node and decision.action != "split" else apart_id(decision)
            yield (
                *(f"kgid:{decision.subject}", names.get(decision.subject, "")),
                *("skos:exactMatch", _MODIFIER[decision.action]),
                *(f"kgid:{other}", names.get(other, "")),
                *("semapv:ManualMappingCuration", decision.reason),
            )
