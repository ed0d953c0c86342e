"""One measured figure beside its limit and what the peers cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table. `value` and `limit` share the unit named in `name`; a limit of None is only watched.

    `claimed` is what the code itself says the value is, where that is the question.
    """

    name: str
    value: float
    limit: float | None
    peers: str = ""
    claimed: float | None = None

    @property
    def bound(self) -> str:
        """The limit or the claim as the table shows it."""
        if self.claimed is not None:
            return f"claims {self.claimed:g}"
        return "-" if self.limit is None else f"{self.limit:g}"

    @property
    def is_met(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        bound = self.bound if self.claimed is not None else f"limit {self.bound:>6}"
        verdict = "" if self.limit is None else "ok" if self.is_met else "OVER"
        return f"{self.name:62} {self.value:9.2f}  {bound:12}  {verdict:4}  peers {self.peers or '-'}"


def as_markdown(figures: list[Figure]) -> str:
    """Return the figures as the table that bench/README.md keeps."""
    lines = ["| what | value | limit | peers |", "|---|---|---|---|"]
    for figure in figures:
        mark = "" if figure.is_met else " (over)"
        lines.append(f"| {figure.name} | {figure.value:.2f}{mark} | {figure.bound} | {figure.peers or '-'} |")
    return "\n".join(lines)
