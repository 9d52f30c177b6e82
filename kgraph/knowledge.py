"""Everything that stands in `ontology/`, loaded once and handed to the stages that need it."""

from dataclasses import dataclass, field
from pathlib import Path

from kgraph.errors import SetupError
from kgraph.lexicon import Lexicon, read_lexicon
from kgraph.ontology import BASE, Ontology, load_ontology
from kgraph.pattern_files import read_patterns
from kgraph.patterns import Patterns


@dataclass(frozen=True)
class Knowledge:
    """What may be said, what is known, how it is phrased, and the folder all of it came from."""

    ontology: Ontology = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    patterns: Patterns = field(repr=False)
    folder: Path


def knowledge_folder() -> Path:
    """The folder with the ontology's files: inside the installed package, or beside it in a checkout.

    Raises:
        SetupError: neither is there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "knowledge_files", package.parent / "ontology"):
        if (folder / "kgraph.ttl").exists():
            return folder
    raise SetupError(
        "The ontology's files are missing from this installation; reinstall with: pip install --force-reinstall kgraph"
    )


def installed_ontology() -> Ontology:
    """The ontology alone, as it came with the package."""
    return load_ontology(knowledge_folder() / "kgraph.ttl")


def load_knowledge(folder: Path | None = None, base: str = BASE) -> Knowledge:
    """Load ontology, lexicon and patterns from a folder laid out like `ontology/`, by default the one installed."""
    place = folder or knowledge_folder()
    ontology = load_ontology(place / "kgraph.ttl", base)
    lexicon = read_lexicon(place / "lexicon", {cls: ontology.kinds[cls] for cls in ontology.things})
    return Knowledge(ontology, lexicon, read_patterns(place / "patterns"), place)
