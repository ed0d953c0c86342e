from tests.access import Row, only, signed_in
from tests.mentors.url_rows import NOT_SHARED, SHARED, TITLE

ROWS = [
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
        "home:mentee_detail", get=only(), args=lambda world: {"pk": world.cast.former_mentorship.pk}, secrets=(SHARED,)
    ),
    Row(
        "home:mentee_seen",
        post=only("mentor", status=302),
        args=lambda world: {"pk": world.cast.mentorship.pk},
        data=lambda world: {"item": f"goal-{world.shown_goal.pk}"},
    ),
]
