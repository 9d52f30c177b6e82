"""What the service says of itself: its description (SPARQL 1.1) and what its graph holds (VoID)."""

from typing import TYPE_CHECKING, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.query.running import values

if TYPE_CHECKING:
    import pyoxigraph as ox

_SD, _VOID = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_SAID = "?e rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o MINUS { ?s kg:hasResult ?o }"
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


class Held(NamedTuple):
    """What a graph holds: an example of its nodes, how many nodes and statements, numbers by VoID property, and by class."""

    example: str
    size: tuple[int, int]
    numbers: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, str], ...]


def describe(held: Held, knowledge: Knowledge, origin: str, tag: str) -> bytes:
    """Both descriptions as N-Triples, the endpoint at `origin` (`http://127.0.0.1:7878`)."""
    service, data = f"<{origin}/sparql#service>", f"<{origin}/.well-known/void#graph>"
    a, things = f"<{knowledge.ontology.term('rdf:type')}>", knowledge.ontology.iri("")
    dcterms = knowledge.ontology.prefixes["dcterms"]
    lines = [
        f"{service} {a} <{_SD}Service>",
        f"{service} <{_SD}endpoint> <{origin}/sparql>",
        f"{service} <{_SD}supportedLanguage> <{_SD}SPARQL11Query>",
        *(f"{service} <{_SD}resultFormat> <{_FORMATS}{form}>" for form in (*_RESULTS, *_GRAPHS)),
        f"{service} <{_SD}defaultDataset> <{origin}/sparql#dataset>",
        f"<{origin}/sparql#dataset> {a} <{_SD}Dataset>",
        f"<{origin}/sparql#dataset> <{_SD}defaultGraph> {data}",
        f"{data} {a} <{_SD}Graph>",
        f"{data} {a} <{_VOID}Dataset>",
        f'{data} <{dcterms}title> "A knowledge graph of machine-learning papers"',
        f'{data} <{dcterms}identifier> "{tag}"',
        f"{data} <{_VOID}sparqlEndpoint> <{origin}/sparql>",
        f'{data} <{_VOID}uriSpace> "{things}"',
        f"{data} <{_VOID}vocabulary> <{knowledge.ontology.term('').rstrip('#')}>",
        f"{data} <{_VOID}exampleResource> <{held.example}>",
        *_counts(held, knowledge, data),
    ]
    return "".join(f"{line} .\n" for line in lines).encode()


def _counts(held: Held, knowledge: Knowledge, data: str) -> list[str]:
    integer = f"<{knowledge.ontology.term('xsd:integer')}>"
    lines = [f'{data} <{_VOID}{name}> "{number}"^^{integer}' for name, number in held.numbers]
    for index, (cls, number) in enumerate(held.classes, 1):
        part = data.replace("#graph", f"#class{index}")
        lines.append(f"{data} <{_VOID}classPartition> {part}")
        lines.append(f"{part} <{_VOID}class> <{cls}>")
        lines.append(f'{part} <{_VOID}entities> "{number}"^^{integer}')
    return lines


def held_by(store: "ox.Store", knowledge: Knowledge) -> Held:
    """What a store holds."""
    counts = {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    }
    by_class = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c ORDER BY ?c"
    nodes = "SELECT (COUNT(DISTINCT ?thing) AS ?n) { ?thing rdfs:label [] }"
    said = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {_SAID} }} }}"
    example = values(store, "SELECT ?thing { ?thing skos:prefLabel ?name } ORDER BY ?thing LIMIT 1", knowledge)
    return Held(
        example[0][0] if example else knowledge.ontology.iri(""),
        (int(values(store, nodes, knowledge)[0][0]), int(values(store, said, knowledge)[0][0])),
        tuple((name, values(store, text, knowledge)[0][0]) for name, text in counts.items()),
        tuple((cls, number) for cls, number in values(store, by_class, knowledge)),
    )
