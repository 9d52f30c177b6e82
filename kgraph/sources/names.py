"""People's names as sources write them → given name first, as a person says it."""

import re

_SUFFIX = re.compile(r"(?:Jr|Sr|I{2,3}|IV)\.?", re.IGNORECASE)


def person(name: str) -> str:
    """A name with the given name first.

    >>> person("Heidrich, Holger S. G."), person("van Gogh, Jr., Vincent"), person("Ada Lovelace")
    ('Holger S. G. Heidrich', 'Vincent van Gogh Jr.', 'Ada Lovelace')
    """
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        parts = [parts[0], parts[2], parts[1]]
    if len(parts) > 3:
        return name.strip()
    return " ".join(filter(None, (parts[-1], parts[0], *parts[1:-1]) if len(parts) > 1 else parts))


def people(text: str) -> tuple[str, ...]:
    """The names in a list written as one text: apart by `;`, by ` and `, or by `,` where each part is a whole name.

    >>> people("Yang, Z.; Jiang, B."), people("Ileana Streinu and Louis Theran"), people("A. Bee, C. Dee and E. Eff")
    (('Z. Yang', 'B. Jiang'), ('Ileana Streinu', 'Louis Theran'), ('A. Bee', 'C. Dee', 'E. Eff'))
    """
    text = " ".join(text.split())
    if ";" in text:
        parts = text.split(";")
    elif "|" in text:
        parts = text.split("|")
    else:
        parts = re.split(r",? and | & ", text)
        by_comma = [part.strip() for part in text.replace(" and ", ", ").split(",") if part.strip()]
        if len(by_comma) > len(parts) and all(" " in part for part in by_comma):
            parts = by_comma
    return tuple(name for part in parts if (name := person(" ".join(part.split()))) and name.lower() not in ("others", "et al."))
