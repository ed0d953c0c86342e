from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from goals.history import lines
from goals.models import Revision

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("field", "old", "new", "said", "before"),
    [
        ("due_on", "2026-04-30", "2027-05-15", "Date moved from 30 April to 15 May 2027", ""),
        ("target_value", "12", "10", "Target changed from 12 to 10", ""),
        ("hours_a_week", "2", "3.5", "Hours a week changed from 2 h to 3.5 h", ""),
        ("hours_a_week", "", "3", "Hours a week set to 3 h", ""),
        ("hours_a_week", "3", "", "Hours a week removed, it was 3 h", ""),
        ("importance", "2", "3", "How much it matters changed from “It matters” to “It matters most”", ""),
        ("evidence", "A letter", "A contract", "What will show it: reworded", "A letter"),
        ("evidence", "", "A contract", "What will show it: written", ""),
        ("why", "Because", "", "Why: removed", "Because"),
    ],
)
def test_change_as_a_line(field, old, new, said, before):
    change = Revision(field=field, old=old, new=new, changed_at=datetime(2026, 3, 1, 9, tzinfo=UTC))

    line = lines([change], zone=ZoneInfo("Europe/Berlin"), today=TODAY)[0]

    assert (line.said, line.before) == (said, before)
