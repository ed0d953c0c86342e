from mail.links import Stop, stop_token
from tests.access import Row, everyone

ROWS = [
    Row(
        "mail:unsubscribe",
        get=everyone(200),
        post=everyone(302),
        args=lambda world: {"token": stop_token(Stop(user_id=world.cast.owner.pk, preference="weekly"))},
        secrets=("owner@example.org", "Olive Owner"),
        told=(),
        note="the token is the proof, whoever is signed in",
    ),
    Row(
        "mail:delivery_events",
        post=everyone(404),
        args=lambda world: {"provider": "postmark"},
        note="tests have no secret of a provider; tests/mail/test_events.py sets one",
    ),
    Row(
        "mail:inbound",
        get=everyone(405),
        post=everyone(404),
        args=lambda world: {"provider": "postmark"},
        note="no secret is set in a test; tests/mail/test_hooks.py sets one",
    ),
    Row("readyz", get=everyone(503), note="no sweep has run in a test"),
]
