"""The reader of papers: all finders in order, their spans without overlap, then a type and a role for each."""

import re
from collections.abc import Iterable, Iterator, Sequence

from kgraph.knowledge import Knowledge
from kgraph.lexicon import Known, normalise
from kgraph.model import Mention, Paper, Reading
from kgraph.patterns import Cue
from kgraph.reading.abbreviations import Definition, find_definitions
from kgraph.reading.heads import Told, head_type, told_by_context
from kgraph.reading.lookup import NameFinder
from kgraph.reading.model_names import ModelGrammar, members
from kgraph.reading.names import announced_names, occurrences, shaped_names, title_names
from kgraph.reading.nlp import Phrases, has_name_shape, make_nlp
from kgraph.reading.roles import CueHit, roles
from kgraph.reading.sentences import sentence_at, sentences
from kgraph.reading.spans import Span, longest
from kgraph.reading.urls import find_urls

_COORDINATION = re.compile(r"[\s\"'”“)]*(?:,|,?\s*(?:and|or|&)|/)[\s\"'“]*(?:the )?")
_LOWER_WORDS = re.compile(r"[a-z0-9]+")


class Reader:
    """Reads papers one by one; what it finds in one paper never depends on another."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._lexicon, self._patterns = knowledge.lexicon, knowledge.patterns
        self._nlp = make_nlp()
        self._name_flag = self._nlp.vocab.add_flag(has_name_shape)
        self._names = NameFinder(self._lexicon.rows)
        values: list[tuple[str, Cue | None]] = [(phrase, cue) for cue in self._patterns.cues for phrase in cue.phrases]
        values += [(word, None) for word in sorted(self._patterns.called)]
        self._phrases = Phrases(self._nlp, values)
        models = (row for row in self._lexicon.rows if row.type == self._patterns.model_type)
        self._grammar = ModelGrammar(models, self._patterns)

    def read(self, papers: Iterable[Paper]) -> Iterator[Reading]:
        """A reading of each paper, in order: mentions sorted by place, and the paper's own short forms."""
        return map(self.read_paper, papers)

    def read_paper(self, paper: Paper) -> Reading:
        """The reading of one paper."""
        text = paper.text
        ranges = sentences(text)
        doc = self._nlp.make_doc(text)
        known = [Span(start, end, row.type, row.name, "lexicon") for start, end, row in self._names.find(text)]
        found = sorted(self._phrases.find(doc), key=lambda hit: hit[:2])
        cues = [CueHit(start, end, cue) for start, end, cue in found if cue]
        announcements = [end for _, end, cue in found if not cue]
        definitions = find_definitions(text, ranges)
        urls = [Span(start, end, self._patterns.url_type, url, "url") for start, end, url in find_urls(text)]
        own = self._own_names(paper, definitions, announcements)
        shaped = list(shaped_names(text, doc, self._name_flag, self._patterns.suffixes))
        spans = longest([*urls, *own, *self._grammar.extend(text, [*known, *shaped])])
        spans = [span for span in spans if span.type or not self._is_ignored(span.name)]
        typed = self._typed(paper, spans, ranges, cues)
        role_of = roles(text, typed, cues, ranges)
        mentions = tuple(
            self._mention(text, span, name, ranges, role_of.get(span))
            for span in typed
            for name in (members(span.name) if span.rule == "model-name" else [span.name])
        )
        short_forms = tuple((text[slice(*d.short)], text[slice(*d.long)]) for d in definitions)
        return Reading(paper, mentions, tuple(dict.fromkeys(short_forms)))

    def _own_names(self, paper: Paper, definitions: Sequence[Definition], announcements: list[int]) -> Iterator[Span]:
        """Every occurrence of the names that the paper itself defines: in its title, in parentheses, behind "called"."""
        text = paper.text
        forms: dict[str, tuple[str, str, str]] = {}
        for start, end in title_names(paper.title, paper.abstract):
            forms.setdefault(text[start:end], ("", text[start:end], "title-colon"))
        for definition in definitions:
            short, long = text[slice(*definition.short)], text[slice(*definition.long)]
            row = self._row_of(short, long)
            cls, name = (row.type, row.name) if row else (head_type(long, self._patterns.heads), short)
            for form in (short, long):
                forms[form] = (cls, name, "short-form")
        for start, end in announced_names(text, announcements):
            forms.setdefault(text[start:end], ("", text[start:end], "called"))
        for form, (cls, name, rule) in forms.items():
            if not self._is_ignored(form) and not self._is_ignored(name):
                yield from (Span(start, end, cls, name, rule) for start, end in occurrences(text, form))

    def _row_of(self, short: str, long: str) -> Known | None:
        """The known thing that a long form names, or that its short form names with nearly the same long form."""
        rows = self._lexicon.by_key.get(normalise(long), ())
        if rows:
            return rows[0]
        stems = {word[:4] for word in _LOWER_WORDS.findall(long.lower())}
        for row in self._lexicon.by_key.get(normalise(short), ()):
            for form in row.forms:
                other = {word[:4] for word in _LOWER_WORDS.findall(form.lower())}
                if len(other) > 1 and 2 * len(stems & other) >= max(len(stems), len(other)):
                    return row
        return None

    def _is_ignored(self, name: str) -> bool:
        ignored = self._lexicon.ignored
        return name in ignored or name.lower() in ignored

    def _typed(self, paper: Paper, spans: list[Span], ranges: list[tuple[int, int]], cues: Sequence[CueHit]) -> list[Span]:
        """The spans with a type each: from the words around, from a neighbour in a list, from a cue, or the default."""
        text, patterns = paper.text, self._patterns
        told: list[Told] = []
        for span in spans:
            begin, stop = sentence_at(ranges, span.start)
            before, after = text[begin : span.start], text[span.end : max(stop, span.end)]
            in_title = span.end <= len(paper.title)
            told.append(
                Told(span.type, span.rule)
                if span.type
                else told_by_context(before, after, in_title, patterns.called, patterns.heads)
            )
        for order in (range(1, len(spans)), range(len(spans) - 2, -1, -1)):
            step = 1 if order.step < 0 else -1
            for index in order:
                left, right = sorted((index, index + step))
                if not told[index].type and _COORDINATION.fullmatch(text, spans[left].end, spans[right].start):
                    told[index] = Told(told[index + step].type, spans[index].rule)
        role_of = roles(text, spans, cues, ranges)
        typed = []
        for span, (cls, rule) in zip(spans, told, strict=True):
            by_role = patterns.role_types.get(role_of[span].cue.role) if span in role_of else None
            typed.append(span._replace(type=cls or by_role or patterns.default_type, rule=self._rule(span, rule)))
        return typed

    def _rule(self, span: Span, told: str) -> str:
        """The rule that is surer: the one that found the span or the one that told its type."""
        confidence = self._patterns.confidence
        return max((span.rule, told or span.rule), key=lambda rule: confidence[rule])

    def _mention(self, text: str, span: Span, name: str, ranges: list[tuple[int, int]], hit: CueHit | None) -> Mention:
        return Mention(
            start=span.start,
            end=span.end,
            text=text[span.start : span.end],
            type=span.type,
            name=name,
            rule=span.rule,
            confidence=self._patterns.confidence[span.rule],
            sentence=sentence_at(ranges, span.start),
            role=hit.cue.role if hit else "",
            cue=hit.cue.rule if hit else "",
        )
