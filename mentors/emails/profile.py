"""The mails about mentors' profiles."""

from datetime import datetime

from mail.models import Message
from mail.registry import ACCOUNT, Content, kind
from mentors.models import Profile, Report


@kind("mentor_free", words="A mentor has a place again", preference="mentoring")
def mentor_free(message: Message, *, now: datetime) -> Content | None:
    """Tell somebody who asked for it that a mentor has a place again; not when it is gone, or the two are parted."""
    if message.user is None:
        return None
    shown = Profile.objects.listed().visible_to(message.user).with_owner()
    profile = shown.filter(pk=message.ids["profile"]).first()
    if profile is None or not profile.takes_somebody(profile.owner.today(now)):
        return None
    return Content(
        template="mentors/emails/free",
        context={"profile": profile, "path": profile.get_absolute_url()},
        why="You get this once, because you asked to be told.",
    )


@kind("report", words="A report for the operator", preference=None, priority=ACCOUNT)
def report(message: Message, *, now: datetime) -> Content | None:
    """Tell the operator that there is a report. Its words stay on the admin page."""
    row = Report.objects.filter(pk=message.ids["report"], closed_at=None).select_related("reporter", "person").first()
    if row is None:
        return None
    return Content(
        template="mentors/emails/report",
        context={"report": row, "path": f"/admin/mentors/report/{row.pk}/change/"},
        why="You get this because you run this server.",
    )
