# SPDX-License-Identifier: BSL-1.0
"""Shared by the benchmarks: prints a table on standard output, and writes the same data as JSON.

The JSON is an object of "title", "columns", "rows" (one object each, by column), and "bounds": each
has "what", "value", "limit", "kind" ("at most" or "at least") and "holds".
"""
import argparse
import json
import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path


def arguments(about: str) -> argparse.ArgumentParser:
    """Returns a parser that shows a script's docstring as its help, and has the shared options."""
    usage = re.search(r"^usage: (.*)\n", about, re.M)
    words = argparse.ArgumentParser(usage=usage[1], description=about.replace(usage[0], ""),
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    return words


def processor() -> str:
    """The name of this machine's processor."""
    try:
        said = Path("/proc/cpuinfo").read_text()
    except OSError:
        said = ""
    name = re.search(r"^model name\s*: (.+)$", said, re.M)
    return name[1] if name else platform.processor() or platform.machine()


class Report:
    """A table that is printed row by row, and the bounds of its figures."""

    def __init__(self, title: str, columns: dict[str, str | Callable]):
        """`columns` gives the format of each column's values: a format string or a function."""
        self.title, self.columns = title, columns
        self.rows: list[dict] = []
        self.bounds: list[dict] = []
        self.text = ""

    def _print(self, line: str) -> None:
        print(line, flush=True)
        self.text += line + "\n"

    def add(self, *values) -> None:
        """Adds a row with a value for each column; None leaves its cell empty."""
        if not self.rows:
            self._print(f"| {' | '.join(self.columns)} |\n|{'---|' * len(self.columns)}")
        self.rows.append(dict(zip(self.columns, values, strict=True)))
        shown = ((how(value) if callable(how) else how.format(value)) if value is not None else ""
                 for how, value in zip(self.columns.values(), values))
        self._print(f"| {' | '.join(shown)} |")

    def bound(self, what: str, value: float, kind: str, limit: float) -> bool:
        """Returns whether the value is "at most" or "at least" the limit."""
        holds = value <= limit if kind == "at most" else value >= limit
        self.bounds.append({"what": what, "value": value, "kind": kind, "limit": limit,
                            "holds": holds})
        return holds

    def write(self, file: Path) -> None:
        whole = {"title": self.title, "columns": list(self.columns), "rows": self.rows,
                 "bounds": self.bounds}
        file.write_text(json.dumps(whole, indent=1) + "\n")

    def end(self, file: Path | None) -> int:
        """Writes the JSON, prints the bounds that do not hold, and returns the exit status."""
        if file:
            self.write(file)
        missed = [each for each in self.bounds if not each["holds"]]
        for each in missed:
            print(f"{self.title}: {each['what']} is {each['value']:.4g}; it must be "
                  f"{each['kind']} {each['limit']}", file=sys.stderr)
        return 1 if missed else 0
