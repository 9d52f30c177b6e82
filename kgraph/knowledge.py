"""Everything that stands in `ontology/`, read once and handed to the stages that need it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kgraph.errors import SetupError
from kgraph.lexicon import Lexicon, read_lexicon
from kgraph.ontology import BASE, Ontology, load_ontology
from kgraph.pattern_files import read_patterns
from kgraph.patterns import Patterns


@dataclass(frozen=True)
class Knowledge:
    """What may be said, what is known and how it is phrased, each read from the folder when it is first asked for.

    Raises:
        DataError: a file of the folder is wrong.
        OntologyError: the ontology is no Turtle.
    """

    folder: Path
    base: str = BASE

    def __reduce__(self) -> tuple[Callable[..., "Knowledge"], tuple[Path | None, str]]:
        own = None if self.folder == knowledge_folder() else self.folder
        return load_knowledge, (own, self.base)  # another process reads it for itself, from where it is installed there

    @cached_property
    def ontology(self) -> Ontology:
        """What may be said."""
        return load_ontology(self.folder / "kgraph.ttl", self.base)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What is known."""
        return read_lexicon(self.folder / "lexicon", {cls: self.ontology.kinds[cls] for cls in self.ontology.things})

    @cached_property
    def patterns(self) -> Patterns:
        """How it is phrased."""
        return read_patterns(self.folder / "patterns")


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


def load_knowledge(folder: Path | None = None, base: str = BASE) -> Knowledge:
    """The knowledge of a folder laid out like `ontology/`, by default the one installed."""
    return Knowledge(folder or knowledge_folder(), base)
