"""People and what they wrote, made by SQL: random words, so that compression is not flattered by repetition."""

from django.db import connection

WORDS = "river stone lantern meadow harbour candle winter ladder copper thread window garden bridge marble signal"
GOALS_EACH, ENTRIES_EACH, UPDATES_EACH = 30, 30, 6

_TEXT = """
(SELECT string_agg(substr(md5(random()::text || n || g.i), 1, 3 + (random() * 6)::int), ' ')
 FROM generate_series(1, {words}) n)
"""


def execute(sql: str, params: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


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


def goals(first: int, last: int, each: int = GOALS_EACH) -> None:
    """Give each of these people goals on the way, with three milestones and some updates on the first 25."""
    execute(
        f"""
        INSERT INTO goals_goal (owner_id, threads_open, version, title, why, achievable, measure, unit, start_value,
                                target_value, starts_on, due_on, status, rested_days, closing_note, closing_helped,
                                closing_differently, evidence, importance, created_at, updated_at)
        SELECT g.u, false, 1, {_TEXT.format(words=5)}, {_TEXT.format(words=25)}, '', 'number', 'talks', 0, 12,
               current_date - 60, current_date + 10 + (g.i %% 90), 'active', 0, '', '', '', '', 2,
               now() - interval '60 days', now() - (g.i || ' minutes')::interval
        FROM (SELECT u, i FROM generate_series(%s, %s) u, generate_series(1, %s) i) g
        """,  # noqa: S608 - the text is a constant of this module
        [first, last, each],
    )
    execute(
        """
        INSERT INTO goals_milestone (goal_id, kind, title, due_on, position, at_value)
        SELECT goal.id, 'milestone', 'Step ' || n || ' ' || substr(md5(goal.id::text || n), 1, 12),
               goal.due_on - (4 - n) * 7, n, n * 4
        FROM goals_goal goal, generate_series(1, 3) n WHERE goal.owner_id BETWEEN %s AND %s
        """,
        [first, last],
    )


def updates(first: int, last: int, each: int = UPDATES_EACH) -> None:
    """Log progress on each goal of these people."""
    execute(
        """
        INSERT INTO goals_progressupdate (goal_id, value, happened_on, note, created_at)
        SELECT goal.id, n, current_date - (%s - n) * 7, md5(random()::text), now() - ((%s - n) * 7 || ' days')::interval
        FROM goals_goal goal, generate_series(1, %s) n WHERE goal.owner_id BETWEEN %s AND %s
        """,
        [each, each, each, first, last],
    )


def entries(first: int, last: int, each: int, cipher: str) -> None:
    """Give each of these people finished notes; `cipher` is one encrypted text, stored for all."""
    execute(
        """
        INSERT INTO journal_entry (owner_id, threads_open, version, kind, entry_on, title, text, answers, mood, energy,
                                   created_at, updated_at, finished_at, saved_from)
        SELECT u, false, 1, 'note', current_date - i, %s, %s, '', 1 + i %% 5, 1 + i %% 5, now(), now(), now(), ''
        FROM generate_series(%s, %s) u, generate_series(1, %s) i
        """,
        [cipher, cipher, first, last, each],
    )


def settle() -> None:
    """Bring statistics up to date, as autovacuum would have by then."""
    execute("VACUUM ANALYZE")
