"""What was typed into a goal form and not saved yet."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from goals.models import FormDraft, Goal
from goals.services.history import require_owner

FORM_DRAFT_DAYS = 60


def keep_form(*, goal: Goal | None, fields: dict[str, Any], by: User, at: datetime) -> None:
    """Keep what was typed into the form of a goal, or of a new one; what was kept of it before is replaced."""
    if goal is not None:
        require_owner(goal, by)
    if FormDraft.objects.of_form(by, goal).update(fields=fields, kept_at=at):
        return
    row = FormDraft(owner=by, goal=goal, fields=fields, kept_at=at)
    FormDraft.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["owner", "goal"], update_fields=["fields", "kept_at"]
    )


def forget_form(*, goal: Goal | None, by: User) -> None:
    """Forget what was typed: it is saved, or its writer starts afresh."""
    FormDraft.objects.of_form(by, goal).delete()


def erase_old_forms(*, now: datetime) -> int:
    """Erase what nobody came back to for 60 days; return how many forms that were."""
    count, _ = FormDraft.objects.kept_before(now - timedelta(days=FORM_DRAFT_DAYS)).delete()
    return count
