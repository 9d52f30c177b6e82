"""A reading as a JSON line, the shape that other programs rely on."""

import json
from typing import Any

from kgraph.model import Evidence, Reading
from kgraph.ontology import Ontology


def reading_record(reading: Reading, ontology: Ontology) -> dict[str, Any]:
    """A linked reading as plain dictionaries and lists; all offsets are code points into `text`, ends exclusive."""
    paper = reading.paper
    named = {entity.id: entity.name for entity in reading.entities}
    about = {claim.tail: claim for claim in reading.claims if claim.head == paper.id}
    return {
        "id": paper.id,
        "title": paper.title,
        "text": paper.text,
        "sources": [{"file": listing.file, "line": listing.line} for listing in paper.listings],
        "entities": [
            {
                "id": entity.id,
                "type": entity.type,
                "name": entity.name,
                "role": ontology.relations[about[entity.id].relation].role,
                "confidence": max(m.confidence for m in reading.mentions if m.entity == entity.id),
                "mentions": [
                    {"text": m.text, "start": m.start, "end": m.end, "rule": m.rule}
                    for m in reading.mentions
                    if m.entity == entity.id
                ],
            }
            for entity in reading.entities
            if entity.id in about
        ],
        "relations": [
            {"head": named[claim.head], "rel": claim.relation, "tail": named[claim.tail], **_where(claim.evidence)}
            for claim in reading.claims
            if claim.head != paper.id
        ],
        "results": [
            {
                "subject": result.subject,
                "benchmark": result.benchmark,
                "metric": result.metric,
                "value": result.value,
                "kind": result.kind,
                "sentence": [result.evidence.start, result.evidence.end],
            }
            for result in reading.results
        ],
    }


def json_line(reading: Reading, ontology: Ontology) -> str:
    """The record on one line, keys in a fixed order, without a line end."""
    return json.dumps(reading_record(reading, ontology), ensure_ascii=False, separators=(", ", ": "))


def _where(evidence: Evidence) -> dict[str, Any]:
    return {"sentence": [evidence.start, evidence.end], "rule": evidence.rule}
