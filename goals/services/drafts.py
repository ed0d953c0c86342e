"""What was typed into a goal form and not saved yet."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from goals.models import FormDraft, Goal
from goals.services.history import require_owner

FORM_DRAFT_DAYS = 60
# Asked every few seconds while somebody types; two tabs at once are one row.
_KEEP = """
INSERT INTO goals_formdraft (owner_id, goal_id, fields, kept_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (owner_id, goal_id) DO UPDATE SET fields = EXCLUDED.fields, kept_at = EXCLUDED.kept_at
"""


def keep_form(*, goal: Goal | None, fields: dict[str, Any], by: User, at: datetime) -> None:
    """Keep what was typed into the form of a goal, or of a new one; what was kept of it before is replaced."""
    if goal is not None:
        require_owner(goal, by)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [by.pk, goal.pk if goal else None, json.dumps(fields), at])


def forget_form(*, goal: Goal | None, by: User) -> None:
    """Forget what was typed: it is saved, or its writer starts afresh."""
    FormDraft.objects.of_form(by, goal).delete()


def erase_old_forms(*, now: datetime) -> int:
    """Erase what nobody came back to for 60 days; return how many forms that were."""
    count, _ = FormDraft.objects.kept_before(now - timedelta(days=FORM_DRAFT_DAYS)).delete()
    return count
