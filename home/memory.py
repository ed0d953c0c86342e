"""A person's week day by day, to jog their memory while they write about it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from core.timekeeping import at_local, week_bounds
from goals.models import GoalComment, Milestone, ProgressUpdate

# What one day of the week shows at most; the rest stands on the goals themselves.
LINES_A_DAY = 5


def days_of(user: User, week: str) -> list[dict[str, Any]]:
    """Return the days of a week with what was logged (`lines`), reached (`reached`) and said by others (`quiet`)."""
    monday, sunday = week_bounds(week)
    days = [monday + timedelta(days=offset) for offset in range(7)]
    rows: dict[date, dict[str, Any]] = {
        day: {"day": f"{day:%a}", "lines": [], "reached": [], "quiet": []} for day in days
    }
    for update in ProgressUpdate.objects.owned_by(user).moved_between(monday, sunday).with_goal().order_by("pk"):
        rows[update.happened_on]["lines"].append(update.note or f"{update.goal.title}: {update.value:g}")
    for milestone in Milestone.objects.owned_by(user).moved_between(monday, sunday).with_goal():
        if milestone.done_at:
            rows[user.today(milestone.done_at)]["reached"].append(milestone.title)
    start, end = (at_local(user.time_zone, day, time(0)) for day in (monday, sunday + timedelta(days=1)))
    said = GoalComment.objects.visible_to(user).filter(item__owner=user, created_at__gte=start, created_at__lt=end)
    for comment in said.exclude(author=user).with_people().select_related("item"):
        rows[user.today(comment.created_at)]["quiet"].append(f"{comment.author_name} commented on {comment.item.title}")
    today = user.today(datetime.now(UTC))
    return [
        {**row, "lines": row["lines"][:LINES_A_DAY], "reached": row["reached"][:LINES_A_DAY], "quiet": row["quiet"][:2]}
        for day, row in rows.items()
        if day <= today
    ]
