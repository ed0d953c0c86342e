"""One measured figure beside its limit and what the peers cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table. `value` and `limit` share the unit named in `name`; a limit of None is only watched."""

    name: str
    value: float
    limit: float | None
    peers: str = ""

    @property
    def is_met(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        limit = "-" if self.limit is None else f"{self.limit:g}"
        verdict = "" if self.limit is None else "ok" if self.is_met else "OVER"
        return f"{self.name:62} {self.value:9.2f}  limit {limit:>6}  {verdict:4}  peers {self.peers or '-'}"


def as_markdown(figures: list[Figure]) -> str:
    """Return the figures as the table that bench/README.md keeps."""
    lines = ["| what | value | limit | peers |", "|---|---|---|---|"]
    for figure in figures:
        limit = "-" if figure.limit is None else f"{figure.limit:g}"
        mark = "" if figure.is_met else " (over)"
        lines.append(f"| {figure.name} | {figure.value:.2f}{mark} | {limit} | {figure.peers or '-'} |")
    return "\n".join(lines)
