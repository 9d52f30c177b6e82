"""What makes two listings the same paper: a known identifier, else the title."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from kgraph.ontology import PAPER_KIND, slug

_ARXIV = re.compile(
    r"(?:arxiv[:/]\s*|oai:arxiv\.org:|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|(?:https?://(?:dx\.)?doi\.org/)?10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(v\d+)?(?:\.pdf)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S{1,300})", re.IGNORECASE)
_OTHERS = {
    "openalex": re.compile(r"(?:openalex:|https?://(?:api\.)?openalex\.org/(?:works/)?)(W\d{1,15})", re.IGNORECASE),
    "s2": re.compile(r"(?:s2:|https?://(?:www\.)?semanticscholar\.org/paper/(?:[^/\s]+/)?)([0-9a-f]{40})", re.IGNORECASE),
    "pmid": re.compile(
        r"(?:pmid:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)(\d{1,9})/?", re.IGNORECASE
    ),
    "acl": re.compile(
        r"(?:acl:|https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/)([A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+)/?(?:\.pdf)?",
        re.IGNORECASE,
    ),
}
_VERSION = re.compile(r"(?<=\d)v\d+$")
PREFERRED = ("arxiv", "doi", "acl", "pmid", "openalex", "s2")
"""The schemes of identifiers, first the one that a paper's id is made of if it has several."""
_LONGEST_SLUG = 60


def known_identifier(text: str) -> str:
    """The identifier in a record's id as `scheme:value` without version, "" if it is none that is known.

    >>> known_identifier("arXiv:2401.01234v2"), known_identifier("https://openalex.org/W2741809807"), known_identifier("p001")
    ('arxiv:2401.01234', 'openalex:W2741809807', '')
    """
    text = text.strip()[:400]
    if found := _ARXIV.fullmatch(text):
        return f"arxiv:{found[1].lower()}"
    if found := _DOI.fullmatch(text):
        return f"doi:{found[1].lower().rstrip('.,;')}"
    for scheme, pattern in _OTHERS.items():
        if found := pattern.fullmatch(text):
            value = found[1]
            return f"{scheme}:{value if scheme == 'acl' else value.upper() if scheme == 'openalex' else value.lower()}"
    return ""


def known_identifiers(texts: Iterable[str]) -> tuple[str, ...]:
    """All identifiers in the texts, sorted; an arXiv id with a version stands there with and without it.

    >>> known_identifiers(["http://arxiv.org/abs/2401.01234v2", "10.1/x", "10.1000/x", "10.48550/arXiv.2401.01234"])
    ('arxiv:2401.01234', 'arxiv:2401.01234v2', 'doi:10.1000/x')
    """
    found = set()
    for text in texts:
        if identifier := known_identifier(text):
            found.add(identifier)
            version = _ARXIV.fullmatch(text.strip()) if identifier.startswith("arxiv:") else None
            found.add(identifier + (version[2] or "").lower() if version else identifier)
    return tuple(sorted(found))


def unversioned(identifier: str) -> str:
    """An identifier without its version, by which papers are the same.

    >>> unversioned("arxiv:2401.01234v2"), unversioned("doi:10.1000/v2")
    ('arxiv:2401.01234', 'doi:10.1000/v2')
    """
    return _VERSION.sub("", identifier) if identifier.startswith("arxiv:") else identifier


def primary(identifiers: Iterable[str]) -> str:
    """The identifier that a paper's id is made of: of the first scheme of `PREFERRED`, then the least; "" if there is none.

    >>> primary(["isbn:1", "doi:10.1000/x", "arxiv:2401.01234v2"]), primary([])
    ('arxiv:2401.01234', '')
    """
    return min(map(unversioned, filter(None, identifiers)), key=lambda one: (_rank(one), one), default="")


def _rank(identifier: str) -> int:
    scheme = identifier.partition(":")[0]
    return PREFERRED.index(scheme) if scheme in PREFERRED else len(PREFERRED)


def title_key(title: str) -> str:
    """The title as it counts for identity: letters and digits alone, case folded."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).casefold()) or title


def paper_id(title: str, identifier: str = "") -> str:
    """The id of a paper: `paper/arxiv/2401.01234` if that is known, else words of its title and 8 hex digits.

    The digits are the beginning of the SHA-256 of the normalised title, so that two titles never share an id.
    """
    if identifier:
        scheme, _, value = identifier.partition(":")
        return f"{PAPER_KIND}/{scheme}/{slug(value)}"
    key = hashlib.sha256(title_key(title).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    words = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:_LONGEST_SLUG].strip("-")
    return f"{PAPER_KIND}/{words}-{key}" if words else f"{PAPER_KIND}/{key}"
