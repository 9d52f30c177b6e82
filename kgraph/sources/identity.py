"""What makes two listings the same paper: a known identifier, else the title."""

import hashlib
import re
import unicodedata

from kgraph.ontology import PAPER_KIND, slug

_ARXIV = re.compile(r"(?:arxiv[:/]\s*)(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_LONGEST_SLUG = 60


def known_identifier(text: str) -> str:
    """The arXiv id or DOI in a record's id as `arxiv:2401.01234` or `doi:10.1000/x`, "" if it is neither.

    >>> known_identifier("arXiv:2401.01234v2"), known_identifier("p001")
    ('arxiv:2401.01234', '')
    """
    if found := _ARXIV.fullmatch(text.strip()):
        return f"arxiv:{found[1].lower()}"
    if found := _DOI.fullmatch(text.strip()):
        return f"doi:{found[1].lower()}"
    return ""


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
