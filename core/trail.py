"""What the `{% trail %}` tag draws: a way from 0 to 100 %, where one stands on it, and what lies along it."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self


class Mark(NamedTuple):
    """A waymark on a trail. `state` is "done", "late" or "" (still ahead); `label` is written under big trails."""

    at: float
    state: str = ""
    label: str = ""


class Trail(NamedTuple):
    """A trail in per cent of the way; `label` says it in one sentence for those who do not see it.

    `plan` is where the plan says today, None where no plan counts. `here` False leaves out the "you are here" diamond,
    `faded` draws the walked part grey (past its date, resting, let go).
    """

    walked: float
    label: str = ""
    plan: float | None = None
    marks: tuple[Mark, ...] = ()
    here: bool = True
    faded: bool = False

    @classmethod
    def of(cls, points: Mapping[str, Any]) -> Self:
        """Take from plain mappings, marks included."""
        return cls(**{**points, "marks": tuple(Mark(**mark) for mark in points.get("marks", ()))})
