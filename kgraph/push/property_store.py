"""Graph → Neo4j and what speaks its protocol, by the official driver: nodes and relationships are merged in batches."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from kgraph.errors import DataError, SetupError
from kgraph.export.neo4j import CONSTRAINT, Properties
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.push.addresses import refuse_secrets

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def push(graph: Graph, endpoint: str, knowledge: Knowledge, database: str = "") -> Iterator[tuple[int, int]]:
    """Merge nodes by id and statements by ends and relation, and say after each batch how many are done and of how many.

    What is there already gets the graph's properties; nothing is taken out, and nodes of others are not touched.

    Raises:
        DataError: the server cannot be reached or refuses.
        SetupError: the driver is not installed.
    """
    try:
        import neo4j
    except ImportError as error:
        raise SetupError("bolt:// needs Neo4j's driver; install it with: pip install 'kgraph[neo4j]'") from error
    refuse_secrets(endpoint)
    found = Properties(graph, knowledge)
    total = sum(map(len, found.nodes.values())) + sum(map(len, found.links.values()))
    done = 0
    try:
        with neo4j.GraphDatabase.driver(endpoint, auth=_known(endpoint)) as driver:
            driver.verify_connectivity()
            driver.execute_query(CONSTRAINT, database_=database or None)
            yield 0, total
            for text, rows in found.statements():
                driver.execute_query(text, {"rows": rows}, database_=database or None)
                done += len(rows)
                yield done, total
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, neo4j.exceptions.ConfigurationError) as error:
        said = getattr(error, "message", None) or str(error) or type(error).__name__
        raise DataError(endpoint, None, f"answers: {' '.join(said.split())}; the same command may be given again") from error


def _known(endpoint: str) -> tuple[str, str] | None:
    """The name and password for a server: of the environment, else of ~/.netrc, None if neither has one."""
    import netrc

    if name := os.environ.get("NEO4J_USERNAME"):
        return name, os.environ.get("NEO4J_PASSWORD", "")
    try:
        found = netrc.netrc(os.environ.get("NETRC") or None).authenticators(urlsplit(endpoint).hostname or "")
    except (OSError, netrc.NetrcParseError):
        return None
    return (found[0], found[2] or "") if found else None
