"""Dates as sources write them → ISO 8601, as far as they are known."""

import re
from datetime import date

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = re.compile(r"\s*((?:1[5-9]|20)\d\d)(?:[-/.]?(\d{2}|(?<=[-/.])\d))?(?:[-/.]?(\d{2}|(?<=[-/.])\d))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)(?!\d)")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_DAY = re.compile(r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")


def iso_date(text: str) -> str:
    """The date in a text as `2024-01-02`, `2024-01` or `2024`, "" if there is no year; what is ambiguous is left out.

    >>> iso_date("Mon, 2 Apr 2007 19:18:42 GMT"), iso_date("2024///"), iso_date("2020 Jul-Aug"), iso_date("03/04/2024")
    ('2007-04-02', '2024', '2020-07', '2024')
    """
    text = text[:100]
    if found := _NUMERIC.match(text):
        year, month, day = found.groups()
        if month or not _MONTH.search(text):
            return _joined(int(year), int(month or 0), int(day or 0))
    if not (found := _YEAR.search(text)):
        return ""
    year_text, rest = found[1], text[: found.start()] + " " + text[found.end() :]
    named = _MONTH.search(rest)
    if not named:
        return year_text
    before = _DAY.findall(rest[: named.start()])
    after = _DAY.match(rest[named.end() :].lstrip(" ,"))
    day = before[0] if before else after[1] if after else "0"
    return _joined(int(year_text), _MONTHS.index(named[1].lower()) + 1, int(day))


def _joined(year: int, month: int, day: int) -> str:
    """As much of a date as there is on the calendar."""
    try:
        whole = date(year, month or 1, day or 1).isoformat()
    except ValueError:
        return f"{year}-{month:02d}" if 1 <= month <= 12 else str(year)
    return whole if day and month else whole[:7] if month else whole[:4]


def earliest(dates: "set[str]") -> str:
    """The earliest of ISO dates, of one year the most precise; "" if there is none."""
    return min(filter(None, dates), key=lambda one: one.ljust(10, "~"), default="")
