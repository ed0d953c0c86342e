from tests.access import Row, only, signed_in

HEADLINE = "SECRET-FROM-WHO-IS-BLOCKED"
UNLISTED = "SECRET-HEADLINE-NOT-LISTED"
KEPT_NAME = "Kim Kept"


def offer(world):
    return {"pk": world.asked_profile.pk}


def unlisted(world):
    return {"pk": world.unlisted.pk}


ROWS = [
    Row(
        "mentors:mentor_list",
        get=signed_in(),
        query="?q=Research&sort=newest",
        secrets=(HEADLINE,),
        told=("owner", "mentor", "former_mentor", "colleague", "staff"),
        note="A person one blocked, or who blocked, is not found, nor is oneself.",
    ),
    Row("mentors:mentor_list", get=signed_in(), query="?sort=soonest", secrets=(UNLISTED,), told=()),
    Row("mentors:mentor_earlier", get=signed_in(), secrets=("Farid Former",), told=("owner", "former_mentor")),
    Row("mentors:profile_edit", get=signed_in(), post=signed_in(422), secrets=(HEADLINE,), told=("stranger",)),
    Row("mentors:profile_edit", get=signed_in(), secrets=(UNLISTED,), told=("colleague",), query="?x"),
    Row("mentors:slot_list", get=signed_in(), post=signed_in(422), secrets=("Thursday 17:00",), told=("owner",)),
    Row("mentors:slot_remove", post=only("owner", status=302), args=lambda world: {"pk": world.slot.pk}),
    Row("mentors:mark_list", get=signed_in(), secrets=(KEPT_NAME,), told=("owner",)),
    Row(
        "mentors:profile_detail",
        get=signed_in() | {"second_mentor": 404},
        args=offer,
        secrets=(HEADLINE,),
        note="The stranger blocked the second mentor.",
    ),
    Row("mentors:profile_detail", get=only("colleague"), args=unlisted, query="?x", secrets=(UNLISTED,)),
    Row(
        "mentors:profile_mark",
        post=signed_in(302) | {"second_mentor": 404, "stranger": 404},
        args=offer,
        data=lambda world: {"kind": "kept"},
    ),
    Row("mentors:profile_mark", post=only(), args=unlisted, query="?x", data=lambda world: {"kind": "kept"}),
    Row(
        "mentors:profile_block",
        get=signed_in() | {"second_mentor": 404, "stranger": 404},
        post=signed_in(302) | {"second_mentor": 404, "stranger": 404},
        args=offer,
    ),
    Row("mentors:report_new", get=only(), post=only(), note="Nothing is named."),
]
