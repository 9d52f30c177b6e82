"""Any number of varied abstracts, made from those of the seeds, so that figures at size can be reproduced without other data.

python tests/benchmarks/make_corpus.py 100000 corpus.jsonl

Each has the title and the first sentences of one seed and further sentences of others. Known names stay as they are; the names
that papers give to their own things are replaced by made-up ones, so that names grow with papers, as they do in life: each is
used by three papers or so. The same number gives the same bytes, and the first papers of a longer corpus are the shorter one.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from kgraph.knowledge import load_knowledge
from kgraph.lexicon import normalise
from kgraph.pipeline import papers_of
from kgraph.reading.sentences import sentences

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_NAME = re.compile(r"\b(?=[\w-]*[A-Z][\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z][\w-]{3,}\b")
_HEADS = ("Neuro", "Meta", "Lo", "Trans", "Graph", "Opt", "Flux", "Cor", "Vari", "Hyper", "Sym", "Tri", "Auto", "Deep", "Re")
_TAILS = ("Net", "Former", "Bench", "QA", "RL", "GPT", "Eval", "Flow", "Mix", "Agent", "Prompt", "LM", "Diff", "CLIP", "KG")
_SYLLABLES = tuple(first + vowel for first in "bcdfgklmnprstvz" for vowel in "aeiou")


def corpus(number: int) -> Iterator[dict[str, object]]:
    """So many records with id, title, abstract and date."""
    seeds, known = papers_of([SEEDS]), load_knowledge().lexicon.by_key
    pieces = [[paper.text[start:end] for start, end in sentences(paper.text)] for paper in seeds if paper.abstract]
    own = [sorted({name for name in _NAME.findall(" ".join(piece)) if normalise(name) not in known}) for piece in pieces]
    for index in range(number):
        chance = random.Random(index)
        which = chance.randrange(len(pieces))
        title, *said = pieces[which]
        said = [*said[: chance.randint(2, 5)], *(chance.choice(chance.choice(pieces)[1:] or [title]) for _ in range(4))]
        for name in own[which]:
            new = made_up(chance, index)
            title, said = title.replace(name, new), [sentence.replace(name, new) for sentence in said]
        month, day = divmod(index, 90_000)
        date = f"{2000 + month // 12:04}-{month % 12 + 1:02}-{day % 28 + 1:02}"
        yield {
            "id": f"arxiv:{date[2:4]}{date[5:7]}.{day + 10_000}",
            "title": f"{title} by {made_up(chance, index)} {chance.choice(_SYLLABLES)}{chance.choice(_SYLLABLES)}",
            "abstract": " ".join(said),
            "date": date,
        }


def made_up(chance: random.Random, index: int) -> str:
    """A name, one of a third as many as there are papers so far; old ones come more often."""
    choice = random.Random(int((index + 30) / 3 * chance.random() ** 2))
    return choice.choice(_HEADS) + "".join(choice.choices(_SYLLABLES, k=2)) + choice.choice(_TAILS)


def write(number: int, path: Path) -> Path:
    """The corpus as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in corpus(number):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=int)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    write(given.papers, given.file)
