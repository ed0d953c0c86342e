from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from goals.facts import Step


@dataclass(frozen=True)
class Starter:
    """One starting point.

    `for_whom` says in a line who may want it. Words in square brackets are blanks the person fills; `yours` names the
    form fields that hold one, in the order of the form, and the SMART check points at exactly these. `count` is from,
    to and of what. `weeks` is the time until the date, and each milestone has its week from today.
    """

    slug: str
    name: str
    for_whom: str
    title: str
    why: str
    achievable: str
    weeks: int
    milestones: tuple[tuple[int, str], ...]
    yours: tuple[str, ...]
    count: tuple[int, int, str] | None = None
    evidence: str = ""
    hours_a_week: Decimal | None = None

    @property
    def measure(self) -> str:
        """One of the choices of Goal.Measure: what is given decides."""
        return "number" if self.count else "yes_no" if self.evidence else "milestones"

    def fields(self, today: date) -> dict[str, Any]:
        """Return initial values for the fields of the goal form, the milestones apart, with days counted from today."""
        start, target, unit = self.count or (None, None, "")
        return {
            "title": self.title,
            "why": self.why,
            "achievable": self.achievable,
            "measure": self.measure,
            "unit": unit,
            "start_value": None if start is None else Decimal(start),
            "target_value": None if target is None else Decimal(target),
            "evidence": self.evidence,
            "starts_on": today,
            "due_on": today + timedelta(weeks=self.weeks),
            "hours_a_week": self.hours_a_week,
        }

    def steps(self, today: date) -> list[Step]:
        """Return the milestones with their days, the nearest first."""
        return [Step(title, today + timedelta(weeks=week)) for week, title in self.milestones]
