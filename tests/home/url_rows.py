from datetime import UTC, datetime

from tests.access import Row, everyone, only, signed_in
from tests.contacts.url_rows import SECRETS as CONTACTS
from tests.goals.world import SECRETS
from tests.mentors.url_rows import NOT_SHARED, PRIVATE_NOTE, SHARED, TITLE


def feed_read_just_now(world):
    """A further reading within five minutes then writes nothing, however long ago the world was made."""
    type(world.feed).objects.filter(pk=world.feed.pk).update(read_at=datetime.now(UTC))
    return {"token": "feed-of-the-owner"}


ROWS = [
    Row("home:this_week", get=everyone(), secrets=SECRETS + CONTACTS, told=("owner",)),
    Row(
        "home:promise_tick",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.action.pk},
        data=lambda world: {"done": "1"},
        note="Whoever promised it; the other has the page of the check-in.",
        secrets=SECRETS,
        told=("owner",),
    ),
    Row(
        "home:week_tick",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.milestone.pk},
        data=lambda world: {"done": "1"},
        note="Readers tick nothing; the list is the owner's own.",
        secrets=SECRETS,
        told=("owner",),
    ),
    Row(
        "home:contact_tick",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.contact.pk},
        data=lambda world: {"done": "1"},
        note="Contacts are nobody else's business.",
        secrets=CONTACTS,
        told=("owner",),
    ),
    Row(
        "home:follow_up_tick",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.follow_up.pk},
        data=lambda world: {"done": "1"},
        note="Contacts are nobody else's business.",
        secrets=CONTACTS,
        told=("owner",),
    ),
    Row(
        "home:conversation_tick",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.interaction.pk},
        data=lambda world: {"done": "1"},
        note="Contacts are nobody else's business.",
        secrets=CONTACTS,
        told=("owner",),
    ),
    Row(
        "home:week_mood",
        post=signed_in(302),
        data=lambda world: {"mood": "4"},
        note="Each notes their own day.",
        secrets=SECRETS,
        told=(),
    ),
    Row(
        "home:week_focus",
        get=signed_in(),
        post=signed_in(302),
        data=lambda world: {"text": "One thing"},
        note="Each says their own.",
        secrets=SECRETS,
        told=(),
    ),
    Row(
        "home:around",
        get=only("owner", "mentor"),
        args=lambda world: {"kind": "goal", "pk": world.goal.pk},
        secrets=("SECRETTITLE",),
    ),
    Row(
        "home:around",
        get=only("owner", "mentor"),
        args=lambda world: {"kind": "goal", "pk": world.goal.pk},
        secrets=("SECRETCONTACT",),
        told=("owner",),
        note="A reader of the goal is never told of the contacts it names.",
    ),
    Row(
        "home:around",
        get=only("owner"),
        args=lambda world: {"kind": "contact", "pk": world.contact.pk},
        secrets=("SECRETTITLE", "SECRETCONTACT"),
    ),
    Row(
        "home:around",
        get=only("owner", "mentor"),
        args=lambda world: {"kind": "entry", "pk": world.entry.pk},
        secrets=("The quiet canteen",),
    ),
    Row(
        "home:around",
        get=only("owner"),
        args=lambda world: {"kind": "entry", "pk": world.note.pk},
        secrets=("A note of mine",),
    ),
    *(
        Row(
            "home:around",
            get=sees,
            args=lambda world, name=name: {"kind": "goal", "pk": getattr(world, name).pk},
            secrets=("SECRETTITLE",),
        )
        for name, sees in (("private_goal", only("owner")), ("deleted_goal", only()))
    ),
    Row("home:add", get=signed_in(), secrets=SECRETS, told=("owner",)),
    Row("home:more", get=signed_in(), secrets=SECRETS, told=()),
    Row("home:mentee_list", get=signed_in(), secrets=(SHARED,), told=("mentor",)),
    Row("home:mentee_list", get=signed_in(), secrets=(NOT_SHARED, TITLE), told=()),
    Row(
        "home:mentee_detail",
        get=only("mentor"),
        args=lambda world: {"pk": world.cast.mentorship.pk},
        secrets=(SHARED,),
        note="The owner looks at the relation on /mentorships/.",
    ),
    Row(
        "home:mentee_detail",
        get=only("mentor"),
        args=lambda world: {"pk": world.cast.mentorship.pk},
        secrets=CONTACTS,
        told=(),
        note="Whom a mentee knows is not for their mentor.",
    ),
    Row(
        "home:mentee_detail", get=only(), args=lambda world: {"pk": world.cast.former_mentorship.pk}, secrets=(SHARED,)
    ),
    Row(
        "home:mentee_seen",
        post=only("mentor", status=302),
        args=lambda world: {"pk": world.cast.mentorship.pk},
        data=lambda world: {"item": f"goal-{world.shown_goal.pk}"},
        secrets=(SHARED,),
        told=(),
    ),
    Row(
        "home:mentee_snooze",
        post=only("mentor", status=302),
        data=lambda world: {"item": f"goal-{world.shown_goal.pk}", "when": "tomorrow"},
        secrets=(SHARED,),
        note="Only what is on one's own desk can be set aside.",
    ),
    Row(
        "home:mentee_wake",
        post=signed_in(302),
        args=lambda world: {"key": f"goal-{world.shown_goal.pk}"},
        secrets=(SHARED,),
        note="Each brings back their own; for others nothing happens.",
    ),
    Row("home:mentee_list", get=signed_in(), secrets=(PRIVATE_NOTE,), told=("mentor",)),
    Row("home:privacy", get=signed_in(), secrets=(SHARED,), told=("owner",)),
    Row(
        "home:share_withdraw",
        post=only("owner", status=302),
        args=lambda world: {"pk": world.cast.mentorship.pk},
        data=lambda world: {"item": f"goal-{world.shown_goal.pk}"},
        secrets=(SHARED,),
        told=(),
    ),
    Row("home:calendar", get=signed_in(), secrets=SECRETS, told=()),
    Row(
        "home:calendar_make",
        post=signed_in(),
        data=lambda world: {"replaces": world.feed.mark},
        note="Shows the address it made, so it is no redirect.",
        secrets=SECRETS,
        told=(),
    ),
    Row(
        "home:calendar_titles",
        post=only("owner", status=302),
        data=lambda world: {"on": "on"},
        secrets=SECRETS,
        told=(),
    ),
    Row("home:calendar_off", post=signed_in(302), secrets=SECRETS, told=()),
    Row(
        "home:calendar_feed",
        get=everyone(),
        args=feed_read_just_now,
        secrets=SECRETS,
        told=(),
        note="The secret address is the proof; titles are hidden until the owner shows them.",
    ),
    Row(
        "home:calendar_feed",
        get=everyone(404),
        args=lambda world: {"token": "feed-of-nobody"},
        secrets=SECRETS,
        told=(),
    ),
    Row("home:export", get=signed_in(302), post=signed_in(302), note="asks for the password first"),
]
