"""Every mail between two people in both forms, whatever the two are called."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from mail import registry
from mail.letters import compose
from mail.services import queue
from mentors.models import AdviceNote
from tests.factories.accounts import UserFactory
from tests.factories.giving import IntroductionFactory, ThanksFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.mentors import (
    AgreementFactory,
    CheckInFactory,
    FarewellFactory,
    InvitationFactory,
    LookBackFactory,
    ProposedTimeFactory,
    RequestFactory,
)
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinCommentFactory, WinFactory

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
NAMES = [
    "Zoë " + "Ångström" * 9,
    '李小龍 & "Söhne" <b>🎈</b>',
    "عبد الله بن عبد العزيز",
    "O’Brien, the “2nd”; Dr. =?utf-8?q?x?=",
]


def everything(mentee, mentor):
    """Yield the kind of each mail between the two, the ids it is about, and whom it goes to."""
    one = MentorshipFactory(mentee=mentee, mentor=mentor)
    over = MentorshipFactory(mentee=mentee, mentor=mentor, ended=True)
    words = {"words": f"From {mentor.name} & all."}
    planned = CheckInFactory(mentorship=one, starts_at=NOW + timedelta(days=3), place=mentor.name, sequence=1)
    offered = ProposedTimeFactory(check_in__mentorship=one, check_in__proposed=True, starts_at=NOW + timedelta(days=2))
    cancelled = CheckInFactory(mentorship=one, cancelled=True, starts_at=NOW + timedelta(days=3))
    version = AgreementFactory(mentorship=one, author=mentee, proposed=True, purpose=mentor.name)
    invitation = InvitationFactory(sender=mentee, email="somebody@example.org", message=mentee.name)
    asked = RequestFactory(asker=mentee, mentor=mentor, help_wanted=mentee.name)
    note = AdviceNote.objects.create(mentorship=one, month="2026-11", text=mentor.name, sent_at=NOW)
    goal = GoalFactory(owner=mentee, shared_with=[one], title=mentor.name)
    win = WinFactory(owner=mentee, shared_with=[one], text=mentor.name)
    FarewellFactory(mentorship=over, **words)
    LookBackFactory(mentorship=over)
    for state, kind, to in (
        ("offered", "introduction_offered", mentee),
        ("asked", "introduction_asked", "asked@example.org"),
        ("made", "introduction_made", mentee),
        ("made", "introduction_made_known", mentor),
        ("made", "introduction_made_to_other", "made@example.org"),
    ):
        extra = {"closed_at": NOW} if state == "made" else {}
        row = IntroductionFactory(mentorship=one, state=state, who=mentor.name, email=f"{state}@example.org", **extra)
        yield kind, {"introduction": row.pk}, to
    yield "mentor_invitation", {"invitation": invitation.pk}, "somebody@example.org"
    yield "mentor_accepted", {"mentorship": one.pk}, mentee
    yield "mentor_request", {"request": asked.pk}, mentor
    yield "mentor_request_reminder", {"request": asked.pk, "number": 1}, mentor
    yield "agreement_proposed", {"agreement": version.pk}, mentor
    yield "checkin_planned", {"check_in": planned.pk, "sequence": 1}, mentor
    yield (
        "checkin_proposed",
        {"check_in": offered.check_in_id, "first": offered.pk},
        one.other(offered.check_in.proposer),
    )
    yield "checkin_cancelled", {"check_in": cancelled.pk, "by": mentee.pk}, mentor
    yield "advice_note", {"note": note.pk}, mentor
    yield "mentor_thanks", {"thanks": ThanksFactory(mentorship=one, sender=mentee, recipient=mentor).pk}, mentor
    yield "mentorship_ended", {"mentorship": over.pk}, mentee
    yield "mentor_thanked", {"mentorship": over.pk}, mentee
    yield "look_back_written", {"mentorship": over.pk}, mentor
    for item, factory, kind in ((goal, GoalCommentFactory, "goal_comment"), (win, WinCommentFactory, "win_comment")):
        said = factory(item=item, mentorship=one, text=f"{mentor.name} <script>\n\n*well*")
        yield kind, {"comment": said.pk, "item": item.pk, "mentorship": one.pk}, mentee


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_between_two_people_in_both_forms(name):
    mentee, mentor = UserFactory.create_batch(2, name=name)
    for number, (kind, ids, to) in enumerate(everything(mentee, mentor)):
        who = {"to": to} if isinstance(to, str) else {"user": to}
        message = queue(kind, ids=ids, dedupe=f"{kind}:{number}", **who)
        content = registry.find(kind).contents([message], now=NOW)[message.pk]
        assert content is not None, kind

        letter = compose(message, content, now=NOW)
        mail = message_from_bytes(letter.as_bytes(), policy=policy.default)

        text, html = (mail.get_body((form,)).get_content() for form in ("plain", "html"))
        assert mail["To"].addresses[0].addr_spec == (to if isinstance(to, str) else to.email)
        assert not mail.defects, kind
        assert 0 < len(mail["Subject"]) < 200, kind
        assert all(len(line) <= 998 for line in letter.as_bytes().split(b"\r\n")), kind
        assert "<b>🎈" not in html, kind
        assert "<script" not in html, kind
        assert "&lt;" not in text, kind
        assert "&amp;" not in text, kind
