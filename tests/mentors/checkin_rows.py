"""Who may open the pages about check-ins: the two of the relation while it lasts, then the mentee alone."""

from datetime import UTC, datetime, timedelta

from tests.access import Row, only

TAKEAWAY = "SECRET-TAKEAWAY"
POINT = "SECRET-POINT"
ACTION = "SECRET-ACTION"
PLACE = "https://secret-place.example/room"
SHARED_NOTE = "SECRET-NOTE-FOR-BOTH"
PRIVATE_NOTE = "SECRET-NOTE-FOR-ONESELF"
ADVICE = "SECRET-ADVICE"
NOTE = "SECRET-NOTE-OF-A-MONTH"
WORDS = (TAKEAWAY, POINT, ACTION, PLACE, SHARED_NOTE, PRIVATE_NOTE)

BOTH = only("owner", "mentor")
BOTH_POST = only("owner", "mentor", status=302)
# After the end: the mentee reads, nobody writes, the former mentor finds nothing.
KEPT = only("owner")
CLOSED = only("owner", status=403)


def relation(world):
    return {"pk": world.cast.mentorship.pk}


def ended(world):
    return {"pk": world.cast.former_mentorship.pk}


def of(name, **more):
    """Return the arguments of a page about one check-in of the world."""

    def args(world):
        check_in = getattr(world, name)
        extra = {key: getattr(world, value).pk for key, value in more.items()}
        return {"pk": check_in.mentorship_id, "check_in_pk": check_in.pk} | extra

    return args


def colleagueship(world):
    return {"pk": world.cast.colleagueship.pk}


def proposal(world):
    day = datetime.now(UTC).date() + timedelta(days=5)
    return {"day_1": day.isoformat(), "time_1": "17:30", "minutes": 45, "channel": "video"}


def past(world):
    day = datetime.now(UTC).date() - timedelta(days=5)
    return {"day": day.isoformat(), "time": "17:30", "minutes": 45, "channel": "phone"}


def note(world):
    return {"kind": "shared", "shared-text": "x", "shared-version": 0}


def after(world):
    return {"after-version": 1, "after-takeaways": "x", "after-advice": "", "after-owner_1": "me"}


ROWS = [
    Row("mentors:checkin_list", get=BOTH, args=relation, secrets=WORDS[1:2]),
    Row("mentors:checkin_list", get=KEPT, args=ended, secrets=WORDS),
    Row("mentors:checkin_list", get=only(), args=colleagueship, note="A colleague does not meet."),
    Row("mentors:checkin_new", get=BOTH, post=BOTH_POST, args=relation, data=proposal),
    Row(
        "mentors:checkin_new",
        get=only("owner", status=302),
        post=only("owner", status=302),
        args=ended,
        data=proposal,
        note="Led back to the list, which says that it has ended.",
    ),
    Row("mentors:checkin_new", get=only(), post=only(), args=colleagueship, data=proposal),
    Row("mentors:checkin_log", get=BOTH, post=BOTH_POST, args=relation, data=past),
    Row("mentors:checkin_log", get=only("owner", status=302), post=only("owner", status=302), args=ended, data=past),
    Row("mentors:checkin_detail", get=BOTH, args=of("check_in"), secrets=(POINT, PLACE, ACTION)),
    Row("mentors:checkin_detail", get=BOTH, args=of("held"), secrets=(TAKEAWAY, ACTION, SHARED_NOTE)),
    Row(
        "mentors:checkin_detail",
        get=BOTH,
        args=of("held"),
        secrets=(PRIVATE_NOTE,),
        told=("owner",),
        note="What is for one's own eyes is not shown to the other.",
    ),
    Row("mentors:checkin_detail", get=KEPT, args=of("former_held"), secrets=WORDS),
    Row(
        "mentors:checkin_pick",
        post=only("mentor", status=302) | {"owner": 403},
        args=of("offered"),
        data=lambda world: {"time": world.time.pk},
    ),
    Row("mentors:checkin_pick", post=CLOSED, args=of("former_held"), data=lambda world: {"time": world.time.pk}),
    Row("mentors:checkin_move", get=BOTH, post=BOTH_POST, args=of("check_in"), data=proposal),
    Row(
        "mentors:checkin_move",
        get=only("owner", status=302),
        post=only("owner", status=302),
        args=of("former_held"),
        data=proposal,
    ),
    Row("mentors:checkin_cancel", get=BOTH, post=BOTH_POST, args=of("check_in")),
    Row("mentors:checkin_cancel", get=only("owner", status=302), post=CLOSED, args=of("former_held")),
    Row("mentors:checkin_missed", post=BOTH_POST, args=of("over")),
    Row("mentors:checkin_missed", post=CLOSED, args=of("former_held")),
    Row("mentors:checkin_after", post=BOTH_POST, args=of("over"), data=after),
    Row("mentors:checkin_after", post=CLOSED, args=of("former_held"), data=after),
    Row("mentors:checkin_note", post=BOTH_POST, args=of("check_in"), data=note),
    Row("mentors:checkin_note", post=CLOSED, args=of("former_held"), data=note),
    Row("mentors:point_new", post=BOTH_POST, args=relation, data=lambda world: {"text": "x"}),
    Row("mentors:point_new", post=CLOSED, args=ended, data=lambda world: {"text": "x"}),
    Row("mentors:point_tick", post=BOTH_POST, args=of("check_in", point="point"), data=lambda world: {"done": "1"}),
    Row("mentors:point_tick", post=CLOSED, args=of("former_held", point="former_point")),
    Row(
        "mentors:point_tick",
        post=only(),
        args=of("check_in", point="former_point"),
        note="A point of another relation is not there.",
    ),
    Row(
        "mentors:point_remove",
        post=only("owner", status=302) | {"mentor": 403},
        args=lambda world: relation(world) | {"point": world.point.pk},
    ),
    Row("mentors:point_remove", post=CLOSED, args=lambda world: ended(world) | {"point": world.former_point.pk}),
    Row("mentors:action_tick", post=BOTH_POST, args=lambda world: relation(world) | {"action": world.action.pk}),
    Row("mentors:action_tick", post=CLOSED, args=lambda world: ended(world) | {"action": world.former_action.pk}),
    Row("mentors:advice_list", get=BOTH, args=relation, secrets=(ADVICE, NOTE)),
    Row(
        "mentors:advice_list",
        get=BOTH,
        args=relation,
        secrets=("Tell Mina", 'value="worked"', "Did not work"),
        told=("owner",),
        note="What came of advice is the mentee's to tell.",
    ),
    Row("mentors:advice_list", get=KEPT, args=ended, secrets=(ADVICE, NOTE)),
    Row("mentors:advice_list", get=only(), args=colleagueship),
    Row(
        "mentors:advice_note",
        get=only("owner") | {"mentor": 403},
        post=only("owner", status=302) | {"mentor": 403},
        args=relation,
        data=lambda world: {"text": "It worked.", "told": world.advice.pk},
        secrets=(ADVICE,),
    ),
    Row("mentors:advice_note", get=CLOSED, post=CLOSED, args=ended, data=lambda world: {"text": "x"}),
    Row(
        "mentors:advice_mark",
        post=only("owner", status=302) | {"mentor": 403},
        args=lambda world: relation(world) | {"advice": world.advice.pk},
        data=lambda world: {"state": "tried"},
    ),
    Row("mentors:advice_mark", post=CLOSED, args=lambda world: ended(world) | {"advice": world.former_advice.pk}),
    Row(
        "mentors:advice_keep",
        post=only("owner", status=302) | {"mentor": 403},
        args=lambda world: relation(world) | {"comment": world.advising.pk},
    ),
]
