"""Addresses in a text, made clean: without closing punctuation, braces and LaTeX around them."""

import re

_HOSTS = r"github\.com|gitlab\.com|gitee\.com|bitbucket\.org|huggingface\.co|hf\.co|zenodo\.org|kaggle\.com|codeberg\.org"
_PAGES = r"(?:[\w-]+\.)+(?:github\.io|gitlab\.io|readthedocs\.io|netlify\.app|vercel\.app|pages\.dev)"
_PATH = r"[^\s<>\"{}|\\^`“”]*"
_ADDRESS = re.compile(
    rf"https?://[^\s<>\"{{}}|\\^`“”]+|(?<![\w@./-])(?:www\.[\w-]+\.|(?:{_HOSTS})/|{_PAGES}|(?:[\w-]+\.)+(?:com|org|net|io|ai|edu|dev)/){_PATH}",
    re.IGNORECASE,
)
_SIGN = re.compile(r"://|www\.|\.(?:(?:com|org|net|ai|edu|co|in)/|io|dev|app)")  # every address holds one
_LONGEST = 500  # what is longer is no address that anybody gave
_CLOSING = ".,;:!?'’*_~"
_PAIRS = {")": "(", "]": "["}


def find_urls(text: str) -> list[tuple[int, int, str]]:
    """Start, end and clean address of each URL; the range covers the address alone, `https://` is added where absent.

    >>> find_urls("Code (https://github.com/NVlabs/gbrl).")
    [(6, 36, 'https://github.com/NVlabs/gbrl')]
    """
    found: list[tuple[int, int, str]] = []
    sign = _SIGN.search(text)
    if not sign:
        return found
    for match in _ADDRESS.finditer(text, text.rfind(" ", 0, sign.start()) + 1):
        start, end = match.span()
        if end - start > _LONGEST:
            continue
        address = _trim(text[start:end])
        if "." not in address and address.count("/") < 3:
            continue
        has_scheme = address.lower().startswith(("http://", "https://"))
        clean = (address if has_scheme else f"https://{address}").rstrip("/")
        if clean.partition("://")[2]:
            found.append((start, start + len(address), clean))
    return found


def _trim(address: str) -> str:
    while address:
        last = address[-1]
        if last in _CLOSING or (last in _PAIRS and address.count(last) > address.count(_PAIRS[last])):
            address = address[:-1]
        else:
            break
    return address
