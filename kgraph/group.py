"""Commands and their group: it ends quietly where the reader of its output has seen enough, as `head` has."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_EXAMPLES = "\b\nExamples:"


class Command(TyperCommand):
    """A command whose help ends with its examples."""

    def __init__(self, name: str | None, **given: Any) -> None:
        text, mark, examples = (given["help"] or "").partition(_EXAMPLES)
        super().__init__(name, **{**given, "help": text.rstrip(), "epilog": f"{mark}{examples}"})


class Group(TyperGroup):
    """Commands for which a closed pipe is no error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for and write out all that it prints."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (BrokenPipeError, SystemExit):  # rich makes the second of the first; a command ends with typer.Exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
