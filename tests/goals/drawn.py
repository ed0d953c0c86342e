"""The goal of the drawings: twelve interviews from 12 January to 15 May 2026."""

from datetime import date
from decimal import Decimal

from goals.models import Goal


def goal_of(**values):
    """The goal, without a database (123 days, 59 of them gone on 12 March)."""
    start = {
        "title": "Run 12 user interviews",
        "measure": "number",
        "unit": "interviews",
        "start_value": Decimal(0),
        "target_value": Decimal(12),
        "starts_on": date(2026, 1, 12),
        "due_on": date(2026, 5, 15),
        "status": "active",
    }
    if values.get("measure", "number") != "number":
        start |= {"unit": "", "start_value": None, "target_value": None}
    return Goal(**(start | values))
