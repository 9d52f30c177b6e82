"""The reader of papers: all finders in order, their spans without overlap, then a type and a role for each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from kgraph.knowledge import Knowledge
from kgraph.model import Mention, Paper, Reading
from kgraph.ontology import INTRODUCED
from kgraph.patterns import COORDINATION
from kgraph.reading.abbreviations import Definition, ambiguous_shorts, find_definitions, spelled_out_elsewhere, without_markup
from kgraph.reading.editions import Editions
from kgraph.reading.heads import Told, name_ending, noun_behind, told_by_context, told_by_title
from kgraph.reading.lookup import NameFinder
from kgraph.reading.model_names import ModelGrammar, members
from kgraph.reading.names import capitalised_names, shaped_names
from kgraph.reading.nlp import LONGEST_NAME, has_name_shape, make_nlp
from kgraph.reading.own_names import OwnNames
from kgraph.reading.roles import CueHit, roles
from kgraph.reading.sentences import sentence_at, sentences
from kgraph.reading.signals import Found, Signals
from kgraph.reading.spans import Span, longest
from kgraph.reading.urls import find_urls
from kgraph.reading.variants import (
    as_verbs,
    other_names,
    proper,
    qualified,
    shared_heads,
    with_modifiers,
    with_nouns,
    with_short_forms,
    within,
    without_nouns,
)

_BY_SHAPE = frozenset({"name-shape", "capitalised"})
_OF_ANY_TYPE = frozenset({"short-form", "capitalised"})
_MOST_SPELLED_OUT = 500
"""How many names of one text are looked for spelt out, for each of which the text is searched."""


class Reader:
    """Reads papers one by one; what it finds in one paper never depends on another."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._lexicon, self._patterns = knowledge.lexicon, knowledge.patterns
        self._nlp = make_nlp()
        self._name_flag = self._nlp.vocab.add_flag(has_name_shape)
        self._names = NameFinder(self._lexicon.rows)
        self._signals = Signals(self._nlp, self._patterns)
        models = (row for row in self._lexicon.rows if row.type == self._patterns.model_type)
        self._grammar = ModelGrammar(models, self._patterns)
        self._editions = Editions(self._patterns)
        self._own = OwnNames(self._lexicon, self._patterns)

    def read(self, papers: Sequence[Paper]) -> Iterator[Reading]:
        """A reading of each paper, in order: mentions sorted by place, and the paper's own short forms.

        All are looked through for known names, then for cues, before the first is read: the name finder's tables then stay in the
        processor's cache, which makes it half as fast again with a hundred papers or more.
        """
        known = [list(self._names.find(paper.text)) for paper in papers]
        found = [self._signals.find(self._nlp.make_doc(paper.text), self._name_flag) for paper in papers]
        yield from map(self._reading, papers, known, found)

    def read_paper(self, paper: Paper) -> Reading:
        """The reading of one paper."""
        return next(self.read([paper]))

    def _reading(self, paper: Paper, found: list[Span], signals: Found) -> Reading:
        text = paper.text
        ranges = sentences(text)
        own = next((offset for offset in signals.own if offset > len(paper.title)), len(paper.title) + 2)
        turn = sentence_at(ranges, own)[0] if ranges else 0
        cues = [hit for hit in signals.cues if not hit.cue.is_background or hit.start < turn]
        special = self._qualified(text, longest(found))
        known = list(proper(text, special, len(paper.title), ranges, self._patterns.qualified_types))
        shaped = list(shaped_names(text, signals.shaped, self._lexicon, self._patterns))
        definitions = self._definitions(text, ranges, shaped)
        shaped += (span for span in capitalised_names(text, len(paper.title), len(text)) if self._is_headed(text, span))
        for hit in cues:
            if hit.cue.role == INTRODUCED:
                shaped += capitalised_names(text, hit.end, sentence_at(ranges, hit.start)[1])
        urls = [Span(start, end, self._patterns.url_type, url, "url") for start, end, url in find_urls(text)]
        named = self._own.find(paper, ranges, definitions, signals)
        going_on = self._editions.extend(text, self._grammar.extend(text, [*known, *shaped]), len(paper.title))
        spans = longest([*urls, *named, *going_on])
        nameless = self._own.nameless(text, definitions)
        spans = [span for span in spans if _is_short_enough(span) and text[span.start : span.end] not in nameless]
        spans = [span for span in spans if span.type or self._can_be_name(span)]
        typed = self._typed(paper, spans, ranges, cues)
        typed += shared_heads(text, typed, self._lexicon.by_key)
        wider = [*with_short_forms(text, typed, definitions), *with_modifiers(text, typed, ranges, self._own.grammar)]
        wider += within(text, typed, found)
        wider += with_nouns(text, [*typed, *wider], self._patterns.heads, self._patterns.vague_heads, self._own.grammar.function)
        wider += [*without_nouns(text, typed, self._patterns.heads), *as_verbs(text, typed, self._patterns.stems)]
        role_of = roles(text, typed, cues, ranges, self._was_before)
        names = Counter(span.name for span in typed)
        typed = [span for span in typed if self._is_sure(span, names, span in role_of, span.end <= len(paper.title))]
        sure = {span.name for span in typed}
        typed += (span for span in wider if span.name in sure)
        mentions = self._mentions(text, typed, ranges, role_of)
        ambiguous = ambiguous_shorts(text, definitions)
        short_forms = [(text[slice(*d.short)], without_markup(text[slice(*d.long)])) for d in definitions]
        short_forms = [(short, long) for short, long in short_forms if short not in ambiguous]
        short_forms += other_names(text, typed)
        return Reading(paper, tuple(mentions), tuple(dict.fromkeys(short_forms)), turn)

    def _can_be_name(self, span: Span) -> bool:
        """Whether a name is none of those known to name nothing here, and no quality ("LLM-Based")."""
        is_quality = span.rule in _BY_SHAPE and span.name.lower().endswith(self._patterns.qualifier_suffixes)
        return not is_quality and not self._lexicon.is_ignored(span.name)

    def _is_headed(self, text: str, span: Span) -> bool:
        """Whether the noun behind capitalised words says what they name ("Six Thinking Hats framework")."""
        noun = noun_behind(text[span.end : span.end + 60], self._patterns.heads)
        return bool(noun) and not self._lexicon.is_ignored(span.name)

    def _definitions(self, text: str, ranges: list[tuple[int, int]], shaped: list[Span]) -> list[Definition]:
        """The definitions in parentheses, then those of short forms that are spelt out elsewhere."""
        found = find_definitions(text, ranges)
        defined = {text[slice(*definition.short)] for definition in found}
        others = dict.fromkeys(span.name for span in shaped if not span.type and span.name not in defined)
        spelled = (
            spelled_out_elsewhere(text, name) for name in islice(others, _MOST_SPELLED_OUT) if not self._lexicon.is_ignored(name)
        )
        return [*found, *filter(None, spelled)]

    def _is_sure(self, span: Span, names: Mapping[str, int], has_role: bool, in_title: bool) -> bool:
        """Whether more than its letters speaks for a name: its type, its role, or that it comes again."""
        patterns = self._patterns
        if span.rule == "capitalised":
            return has_role
        is_word = span.rule == "lexicon-words" and span.type in patterns.plain_types and span.name.isalpha()
        by_shape = span.rule == "name-shape" and not span.type and not has_role
        if (is_word and in_title) or not (is_word or by_shape or span.rule in patterns.repeated_rules):
            return True
        return len(span.name) > 2 and names[span.name] > 1

    def _was_before(self, span: Span) -> bool:
        """Whether a name is that of a known thing, also where the paper spells it out."""
        is_spelled_out = span.rule == "short-form" and (span.type, span.name) in self._lexicon.by_name
        return is_spelled_out or span.rule in self._patterns.known_rules

    def _qualified(self, text: str, known: list[Span]) -> Iterator[Span]:
        patterns = self._patterns
        return qualified(text, known, patterns.qualifiers, patterns.qualifier_suffixes, patterns.qualified_types)

    def _typed(self, paper: Paper, spans: list[Span], ranges: list[tuple[int, int]], cues: Sequence[CueHit]) -> list[Span]:
        """The spans with a type each: from the words around, from a neighbour in a list, from a cue, or the default."""
        text, patterns = paper.text, self._patterns
        told = [Told(span.type, span.rule) for span in spans]
        open_places = [index for index, span in enumerate(spans) if not span.type]
        for index in open_places:
            span = spans[index]
            begin, stop = sentence_at(ranges, span.start)
            before, after = text[begin : span.start], text[span.end : max(stop, span.end)]
            in_title = span.end <= len(paper.title)
            told[index] = told_by_context(before, after, in_title, patterns.called, patterns.heads)
            if in_title and (cls := told_by_title(after, patterns.title_openings)):
                told[index] = Told(cls, "apposition")
        for order, step in ((open_places, -1), (reversed(open_places), 1)):
            for index in order:
                left, right = sorted((index, index + step))
                if left < 0 or right >= len(spans) or told[index].type or spans[index].rule not in _BY_SHAPE:
                    continue
                shares = told[index + step].type in patterns.shared_types
                if shares and COORDINATION.fullmatch(text, spans[left].end, spans[right].start):
                    told[index] = Told(told[index + step].type, spans[index].rule)
        said = {span.name: span.type for span in spans if span.rule == "short-form" and span.type}
        said |= self._said_of_names((spans[index].name, told[index].type) for index in open_places)
        unsure = any(spans[index].rule == "name-shape" and not told[index].type for index in open_places)
        role_of = roles(text, spans, cues, ranges, self._was_before) if unsure else {}
        typed = list(spans)
        for index in open_places:
            span, (cls, rule) = spans[index], told[index]
            cue = role_of[span].cue.role if span in role_of and span.rule == "name-shape" else ""
            cls = cls if cls in patterns.named_types or span.rule in _OF_ANY_TYPE else ""
            cls = patterns.model_type if self._grammar.is_sized(span.name) else cls
            cls = cls or said.get(span.name, "") or said.get(span.name.rpartition("-")[0], "")
            by_parts = self._by_parts(span.name) if cls in ("", patterns.default_type) else ""
            cls = name_ending(span.name, patterns.name_endings) or by_parts or cls or patterns.role_types.get(cue, "")
            typed[index] = Span(span.start, span.end, cls, span.name, self._rule(span, rule))
        return typed

    def _said_of_names(self, told: Iterable[tuple[str, str]]) -> dict[str, str]:
        """What the text says most often of each name, from names with the type told at each place."""
        said: dict[str, Counter[str]] = {}
        for name, cls in told:
            if cls in self._patterns.named_types:
                said.setdefault(name, Counter())[cls] += 1
        return {name: max(types, key=types.__getitem__) for name, types in said.items()}

    def _by_parts(self, name: str) -> str:
        """The type that parts of a name suggest where the text says nothing: a known thing it begins with, a model it holds."""
        return self._patterns.model_type if self._grammar.is_named_after_one(name) else self._lexicon.type_of_part(name)

    def _rule(self, span: Span, told: str) -> str:
        """The rule that is surer: the one that found the span or the one that told its type; one that gives a role stays."""
        confidence = self._patterns.confidence
        if span.rule in self._patterns.rule_roles:
            return span.rule
        return max((span.rule, told or span.rule), key=lambda rule: confidence[rule])

    def _mentions(
        self, text: str, spans: Sequence[Span], ranges: list[tuple[int, int]], role_of: Mapping[Span, CueHit]
    ) -> Iterator[Mention]:
        confidence = self._patterns.confidence
        for span in spans:
            start, end, cls, name, rule = span
            sentence, hit = sentence_at(ranges, start), role_of.get(span)
            role, cue = (hit.cue.role, hit.cue.rule) if hit else ("", "")
            for each in members(name) if rule == "model-name" else (name,):
                yield Mention(start, end, text[start:end], cls, each, rule, confidence[rule], sentence, role, cue)


def _is_short_enough(span: Span) -> bool:
    """Whether a span can be a name by its length; an address has its own limit."""
    return span.end - span.start <= LONGEST_NAME or span.rule == "url"
