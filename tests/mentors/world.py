from datetime import UTC, datetime, timedelta

from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import AgreementFactory, InvitationFactory, ProfileFactory, RequestFactory
from tests.factories.sharing import BlockFactory
from tests.mentors import url_rows


def build(world):
    """Add an open invitation from the owner to the stranger's address, and goals that must not be told."""
    cast = world.cast
    shared = GoalFactory(owner=cast.owner, title=url_rows.SHARED, shared_with=[cast.mentorship])
    shared.shared_with.add(cast.former_mentorship)
    world.shown_goal = shared
    GoalFactory(owner=cast.owner, title=url_rows.NOT_SHARED)
    world.invitation = InvitationFactory(sender=cast.owner, email=cast.stranger.email, message=url_rows.WORDS)
    world.invitation.goals.add(GoalFactory(owner=cast.owner, title=url_rows.TITLE))
    world.block = BlockFactory(blocker=cast.owner, blocked=UserFactory(name=url_rows.BLOCKED))
    world.in_a_month = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    agreed = AgreementFactory(mentorship=cast.mentorship, purpose=url_rows.PURPOSE, goals=[shared])
    AgreementFactory(
        mentorship=cast.mentorship,
        number=2,
        base=agreed,
        proposed=True,
        author=cast.mentor,
        purpose=url_rows.PURPOSE,
        reason=url_rows.REASON,
        goals=[shared],
    )
    AgreementFactory(
        mentorship=cast.former_mentorship, purpose=url_rows.FORMER_PURPOSE, author=cast.former_mentor, goals=[shared]
    )
    ask = {"asker": cast.owner, "help_wanted": url_rows.ASK}
    world.profile = ProfileFactory()
    world.asked_profile = ProfileFactory(owner=cast.stranger)
    world.request = RequestFactory(**ask, mentor=cast.stranger)
    world.request.goals.add(world.invitation.goals.get())
    world.question = RequestFactory(**ask, mentor=cast.staff, question=True)
    world.draft = RequestFactory(**ask, mentor=ProfileFactory().owner, draft=True)
    ask["created_at"] = datetime.now(UTC) - timedelta(days=30)
    world.accepted_request = RequestFactory(**ask, mentor=cast.mentor, accepted=True, mentorship=cast.mentorship)
    world.former_request = RequestFactory(
        **ask, mentor=cast.former_mentor, accepted=True, mentorship=cast.former_mentorship
    )
    world.declined_request = RequestFactory(**ask, mentor=cast.second_mentor, declined=True)
