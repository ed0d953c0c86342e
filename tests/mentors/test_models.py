from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.tokens import hash_token
from mentors.models import Invitation, mask_email
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import FarewellFactory, InvitationFactory, SeenFactory
from tests.factories.sharing import BlockFactory, MentorshipFactory
from tests.factories.wins import WinFactory

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"closed_at": NOW}, "A closed invitation needs the time it closed."),
        ({"state": "declined"}, "A closed invitation needs the time it closed."),
        ({"decline_note": "Sorry"}, "Only a declined invitation has a note."),
        ({"expires_at": NOW - timedelta(days=1)}, "An invitation expires after it was sent."),
        ({"email": "Ruth@example.org"}, "Addresses are stored in lower case."),
        ({"message": ""}, "Say in your own words what you ask for."),
    ],
)
def test_invitation_constraints(db, change, message):
    invitation = InvitationFactory()
    for name, value in change.items():
        setattr(invitation, name, value)

    with pytest.raises(ValidationError, match=message):
        invitation.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        invitation.save()


def test_open_invitation_has_no_relation(db):
    invitation = InvitationFactory()
    invitation.mentorship = MentorshipFactory(mentee=invitation.sender)

    with pytest.raises(ValidationError, match="Only an accepted invitation"):
        invitation.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        invitation.save()


def test_one_open_invitation_per_sender_address_and_kind(db):
    first = InvitationFactory(email="ruth@example.org")
    InvitationFactory(sender=first.sender, email="ruth@example.org", kind="colleague")
    InvitationFactory(email="ruth@example.org")
    InvitationFactory(sender=first.sender, email="ruth@example.org", withdrawn=True)

    twin = InvitationFactory.build(sender=first.sender, email="ruth@example.org")
    with pytest.raises(ValidationError, match="asked this address already"):
        twin.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_farewell_needs_words(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        FarewellFactory(words="")
    assert FarewellFactory().words


def test_farewell_of_a_deleted_account_stays(db):
    farewell = FarewellFactory()

    farewell.mentorship.mentor.delete()

    farewell.refresh_from_db()
    assert farewell.author_name == "former member"


def test_token_is_stored_hashed_and_sealed(db):
    invitation = InvitationFactory()

    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash, token FROM mentors_invitation WHERE id = %s", [invitation.pk])
        stored_hash, sealed = cursor.fetchone()

    assert stored_hash == hash_token(invitation.token)
    assert invitation.token not in stored_hash + sealed
    assert len(invitation.token) == 22  # 128 bits
    assert Invitation.objects.with_token(invitation.token).get().token == invitation.token
    assert not Invitation.objects.with_token(invitation.token[:-1]).exists()


@pytest.mark.parametrize("verb", ["accept", "decline", "withdraw", "expire"])
def test_closing_empties_the_token(db, verb):
    invitation = InvitationFactory()
    token = invitation.token
    arguments = {
        "accept": lambda: invitation.accept(MentorshipFactory(mentee=invitation.sender), at=NOW),
        "decline": lambda: invitation.decline("Not now, but good luck.", at=NOW),
        "withdraw": lambda: invitation.withdraw(at=NOW),
        "expire": invitation.expire,
    }

    arguments[verb]()

    invitation.refresh_from_db()
    assert invitation.token == ""
    assert Invitation.objects.with_token(token).get() == invitation  # found, to say that it is closed
    assert not Invitation.objects.open(NOW).exists()


def test_expiry_is_derived_from_the_time(db):
    invitation = InvitationFactory(overdue=True)

    assert not invitation.is_open(NOW)
    assert list(Invitation.objects.overdue(NOW)) == [invitation]
    assert not Invitation.objects.open(NOW).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"deletion_asked_at": NOW}])
def test_invitations_of_a_leaving_person_are_closed(db, change):
    InvitationFactory(sender=UserFactory(**change))

    assert not Invitation.objects.open(NOW).exists()


def test_asking_only_verified_addresses_without_blocks(db):
    ruth = UserFactory(email="ruth@example.org")
    unverified = UserFactory(email="nobody@example.org", verified=False)
    mine = InvitationFactory(email="ruth@example.org")
    InvitationFactory(email="nobody@example.org")
    InvitationFactory(sender=ruth, email="ruth@example.org", kind="colleague")
    InvitationFactory(email="ruth@example.org", overdue=True)
    BlockFactory(blocker=ruth, blocked=InvitationFactory(email="ruth@example.org").sender)
    BlockFactory(blocked=ruth, blocker=InvitationFactory(email="ruth@example.org").sender)

    assert list(Invitation.objects.asking(ruth, NOW)) == [mine]
    assert not Invitation.objects.asking(unverified, NOW).exists()


def test_mask_email():
    assert mask_email("ruth@mail.example.org") == "r•••@m•••.org"


def test_seen_is_one_thing(db):
    goal = GoalFactory()
    entry = EntryFactory(owner=goal.owner)

    win = WinFactory(owner=goal.owner)
    pairs = [{"goal": goal, "entry": entry}, {"goal": goal, "win": win}, {"entry": entry, "win": win}]

    for things in ({}, *pairs):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeenFactory(**things)


def test_seen_once(db):
    mentorship = MentorshipFactory()
    goal = GoalFactory(owner=mentorship.mentee)
    entry = EntryFactory(owner=mentorship.mentee)
    SeenFactory(mentorship=mentorship, goal=goal)
    win = WinFactory(owner=mentorship.mentee)
    SeenFactory(mentorship=mentorship, entry=entry)
    SeenFactory(mentorship=mentorship, win=win)

    for thing in ({"goal": goal}, {"entry": entry}, {"win": win}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeenFactory(mentorship=mentorship, **thing)
