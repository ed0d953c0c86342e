from tests.access import Row, signed_in
from tests.goals.world import SECRETS

ROWS = [
    Row("reminders:settings_page", get=signed_in(), secrets=SECRETS, told=()),
    Row("reminders:mail_list", get=signed_in(), secrets=SECRETS, told=()),
    Row("reminders:mail_test", post=signed_in(302)),
    Row("reminders:mail_again", post=signed_in(302)),
    Row(
        "reminders:settings_save",
        post=signed_in(302),
        args=lambda world: {"part": "theme"},
        data=lambda world: {"theme": "dark"},
    ),
    Row("reminders:weekly_sample", post=signed_in(302)),
    Row("reminders:break_edit", get=signed_in(), post=signed_in(302), data=lambda world: {"from_on": _today()}),
    Row("reminders:break_end", post=signed_in(302)),
    Row("reminders:period_skip", get=signed_in(), post=signed_in(302), query="?week=2026-W47"),
]


def _today():
    from datetime import UTC, datetime

    return datetime.now(UTC).date().isoformat()
