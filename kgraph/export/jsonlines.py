"""A reading as a JSON line, the shape that other programs rely on."""

import json
from typing import Any

from kgraph.export.characters import INSTEAD, LONE
from kgraph.linking import combined
from kgraph.model import Entity, Evidence, Mention, Reading, Result
from kgraph.ontology import Ontology


def reading_record(reading: Reading, ontology: Ontology) -> dict[str, Any]:
    """A linked reading as plain dictionaries and lists; all offsets are code points into `text`, ends exclusive."""
    paper = reading.paper
    named = {entity.id: entity.name for entity in reading.entities}
    role_of = {c.tail: ontology.relations[c.relation].role for c in reading.claims if c.head == paper.id}
    mentions: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        mentions.setdefault(mention.entity, []).append(mention)
    return {
        "id": paper.id,
        "title": paper.title,
        "text": paper.text,
        "sources": [{"file": listing.file, "line": listing.line} for listing in paper.listings],
        "entities": [_entity(e, role_of[e.id], mentions[e.id]) for e in reading.entities if e.id in role_of],
        "relations": [
            {"head": named[head], "rel": relation, "tail": named[tail], **_where(evidence)}
            for (head, relation, tail), evidence in _relations(reading).items()
        ],
        "results": [_result(result, named) for result in reading.results],
    }


def _relations(reading: Reading) -> dict[tuple[str, str, str], Evidence]:
    """The statements between things, each with its surest evidence."""
    claims = [claim for claim in reading.claims if claim.head != reading.paper.id]
    surest = sorted(claims, key=lambda claim: (claim.evidence.confidence, -claim.evidence.start))
    return dict(sorted({(claim.head, claim.relation, claim.tail): claim.evidence for claim in surest}.items()))


def _entity(entity: Entity, role: str, mentions: list[Mention]) -> dict[str, Any]:
    return {
        "id": entity.id,
        "type": entity.type,
        "name": entity.name,
        "role": role,
        "confidence": round(combined(mention.confidence for mention in mentions), 4),
        "mentions": [{"text": m.text, "start": m.start, "end": m.end, "rule": m.rule} for m in mentions],
    }


def _result(result: Result, named: dict[str, str]) -> dict[str, Any]:
    return {
        "subject": named[result.subject],
        "benchmark": named.get(result.benchmark, ""),
        "metric": named.get(result.metric, ""),
        "value": result.value,
        "kind": result.kind,
        "sentence": [result.evidence.start, result.evidence.end],
    }


def json_line(reading: Reading, ontology: Ontology) -> str:
    """The record on one line, keys in a fixed order, without a line end."""
    line = json.dumps(reading_record(reading, ontology), ensure_ascii=False, separators=(", ", ": "))
    return line if line.isascii() else LONE.sub(INSTEAD, line)


def _where(evidence: Evidence) -> dict[str, Any]:
    return {"sentence": [evidence.start, evidence.end], "rule": evidence.rule}
