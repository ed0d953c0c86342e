"""Starting points for common goals: they fill the goal form, and are then made one's own (strategy 2.7).

To add one, copy a neighbour in the file of its group and write it anew; tests/goals/test_starters.py says what it must be.
"""

from dataclasses import dataclass

from goals.starters.at_work import AT_WORK
from goals.starters.moving import MOVING
from goals.starters.people import PEOPLE
from goals.starters.shape import Starter
from goals.starters.showing import SHOWING

__all__ = ["GROUPS", "STARTERS", "Group", "Starter", "find"]


@dataclass(frozen=True)
class Group:
    """Starting points that stand together on the page."""

    name: str
    starters: tuple[Starter, ...]


GROUPS = (
    Group("Where you are", AT_WORK),
    Group("Somewhere new", MOVING),
    Group("Learning and showing", SHOWING),
    Group("With other people", PEOPLE),
)
STARTERS = {starter.slug: starter for group in GROUPS for starter in group.starters}


def find(slug: str) -> Starter | None:
    """Return the starting point of that name in an address, or None."""
    return STARTERS.get(slug)
