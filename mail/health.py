"""How mail is doing, in numbers: what the operator's page and `manage.py mail_status` show. No address and no word.

Each question reads a bounded number of rows, also on a server that sends a million mails a week: the newest MOST, or up
to SOME of what waits.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from mail.models import DeliveryEvent, Inbound, Message, OutboxState, Suppression
from mail.outbox import outbox_state
from mail.registry import ACCOUNT, EVENT, SCHEDULED, words_of

DAYS = 7
MOST = 200_000
SOME = 10_000
ENDS = (Message.State.SENT, Message.State.SKIPPED, Message.State.FAILED, Message.State.DEAD)

_ENDED = """
SELECT (finished_at AT TIME ZONE 'UTC')::date, kind, state,
    CASE WHEN state = 'skipped' THEN reason ELSE COALESCE(substring(reason FROM '^[45][0-9][0-9]'), '') END, count(*)
FROM (SELECT finished_at, kind, state, reason FROM mail_message
      WHERE finished_at >= %s ORDER BY finished_at DESC LIMIT %s) AS newest
GROUP BY 1, 2, 3, 4
"""
_CAME = """
SELECT label, sum(number) FROM (
    SELECT state, reason, dropped, received_at FROM mail_inbound ORDER BY id DESC LIMIT %s
) AS newest, LATERAL (VALUES (state, (reason <> 'too_many')::int), ('dropped', dropped)) AS counted (label, number)
WHERE received_at >= %s AND number > 0 GROUP BY label
"""

# One row stands for all that came to one reply address beyond what is stored of a day.
_CAME_AS = {**dict(Inbound.State.choices), "dropped": "Too many"}


@dataclass(frozen=True)
class Ended:
    """How many mails came to which end: of one kind, or on one day."""

    name: str
    counts: dict[str, int]

    @property
    def row(self) -> list[int]:
        """The counts in the order of ENDS."""
        return [self.counts.get(state, 0) for state in ENDS]


@dataclass(frozen=True)
class Health:
    """What is known at one moment about the outbox and the last days."""

    state: OutboxState
    is_broken: bool
    waiting: int  # SOME means: that many or more
    oldest_due: datetime | None
    sending: int
    kinds: list[Ended]
    days: list[Ended]
    reasons: list[tuple[str, int]]  # why mails were left out or refused, the most frequent first
    heard: dict[str, int]  # what counted of the news about mails that left
    ignored: int  # news that did not count
    paused: int
    stopped: int
    came: list[tuple[str, int]]
    is_cut: bool  # there were more mails than are counted

    def total(self, state: str) -> int:
        """Return how many mails came to this end in the last days."""
        return sum(kind.counts.get(state, 0) for kind in self.kinds)

    def rate(self, *whats: str) -> str:
        """Return the share of sent mails of which this was heard, in percent; empty while nothing was sent."""
        sent = self.total(Message.State.SENT)
        return f"{100 * sum(self.heard.get(what, 0) for what in whats) / sent:.2f} %" if sent else ""

    @property
    def bounce_rate(self) -> str:
        """The share that came back for good; providers begin to worry at 2 to 5 %."""
        return self.rate(DeliveryEvent.What.BOUNCED)

    @property
    def complaint_rate(self) -> str:
        """The share reported as spam; providers begin to worry at 0.1 %."""
        return self.rate(DeliveryEvent.What.COMPLAINED)


def look(*, now: datetime) -> Health:
    """Ask how mail is doing, and did in the last days."""
    state, since = outbox_state(), now - timedelta(days=DAYS)
    rows = _asked(_ENDED, [since, MOST])
    kinds, days = _by(rows, 1), _by(rows, 0)
    news = DeliveryEvent.objects.filter(received_at__gte=since)
    heard = dict(news.filter(state="counted").order_by().values_list("what").annotate(Count("pk")))
    return Health(
        state=state,
        is_broken=state.broken_until is not None and state.broken_until > now,
        waiting=_some(Message.objects.filter(state="queued")),
        oldest_due=_oldest_due(now),
        sending=_some(Message.objects.filter(state="sending")),
        kinds=sorted((Ended(words_of(str(kind)), counts) for kind, counts in kinds.items()), key=lambda end: end.name),
        days=[Ended(f"{day:%a %-d %b}", counts) for day, counts in sorted(days.items(), reverse=True)],
        reasons=_reasons(rows),
        heard=heard,
        ignored=_some(news.filter(state="ignored")),
        paused=_some(Suppression.objects.paused()),
        stopped=_some(Suppression.objects.filter(stopped_at__isnull=False)),
        came=sorted((_CAME_AS.get(name, name), int(count)) for name, count in _asked(_CAME, [MOST, since])),
        is_cut=sum(row[4] for row in rows) >= MOST,
    )


def _asked(statement: str, values: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _by(rows: list[tuple], column: int) -> dict:
    found: dict = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row[column]][row[2]] += row[4]
    return found


def _reasons(rows: list[tuple]) -> list[tuple[str, int]]:
    """Return why mails did not leave; of what a mail server said only its number, the rest can name a person."""
    counts: dict[str, int] = defaultdict(int)
    for _, _, state, reason, count in rows:
        if state != Message.State.SENT:
            label = Message.State(state).label
            counts[f"{label}: {reason}" if reason else label] += count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _some(rows: QuerySet) -> int:
    """Count rows, but not more than SOME."""
    return rows.order_by()[:SOME].count()


def _oldest_due(now: datetime) -> datetime | None:
    """Return since when the mail that waits longest could have left, by the index of what is due."""
    firsts = [
        Message.objects.filter(state="queued", priority=priority, not_before__lte=now)
        .order_by("not_before")
        .values_list("not_before", flat=True)[:1]
        for priority in (ACCOUNT, EVENT, SCHEDULED)
    ]
    return min(firsts[0].union(*firsts[1:], all=True), default=None)
