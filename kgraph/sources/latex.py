"""LaTeX in running text, read as a person reads it; what only looks like it stays as it is."""

import re
import unicodedata

from kgraph.sources.latex_symbols import ACCENTS, DROPPED, LETTERS, SILENT, SYMBOLS

_MARK = re.compile(r"\\|``|\$\$|\$(?!\s)[^$]{1,400}(?<!\s)\$(?!\d)")  # two hyphens alone are what many write for a dash
_MARK_WITH_BRACES = re.compile(r"[\\$~{}]|``|''|(?<!-)--")
_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\$\$?|[{}~]|[^\\${}~]+|\\", re.DOTALL)
_SPACING = {"\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\!": "", "\\-": "", "\\/": "", "\\\\": " ", "\\\n": " "}
_DELIMITERS = ("\\(", "\\)", "\\[", "\\]")
_LONGEST_FORMULA = 400
_LENGTH = re.compile(r"\s*-?[\d.]+\s*(?:mu|em|ex|pt|cm|mm)")
_DEEPEST = 30
_MOST_TOKENS = 100_000


def read_latex(text: str, *, braces: bool = False) -> str:
    r"""A text whose LaTeX is read; `braces` says that every brace and `~` is LaTeX's, as in BibTeX.

    A text without a command, a formula or LaTeX's quotes stays as it is.

    >>> read_latex(r"{\'e} \alpha-stable $O(n^2)$ at 5\% for \$3, $x_{t+1}$"), read_latex("between $5 and $10")
    ('é α-stable O(n^2) at 5% for $3, x_(t+1)', 'between $5 and $10')
    """
    if not (_MARK_WITH_BRACES if braces else _MARK).search(text):
        return text
    tokens = _TOKEN.findall(text)
    if len(tokens) > _MOST_TOKENS:
        return text
    said = _Reader(tokens, braces).until("", 0, math=False)
    return unicodedata.normalize("NFC", said) if said != text else text


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, tokens: list[str], braces: bool) -> None:
        self._tokens = tokens
        self._at = 0
        self._braces = braces

    def until(self, end: str, depth: int, *, math: bool) -> str:
        """What the tokens say up to one that is the end, which is passed over."""
        said: list[str] = []
        while self._at < len(self._tokens):
            part = self._tokens[self._at]
            self._at += 1
            if part == end:
                break
            said.append(self._say(part, depth, math=math))
        return "".join(said)

    def _say(self, part: str, depth: int, *, math: bool) -> str:
        if part[0] == "\\" and len(part) > 1:
            return self._command(part, depth, math=math)
        if part[0] == "$":
            return self._formula(part, depth, math=math)
        if part == "{":
            return self._group(depth, math=math)
        if part == "~":
            return " " if self._braces or math else part
        if math:
            return self._scripts(part, depth)
        return part if part in "{}\\" and not self._braces else "" if part == "}" else _typeset(part)

    def _group(self, depth: int, *, math: bool) -> str:
        """A group in braces, without them where they are LaTeX's: in a formula, in BibTeX, or before a command."""
        following = self._tokens[self._at] if self._at < len(self._tokens) else ""
        is_latex = math or self._braces or (following.startswith("\\") and len(following) > 1)
        if depth >= _DEEPEST or not is_latex:
            return "" if is_latex else "{"
        return self.until("}", depth + 1, math=math)

    def _formula(self, part: str, depth: int, *, math: bool) -> str:
        """What is between two dollars, if they are no money: no space inside them, no digit after them."""
        end = None if math else self._closing(part)
        if end is None:
            return "" if math else part
        inside = _Reader(self._tokens[self._at : end], braces=True).until("", depth + 1, math=True)
        self._at = end + 1
        return " ".join(inside.split())

    def _closing(self, part: str) -> int | None:
        length = 0
        for at in range(self._at, len(self._tokens)):
            here = self._tokens[at]
            if here == part:
                first, last = self._tokens[self._at], self._tokens[at - 1]
                after = self._tokens[at + 1][0] if at + 1 < len(self._tokens) else ""
                is_formula = at > self._at and not first[0].isspace() and not last[-1].isspace() and not after.isdigit()
                return (
                    at if is_formula or (at > self._at and any(one[0] == "\\" for one in self._tokens[self._at : at])) else None
                )
            length += len(here)
            if length > _LONGEST_FORMULA:
                break
        return None

    def _command(self, part: str, depth: int, *, math: bool) -> str:
        name = part[1:].rstrip("*")
        if part in _SPACING or part in _DELIMITERS:
            return _SPACING.get(part, "")
        if name in ACCENTS and (not name.isalpha() or math or len(name) == 1):
            return self._accent(name, depth, math=math)
        if not name.isalpha():
            return name
        if name in LETTERS:
            self._skip_space()
            return LETTERS[name]
        if name in SYMBOLS and name != "sqrt":
            return SYMBOLS[name].replace("~", " ") if name == "etal" else self._symbol(SYMBOLS[name])
        return self._with_argument(name, depth, math=math)

    def _symbol(self, symbol: str) -> str:
        """A symbol; `{}` after it is nothing."""
        if self._tokens[self._at : self._at + 2] == ["{", "}"]:
            self._at += 2
        return symbol

    def _with_argument(self, name: str, depth: int, *, math: bool) -> str:
        """What a command makes of the group after it, or its name where it is none that is known."""
        has_group = self._at < len(self._tokens) and self._tokens[self._at] == "{" and depth < _DEEPEST
        if not has_group:
            if name in SILENT or name in DROPPED:
                self._skip_space()
                return " " if name in ("quad", "qquad", "item", "newline", "par", "linebreak") else ""
            if name in ("kern", "mkern", "hskip", "mskip") and self._at < len(self._tokens):
                length = _LENGTH.match(self._tokens[self._at])
                self._tokens[self._at] = self._tokens[self._at][length.end() if length else 0 :] or "\u200c"
                return self._drop_joiner()
            return "√" if name == "sqrt" else name
        if name in ("url", "path"):
            return self._raw()
        address = self._raw() if name == "href" else ""
        group = self._argument(depth, math=math)
        match name:
            case "frac" | "tfrac" | "dfrac" | "nicefrac":
                return f"{_grouped(group)}/{_grouped(self._argument(depth, math=math))}"
            case "sqrt":
                return f"√{_grouped(group)}"
            case "href":
                return address if group in address else f"{group} ({address})"
            case "textcolor":
                return self._argument(depth, math=math)
            case "footnote":
                return f" ({group})"
        return "" if name in DROPPED else group

    def _argument(self, depth: int, *, math: bool) -> str:
        """The group that follows, "" if none does."""
        if self._at < len(self._tokens) and self._tokens[self._at] == "{":
            self._at += 1
            return self.until("}", depth + 1, math=math)
        return ""

    def _raw(self) -> str:
        """The group that follows, as it stands but for what had to be escaped in an address."""
        self._at += 1
        start = self._at
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            self._at += 1
        self._at += 1
        return (
            "".join(self._tokens[start : self._at - 1])
            .replace("\\_", "_")
            .replace("\\%", "%")
            .replace("\\#", "#")
            .replace("\\~", "~")
        )

    def _accent(self, name: str, depth: int, *, math: bool) -> str:
        """The accent on the letter or group that follows."""
        self._skip_space()
        if depth >= _DEEPEST or self._at >= len(self._tokens) or (not name.isalpha() and self._tokens[self._at][0] in "}$~"):
            return ""
        part = self._tokens[self._at]
        if part[0] not in "\\{":
            if not part[0].isalpha():
                return name if name.isalpha() else ""
            self._tokens[self._at] = part[1:] or "\u200c"
            return part[0] + ACCENTS[name] + self._drop_joiner()
        self._at += 1
        base = (
            self.until("}", depth + 1, math=math) if part == "{" and depth < _DEEPEST else self._say(part, depth + 1, math=math)
        )
        base = {"ı": "i", "ȷ": "j"}.get(base, base)
        return base[:1] + ACCENTS[name] + base[1:] if base else ""

    def _drop_joiner(self) -> str:
        self._at += self._tokens[self._at] == "\u200c"
        return ""

    def _skip_space(self) -> None:
        if self._at < len(self._tokens) and self._tokens[self._at][0].isspace():
            self._tokens[self._at] = self._tokens[self._at].lstrip() or "\u200c"
            self._drop_joiner()

    def _scripts(self, part: str, depth: int) -> str:
        """Text of a formula; what is raised or lowered in braces keeps its bounds by parentheses."""
        if part[-1] not in "^_" or self._at >= len(self._tokens) or self._tokens[self._at] != "{" or depth >= _DEEPEST:
            return "" if part in "{}" else part
        group = self._argument(depth, math=True)
        return "°" if part == "^" and group == "∘" else part + _grouped(group)


def _grouped(text: str) -> str:
    """A part of a formula, in parentheses if it is more than one word or number."""
    text = text.strip()
    return text if re.fullmatch(r"\w*|\W|\d+\.\d+|-?\w", text) else f"({text})"


def _typeset(text: str) -> str:
    """LaTeX's quotes and dashes as characters."""
    text = text.replace("``", "“").replace("''", "”") if "``" in text else text
    return re.sub(r"(?<!-)---?(?!-)", lambda dash: "–" if len(dash[0]) == 2 else "—", text)
