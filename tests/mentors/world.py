from datetime import UTC, datetime, timedelta

from mentors.models import AdviceNote, AgreementDraft
from tests.factories.accounts import UserFactory
from tests.factories.directory import MarkFactory, SlotFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.mentors import (
    ActionFactory,
    AdviceFactory,
    AgendaPointFactory,
    AgreementFactory,
    CheckInFactory,
    HandoverFactory,
    InvitationFactory,
    LookBackFactory,
    NoteFactory,
    PrivateNoteFactory,
    ProfileFactory,
    ProposedTimeFactory,
    RequestFactory,
)
from tests.factories.sharing import BlockFactory
from tests.mentors import checkin_rows, directory_rows, giving_rows, url_rows


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
    AgreementDraft.objects.create(
        mentorship=cast.mentorship, author=cast.owner, fields={"purpose": url_rows.DRAFTED}, kept_at=datetime.now(UTC)
    )
    AgreementFactory(
        mentorship=cast.former_mentorship, purpose=url_rows.FORMER_PURPOSE, author=cast.former_mentor, goals=[shared]
    )
    LookBackFactory(mentorship=cast.former_mentorship, author=cast.owner, words=url_rows.LOOK_BACK)
    world.handover = HandoverFactory(
        mentorship=cast.former_mentorship, worked_on=url_rows.HANDOVER, shared_with=[cast.mentorship]
    )
    ask = {"asker": cast.owner, "help_wanted": url_rows.ASK}
    world.profile = ProfileFactory()
    world.asked_profile = ProfileFactory(owner=cast.stranger, headline=directory_rows.HEADLINE)
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
    build_check_ins(world)
    giving_rows.build(world)
    build_directory(world)
    build_advice(world)


def build_check_ins(world):
    """Add what the owner and the mentor planned, held and wrote down; the former mentor had one too."""
    relation, former = world.cast.mentorship, world.cast.former_mentorship
    world.held = CheckInFactory(mentorship=relation, held=True, takeaways=checkin_rows.TAKEAWAY)
    world.check_in = CheckInFactory(mentorship=relation, place=checkin_rows.PLACE)
    world.offered = CheckInFactory(mentorship=relation, proposed=True, proposer=world.cast.owner)
    world.time = ProposedTimeFactory(check_in=world.offered)
    world.over = CheckInFactory(mentorship=relation, starts_at=datetime.now(UTC) - timedelta(days=1))
    world.point = AgendaPointFactory(mentorship=relation, text=checkin_rows.POINT)
    world.action = ActionFactory(check_in=world.held, text=checkin_rows.ACTION)
    NoteFactory(check_in=world.held, text=checkin_rows.SHARED_NOTE, is_shared=True)
    NoteFactory(check_in=world.held, text=checkin_rows.PRIVATE_NOTE)
    world.former_held = CheckInFactory(
        mentorship=former, held=True, takeaways=checkin_rows.TAKEAWAY, place=checkin_rows.PLACE
    )
    world.former_point = AgendaPointFactory(mentorship=former, text=checkin_rows.POINT)
    world.former_action = ActionFactory(check_in=world.former_held, text=checkin_rows.ACTION)
    NoteFactory(check_in=world.former_held, text=checkin_rows.SHARED_NOTE, is_shared=True)
    PrivateNoteFactory(mentorship=world.cast.mentorship, text=url_rows.PRIVATE_NOTE)


def build_directory(world):
    """Add what the directory shows: the stranger can be found, the colleague offers nothing yet."""
    cast = world.cast
    world.unlisted = ProfileFactory(owner=cast.colleague, is_listed=False, headline=directory_rows.UNLISTED)
    world.slot = SlotFactory(owner=cast.owner, weekday=3)
    BlockFactory(blocker=cast.stranger, blocked=cast.second_mentor)
    kept = ProfileFactory(owner=UserFactory(name=directory_rows.KEPT_NAME), is_listed=True)
    MarkFactory(owner=cast.owner, profile=kept)


def build_advice(world):
    """Add what the mentors advised, and notes about what came of it."""
    world.advice = AdviceFactory(
        check_in=world.held, text=checkin_rows.ADVICE, state="worked", marked_at=datetime.now(UTC)
    )
    world.former_advice = AdviceFactory(check_in=world.former_held, text=checkin_rows.ADVICE)
    world.advising = GoalCommentFactory(
        item=GoalFactory(owner=world.cast.owner, shared_with=[world.cast.mentorship]),
        mentorship=world.cast.mentorship,
        author=world.cast.mentor,
    )
    for each in (world.cast.mentorship, world.cast.former_mentorship):
        AdviceNote.objects.create(mentorship=each, month="2025-01", text=checkin_rows.NOTE, sent_at=datetime.now(UTC))
