"""What the user says about the input beside its paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Options:
    """The format if it is given and not recognised, what columns or keys are called, and which papers are wanted.

    `columns` maps what a record holds (`title`, `abstract`, …) to the name of the column or key that holds it. `categories` are
    exact (`cs.CL`) or a whole archive (`cs`); `since` is an ISO date, which a paper's own date may not precede.
    """

    form: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    since: str = ""

    def wants(self, categories: tuple[str, ...], date: str) -> bool:
        """Whether a paper of these categories and this ISO date is wanted; one without a date is not if one is asked for."""
        by_category = not self.categories or any(
            one == wanted or one.startswith(f"{wanted}.") for one in categories for wanted in self.categories
        )
        return by_category and (not self.since or (bool(date) and date >= self.since[: len(date)]))


NO_OPTIONS = Options()
