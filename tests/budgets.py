"""How many statements a page may ask; tests/test_access.py holds every url to it, and `make bench` measures the same.

A bench counts one more for each request: the connection is tried before its first statement.
"""

from collections.abc import Iterable

LIST, PAGE, WIDE, FRAME, TRY = 4, 8, 16, 1, 1
# Long lists, and the pages that bring everything together; all others are pages.
LISTS = {"goals:goal_list", "journal:entry_list", "wins:win_list"}
WIDES = {"home:this_week", "home:reflection", "home:mentee_list", "home:mentee_detail", "journal:entry_search"}


def limit_of(name: str) -> int:
    """Return how many statements the page of this url may ask, as a test counts them."""
    return (LIST if name in LISTS else WIDE if name in WIDES else PAGE) + FRAME - TRY


def check_budget(name: str, statements: Iterable[str]) -> None:
    """Fail if a page asked more; savepoints are the tests' own."""
    asked = [statement for statement in statements if not statement.startswith(("SAVEPOINT", "RELEASE"))]
    told = "\n".join(asked)
    assert len(asked) <= limit_of(name), (
        f"{len(asked)} statements, {limit_of(name)} at most (tests/budgets.py):\n{told}"
    )
