"""People and what they wrote, made by SQL: random words, so that compression is not flattered by repetition."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import connection

WORDS = "river stone lantern meadow harbour candle winter ladder copper thread window garden bridge marble signal"
GOALS_EACH, ENTRIES_EACH, UPDATES_EACH = 30, 30, 6

_TEXT = """
(SELECT string_agg(substr(md5(random()::text || n || g.i), 1, 3 + (random() * 6)::int), ' ')
 FROM generate_series(1, {words}) n)
"""


def execute(sql: str, params: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _insert(table: str, row: dict[str, str], source: str, row_params: Sequence[Any], params: Sequence[Any]) -> None:
    """Add rows of the expressions in `row` over `source`; the columns it leaves out get what the model gives them."""
    from django.apps import apps

    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    fields = [
        field for field in model._meta.concrete_fields if not (field.null or field.primary_key or field.generated)
    ]
    rest = {str(f.column): f.get_db_prep_save(f.get_default(), connection) for f in fields if f.column not in row}
    columns, values = ", ".join([*row, *rest]), ", ".join([*row.values(), *["%s"] * len(rest)])
    execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {source}", [*row_params, *rest.values(), *params])  # noqa: S608 - constants


def people(first: int, last: int) -> None:
    """Make users `first` to `last` with verified addresses, and for each the next one as mentor."""
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from accounts.models import User
    from sharing.models import Mentorship

    numbers = range(first, last + 1)
    User.objects.bulk_create(
        [User(pk=n, email=f"person{n}@example.org", name=f"Person Number{n}", password="!") for n in numbers],
        batch_size=5000,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user_id=n, email=f"person{n}@example.org", verified=True, primary=True) for n in numbers],
        batch_size=5000,
    )
    Mentorship.objects.bulk_create(
        [Mentorship(mentee_id=n, mentor_id=n + 1, started_at=timezone.now()) for n in numbers[:-1]],
        batch_size=5000,
    )


def verified_people(first: int, last: int) -> None:
    """Make users `first` to `last` with verified addresses and nobody around them, a million in half a minute."""
    span = [first, last]
    address = {"id": "n", "email": "'person' || n || '@example.org'", "name": "'Person Number' || n", "password": "'!'"}
    _insert("accounts_user", address, "generate_series(%s, %s) n", [], span)
    execute(
        """
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
        SELECT n, 'person' || n || '@example.org', true, true FROM generate_series(%s, %s) n
        """,
        list(span),
    )


def live_everywhere() -> None:
    """Spread everybody over all time zones."""
    zones = sorted(available_timezones() - {"localtime", "posixrules"})
    execute("UPDATE accounts_user SET time_zone = (%s::text[])[1 + id %% %s]", [zones, len(zones)])


def schedules(first: int, last: int, due: datetime) -> None:
    """Give people `first` to `last` a weekly hour that comes at `due`, on the clock of each one's own zone."""
    from accounts.models import User

    zones = User.objects.filter(pk__range=(first, last)).values_list("time_zone", flat=True).distinct()
    walls = [(str(zone), due.astimezone(ZoneInfo(str(zone)))) for zone in zones]
    places = [zone for zone, _ in walls], [wall.weekday() for _, wall in walls], [wall.time() for _, wall in walls]
    hour = {"weekday": "v.weekday", "local_time": "v.hour", "next_due_at": "%s", "turned_at": "%s"}
    _insert(
        "reminders_schedule",
        {"user_id": "u.id", "kind": "'weekly'", **hour},
        """accounts_user u JOIN unnest(%s::text[], %s::smallint[], %s::time[]) AS v(zone, weekday, hour)
            ON v.zone = u.time_zone WHERE u.id BETWEEN %s AND %s""",
        [due, due - timedelta(days=7)],
        [*places, first, last],
    )


def goals(first: int, last: int, each: int = GOALS_EACH) -> None:
    """Give each of these people goals on the way, with three milestones and some updates on the first 25."""
    _insert(
        "goals_goal",
        {
            "owner_id": "g.u",
            "title": _TEXT.format(words=5),
            "why": _TEXT.format(words=25),
            "measure": "'number'",
            "unit": "'talks'",
            "start_value": "0",
            "target_value": "12",
            "starts_on": "current_date - 60",
            "due_on": "current_date + 10 + (g.i %% 90)",
            "status": "'active'",
            "created_at": "now() - interval '60 days'",
            "updated_at": "now() - (g.i || ' minutes')::interval",
        },
        "(SELECT u, i FROM generate_series(%s, %s) u, generate_series(1, %s) i) g",
        [],
        [first, last, each],
    )
    _insert(
        "goals_milestone",
        {
            "goal_id": "goal.id",
            "title": "'Step ' || n || ' ' || substr(md5(goal.id::text || n), 1, 12)",
            "due_on": "goal.due_on - (4 - n) * 7",
            "position": "n",
            "at_value": "n * 4",
        },
        "goals_goal goal, generate_series(1, 3) n WHERE goal.owner_id BETWEEN %s AND %s",
        [],
        [first, last],
    )


def updates(first: int, last: int, each: int = UPDATES_EACH) -> None:
    """Log progress on each goal of these people."""
    _insert(
        "goals_progressupdate",
        {
            "goal_id": "goal.id",
            "value": "n",
            "happened_on": "current_date - (%s - n) * 7",
            "note": "md5(random()::text)",
            "created_at": "now() - ((%s - n) * 7 || ' days')::interval",
        },
        "goals_goal goal, generate_series(1, %s) n WHERE goal.owner_id BETWEEN %s AND %s",
        [each, each],
        [each, first, last],
    )


def entries(first: int, last: int, each: int, cipher: str) -> None:
    """Give each of these people finished notes; `cipher` is one encrypted text, stored for all."""
    _insert(
        "journal_entry",
        {
            "owner_id": "u",
            "kind": "'note'",
            "entry_on": "current_date - i",
            "title": "%s",
            "text": "%s",
            "mood": "1 + i %% 5",
            "energy": "1 + i %% 5",
            "created_at": "now()",
            "updated_at": "now()",
            "finished_at": "now()",
        },
        "generate_series(%s, %s) u, generate_series(1, %s) i",
        [cipher, cipher],
        [first, last, each],
    )


def settle() -> None:
    """Bring statistics up to date, as autovacuum would have by then."""
    execute("VACUUM ANALYZE")
