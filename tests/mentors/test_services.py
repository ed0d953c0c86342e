from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.deletion import ask_deletion, erase
from goals.models import Goal
from mail.models import Message
from mail.services import is_stopped
from mentors import services
from mentors.models import Farewell, Invitation
from mentors.services import InvitationClosed
from sharing.models import Block, Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import InvitationFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORDS = "I would like to learn how you prepare an interview."


def invite(sender, email="ruth@example.org", *, kind="mentor", goals=(), now=NOW):
    return services.invite(sender=sender, email=email, kind=kind, message=WORDS, goals=goals, now=now)


def mails(kind="mentor_invitation"):
    return Message.objects.filter(kind=kind).order_by("pk")


def test_invite_writes_a_row_and_a_mail():
    sender = UserFactory()
    own, other = GoalFactory(owner=sender), GoalFactory()
    draft = GoalFactory(owner=sender, draft=True)

    invitation = invite(sender, "Ruth@Example.org", goals=[own, other, draft])

    assert invitation.email == "ruth@example.org"
    assert list(invitation.goals.all()) == [own]
    assert invitation.expires_at == NOW + timedelta(days=14)
    mail = mails().get()
    assert (mail.to, mail.user, mail.ids) == ("ruth@example.org", None, {"invitation": invitation.pk})
    assert mail.expires_at == invitation.expires_at


def test_invite_oneself():
    sender = UserFactory(email="amara@example.org")

    with pytest.raises(ValidationError, match="your own address"):
        invite(sender, "Amara@example.org")


def test_invite_the_same_address_twice():
    sender = UserFactory()
    invite(sender)

    with pytest.raises(ValidationError, match="asked this address already"):
        invite(sender, now=NOW + timedelta(hours=1))
    invite(sender, kind="colleague", now=NOW + timedelta(hours=1))  # another question


def test_invite_again_once_the_first_ran_out():
    sender = UserFactory()
    first = invite(sender)

    invite(sender, now=NOW + timedelta(days=15))

    first.refresh_from_db()
    assert (first.state, first.closed_at) == ("expired", first.expires_at)


def test_invite_again_after_a_no_waits_a_season():
    sender = UserFactory()
    services.decline_invitation(invitation=invite(sender), note="", now=NOW)

    with pytest.raises(ValidationError, match="after 19 February 2027"):
        invite(sender, now=NOW + timedelta(days=89))
    assert invite(sender, now=NOW + timedelta(days=91))


def test_invite_somebody_one_works_with_is_told_only_to_whom_it_is_known():
    sender, ruth = UserFactory(), UserFactory(email="ruth@example.org")
    known = services.accept_invitation(invitation=invite(sender), by=ruth, now=NOW)

    with pytest.raises(ValidationError, match="work together here"):
        invite(sender, now=NOW + timedelta(hours=1))

    Invitation.objects.all().delete()  # they came together in another way: her address is not the sender's to know
    assert invite(sender, now=NOW + timedelta(hours=1))
    assert known.is_active


@pytest.mark.parametrize("recipient", ["no account", "account", "unverified", "stopped", "blocked them", "was blocked"])
def test_invite_answers_the_same_whoever_the_address_is(recipient):
    """Nothing the sender can see tells whether there is an account, a block or a wish for no mail (OWASP WSTG-IDNT-04)."""
    sender = UserFactory()
    if recipient in {"account", "blocked them", "was blocked", "unverified"}:
        ruth = UserFactory(email="ruth@example.org", verified=recipient != "unverified")
    if recipient == "blocked them":
        BlockFactory(blocker=ruth, blocked=sender)
    if recipient == "was blocked":
        BlockFactory(blocker=sender, blocked=ruth)
    if recipient == "stopped":
        services.stop_mails(invitation=InvitationFactory(email="ruth@example.org"))

    invitation = invite(sender)

    assert invitation.state == "sent"
    assert invitation.mailed_at == [NOW]
    assert mails().count() == 1  # whether it may be sent is asked at sending


def test_invite_ten_a_day():
    sender = UserFactory()
    for number in range(10):
        invite(sender, f"ruth{number}@example.org")

    with pytest.raises(ValidationError, match="ten invitations in a day"):
        invite(sender, now=NOW + timedelta(hours=23))
    assert invite(sender, now=NOW + timedelta(hours=25))
    assert invite(UserFactory(), "ruth1@example.org")


def test_resend_keeps_the_link_and_gives_time():
    sender = UserFactory()
    invitation = invite(sender)

    again = services.resend_invitation(invitation=invitation, by=sender, now=NOW + timedelta(hours=1))

    assert again.token == invitation.token
    assert again.expires_at == NOW + timedelta(hours=1, days=14)
    assert mails().count() == 2


def test_resend_waits_three_minutes_and_ends_at_four():
    sender = UserFactory()
    invitation = invite(sender)

    with pytest.raises(ValidationError, match="three minutes"):
        services.resend_invitation(invitation=invitation, by=sender, now=NOW + timedelta(minutes=2))
    for day in (1, 2, 3):
        services.resend_invitation(invitation=invitation, by=sender, now=NOW + timedelta(days=day))
    with pytest.raises(ValidationError, match="four times this month"):
        services.resend_invitation(invitation=invitation, by=sender, now=NOW + timedelta(days=4))


def test_withdrawing_and_asking_again_does_not_pass_the_limit():
    sender = UserFactory()
    for day in range(4):
        services.withdraw_invitation(
            invitation=invite(sender, now=NOW + timedelta(days=day)), by=sender, now=NOW + timedelta(days=day)
        )

    with pytest.raises(ValidationError, match="four times this month"):
        invite(sender, now=NOW + timedelta(days=5))


def test_an_address_gets_two_a_day_whoever_asks():
    """The third and fourth wait for the next day, and no sender is told that others asked."""
    for _ in range(5):
        invite(UserFactory())

    turns = list(mails().values_list("not_before", flat=True))
    day = timedelta(days=1)
    assert turns == [NOW, NOW, NOW + day, NOW + day, NOW + 2 * day]


def test_a_domain_gets_its_share_of_a_day(monkeypatch):
    monkeypatch.setattr("mail.strangers.MAILS_PER_DOMAIN_AND_DAY", 2)
    for number in range(3):
        invite(UserFactory(), f"ruth{number}@mail.example.org")
    invite(UserFactory(), "ruth@example.org")

    turns = list(mails().values_list("not_before", flat=True))
    assert turns == [NOW, NOW, NOW + timedelta(days=1), NOW]


@pytest.mark.parametrize("verb", ["resend", "withdraw"])
def test_only_the_sender(verb):
    invitation = InvitationFactory()
    act = getattr(services, f"{verb}_invitation")

    with pytest.raises(PermissionDenied):
        act(invitation=invitation, by=UserFactory(), now=datetime.now(UTC))


def test_accept_opens_the_relation_and_shows_what_was_named():
    sender, ruth = UserFactory(), UserFactory(email="ruth@example.org")
    named, unnamed = GoalFactory(owner=sender), GoalFactory(owner=sender)
    invitation = invite(sender, goals=[named])
    assert not Goal.objects.visible_to(ruth).exists()

    mentorship = services.accept_invitation(invitation=invitation, by=ruth, now=NOW)

    assert (mentorship.mentor, mentorship.mentee, mentorship.kind) == (ruth, sender, "mentor")
    assert list(Goal.objects.visible_to(ruth)) == [named]
    assert unnamed not in Goal.objects.visible_to(ruth)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.mentorship) == ("accepted", mentorship)
    assert mails("mentor_accepted").get().user == sender


def test_accept_shows_no_goal_that_became_a_draft_or_was_deleted():
    sender, ruth = UserFactory(), UserFactory(email="ruth@example.org")
    binned, drafted = GoalFactory(owner=sender), GoalFactory(owner=sender)
    invitation = invite(sender, goals=[binned, drafted])
    binned.put_in_bin(at=NOW)
    Goal.objects.filter(pk=drafted.pk).update(status="draft")

    services.accept_invitation(invitation=invitation, by=ruth, now=NOW)

    assert not Goal.objects.visible_to(ruth).exists()
    assert not drafted.shared_with.exists()


def test_accept_twice_gives_the_same_relation():
    ruth = UserFactory(email="ruth@example.org")
    invitation = invite(UserFactory())

    first = services.accept_invitation(invitation=invitation, by=ruth, now=NOW)
    second = services.accept_invitation(invitation=invitation, by=ruth, now=NOW)

    assert first == second
    assert mails("mentor_accepted").count() == 1


@pytest.mark.parametrize("verified", [True, False])
def test_accept_as_somebody_else(verified):
    invitation = invite(UserFactory())
    email = "other@example.org" if verified else "ruth@example.org"

    with pytest.raises(PermissionDenied):
        services.accept_invitation(invitation=invitation, by=UserFactory(email=email, verified=verified), now=NOW)
    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("how", ["declined", "withdrawn", "overdue", "sender left"])
def test_accept_a_closed_invitation(how):
    ruth, sender = UserFactory(email="ruth@example.org"), UserFactory()
    invitation = invite(sender)
    now = NOW
    if how == "declined":
        services.decline_invitation(invitation=invitation, note="", now=NOW)
    elif how == "withdrawn":
        services.withdraw_invitation(invitation=invitation, by=sender, now=NOW)
    elif how == "overdue":
        now = NOW + timedelta(days=14)
    else:
        sender.deletion_asked_at = NOW
        sender.save()

    with pytest.raises(InvitationClosed):
        services.accept_invitation(invitation=invitation, by=ruth, now=now)
    with pytest.raises(InvitationClosed):
        services.decline_invitation(invitation=invitation, note="", now=now)
    assert not Mentorship.objects.exists()


def test_accept_when_the_two_work_together_already():
    ruth, sender = UserFactory(email="ruth@example.org"), UserFactory()
    mentor, colleague = invite(sender), invite(sender, kind="colleague", now=NOW + timedelta(hours=1))
    services.accept_invitation(invitation=mentor, by=ruth, now=NOW + timedelta(hours=2))

    with pytest.raises(ValidationError, match="already work together"):
        services.accept_invitation(invitation=colleague, by=ruth, now=NOW + timedelta(hours=2))


def test_accept_between_people_who_block_each_other():
    ruth, sender = UserFactory(email="ruth@example.org"), UserFactory()
    invitation = invite(sender)
    BlockFactory(blocker=ruth, blocked=sender)

    with pytest.raises(ValidationError, match="not possible between you two"):
        services.accept_invitation(invitation=invitation, by=ruth, now=NOW)


def test_decline_with_a_word():
    sender = UserFactory()
    invitation = invite(sender)

    services.decline_invitation(invitation=invitation, note="Not this year, but ask me again.", now=NOW)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.decline_note) == ("declined", "Not this year, but ask me again.")
    assert mails("mentor_declined").get().user == sender


def test_stop_mails_keeps_only_a_hash():
    services.stop_mails(invitation=InvitationFactory(email="ruth@example.org"))

    assert is_stopped("Ruth@example.org")


def test_is_invited():
    InvitationFactory(email="ruth@example.org")
    InvitationFactory(email="late@example.org", overdue=True)
    InvitationFactory(email="gone@example.org", withdrawn=True)
    now = datetime.now(UTC)

    assert services.is_invited("Ruth@Example.org", now=now)
    assert not services.is_invited("late@example.org", now=now)
    assert not services.is_invited("gone@example.org", now=now)


@pytest.mark.parametrize("side", ["mentee", "mentor"])
@pytest.mark.parametrize("words", ["", "Thank you for every question."])
def test_end_with_words(side, words):
    mentorship = MentorshipFactory()
    goal = GoalFactory(owner=mentorship.mentee, shared_with=[mentorship])
    by = getattr(mentorship, side)

    services.end_with_words(mentorship=mentorship, by=by, words=words, now=NOW)
    services.end_with_words(mentorship=mentorship, by=by, words="again", now=NOW)

    mentorship.refresh_from_db()
    assert not mentorship.is_active
    assert not Goal.objects.visible_to(mentorship.mentor).exists()
    assert list(Goal.objects.visible_to(mentorship.mentee)) == [goal]
    assert [row.words for row in Farewell.objects.all()] == ([words] if words else [])
    assert mails("mentorship_ended").get().user == mentorship.other(by)


def test_end_by_somebody_else():
    with pytest.raises(PermissionDenied):
        services.end_with_words(mentorship=MentorshipFactory(), by=UserFactory(), words="", now=NOW)


def test_block_ends_both_directions_and_withdraws():
    mentorship = MentorshipFactory()
    other_way = MentorshipFactory(mentee=mentorship.mentor, mentor=mentorship.mentee)
    asked = InvitationFactory(sender=mentorship.mentee, email=mentorship.mentor.email, kind="colleague")

    services.block_person(mentorship=mentorship, by=mentorship.mentee, now=datetime.now(UTC))

    assert not Mentorship.objects.active().exists()
    assert Block.objects.get().blocked == mentorship.mentor
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert {row.ids["mentorship"] for row in mails("mentorship_ended")} == {mentorship.pk, other_way.pk}


def test_block_leaves_what_the_other_asked_unanswerable():
    mentorship = MentorshipFactory()
    blocker, other = mentorship.mentee, mentorship.mentor
    theirs = invite(other, blocker.email, kind="colleague")

    services.block_person(mentorship=mentorship, by=blocker, now=NOW)

    assert list(Invitation.objects.owned_by(other).open(NOW)) == [theirs]  # the other sees no difference
    assert not Invitation.objects.asking(blocker, NOW).exists()
    with pytest.raises(ValidationError):
        services.accept_invitation(invitation=theirs, by=blocker, now=NOW)


def test_block_a_former_member_does_nothing():
    mentorship = MentorshipFactory(ended=True, mentor=None)

    services.block_person(mentorship=mentorship, by=mentorship.mentee, now=NOW)

    assert not Block.objects.exists()


def test_block_sender():
    ruth, sender = UserFactory(email="ruth@example.org"), UserFactory()
    invitation = invite(sender)

    services.block_sender(invitation=invitation, by=ruth, now=NOW)

    assert Block.between(ruth, sender)
    assert not Invitation.objects.asking(ruth, NOW).exists()
    assert list(Invitation.objects.owned_by(sender).open(NOW)) == [invitation]  # the sender sees no difference
    with pytest.raises(PermissionDenied):
        services.block_sender(invitation=invitation, by=UserFactory(), now=NOW)


def test_pause_keeps_sight():
    mentorship = MentorshipFactory()
    GoalFactory(owner=mentorship.mentee, shared_with=[mentorship])
    until = (NOW + timedelta(days=9)).date()

    services.pause_mentorship(mentorship=mentorship, by=mentorship.mentor, until=until)

    mentorship.refresh_from_db()
    assert mentorship.paused_until == until
    assert Goal.objects.visible_to(mentorship.mentor).exists()


def test_pause_an_ended_relation():
    mentorship = MentorshipFactory(ended=True)

    with pytest.raises(PermissionDenied):
        services.pause_mentorship(mentorship=mentorship, by=mentorship.mentor, until=NOW.date())


def test_housekeeping():
    overdue = InvitationFactory(created_at=NOW - timedelta(days=20))
    fresh = InvitationFactory(created_at=NOW)
    old = InvitationFactory(
        created_at=NOW - timedelta(days=300), state="withdrawn", closed_at=NOW - timedelta(days=290)
    )

    assert services.housekeeping(now=NOW) == 2
    assert services.housekeeping(now=NOW) == 0

    overdue.refresh_from_db()
    assert (overdue.state, overdue.token) == ("expired", "")
    assert set(Invitation.objects.all()) == {overdue, fresh}
    assert old.pk


def test_leaving_ends_tells_and_withdraws():
    mentorship = MentorshipFactory()
    leaving = mentorship.mentor
    asked = InvitationFactory(sender=leaving)
    told = InvitationFactory(email=leaving.email, declined=True)
    open_one = InvitationFactory(email=leaving.email)

    ask_deletion(user=leaving, at=NOW)

    assert mails("mentorship_ended").get().user == mentorship.mentee
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert Invitation.objects.filter(pk=told.pk).exists()  # they may come back

    erase(user=leaving, at=NOW + timedelta(days=7))

    assert mails("mentorship_ended").count() == 1
    assert list(Invitation.objects.all()) == [open_one]


def test_leaving_as_the_one_who_shows():
    mentorship = MentorshipFactory()

    ask_deletion(user=mentorship.mentee, at=NOW)
    assert mails("mentorship_ended").get().user == mentorship.mentor
    erase(user=mentorship.mentee, at=NOW + timedelta(days=7))

    assert not Mentorship.objects.exists()
