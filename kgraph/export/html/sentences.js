"use strict";
// A sentence with the names marked in it.

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
/** A pattern for all spellings of nodes: longest first, spaces and hyphens alike, whole words, an ending s allowed; null if none. */
const spellings = (some) => {
  const forms = [...new Set(some.flatMap((node) => (node.isPaper ? [] : [node.name, ...node.also])))].filter((form) => form.trim().length > 1 && form.length < 200);
  if (!forms.length) return null;
  const patterns = forms.sort((a, b) => b.length - a.length).map((form) => form.trim().split(/[\s-]+/).map(escaped).join("[\\s\\-]*"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?:e?s)?(?![\\p{L}\\p{N}])`, "giu");
};
const LONGEST = 5000; // letters of a "sentence" that the panel shows
/** A quotation of the sentence of a piece of evidence, in which the spellings of the nodes are marked. */
const quotation = (said, some) => {
  const sentence = short(sentenceOf(said), LONGEST), quote = make("blockquote"), pattern = spellings(some);
  let at = 0;
  for (const found of pattern ? sentence.matchAll(pattern) : []) {
    quote.append(sentence.slice(at, found.index), make("mark", found[0]));
    at = found.index + found[0].length;
  }
  quote.append(sentence.slice(at) || (sentence ? "" : "The sentence is not part of this page."));
  return quote;
};
/** Where a piece of evidence stands and how it was read, in a line. */
const sourceLine = ([paper, , , rule, confidence], isNamed) => {
  const line = make("p", "", { class: "source" });
  if (isNamed && nodes[paper]) line.append(nodeButton(nodes[paper]), " · ");
  line.append(`rule ${short(rule, 200)} · confidence ${confidence}`);
  return line;
};
