"""The conversation about a goal, as one person sees it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from accounts.models import User
from core.templatetags.waymark import avatar, markdown
from core.timekeeping import local_day, say_day
from goals.models import Goal, GoalComment
from goals.proposals import Proposal, proposal_of
from goals.reading import COMMENTS
from sharing.models import Mentorship


@dataclass(frozen=True)
class Said:
    """One comment as finished strings; what the owner wrote to several threads at once is one of them.

    `removed` says who took the words away; `body` is then empty. `is_mine` and `is_removable` decide what is offered.
    """

    comment: GoalComment
    pk: str
    avatar: SafeString
    who: str
    role: str
    to: str
    when: str
    about: str
    removed: str
    body: SafeString
    is_mine: bool
    is_removable: bool
    is_reportable: bool  # somebody else's words, to the operator (the page is of a higher app)
    proposal: Proposal | None
    thanked_by: tuple[str, ...]  # of the people the words were written to; not the viewer
    may_thank: bool
    is_thanked: bool  # by the viewer
    may_keep: bool  # as advice, if it is not kept already
    kept_url: str  # where it stands among the advice its reader keeps

    @property
    def thanks(self) -> str:
        """Say who says thanks: "Amara says thanks", or nothing."""
        *others, last = self.thanked_by or ("",)
        return f"{', '.join(others)} and {last} say thanks" if others else f"{last} says thanks" if last else ""


@dataclass(frozen=True)
class Talk:
    """The comments of one page, oldest first, and the token of the page before them."""

    said: list[Said]
    earlier: str


def talk(
    goal: Goal,
    *,
    viewer: User,
    now: datetime,
    after: str | None = None,
    may_act: bool = True,
    tells_addressee: bool = False,
) -> Talk:
    """Return the latest comments `viewer` may read.

    `may_act` False shows nothing to press; `tells_addressee` adds to whom the owner wrote, where there are several.
    """
    found = COMMENTS.page(after, goal=goal.pk, viewer=viewer.pk)
    said: list[Said] = []
    for comment in reversed(found.rows):
        one = said_of(comment, goal, viewer=viewer, now=now, may_act=may_act, tells_addressee=tells_addressee)
        last = said[-1] if said else None
        if last and is_same_words(last.comment, comment):
            to = f"{last.to} and {one.to.removeprefix('to ')}" if last.to and one.to else last.to
            said[-1] = replace(last, to=to, thanked_by=last.thanked_by + one.thanked_by)
        else:
            said.append(one)
    return Talk(said, found.next_token)


def said_of(
    comment: GoalComment,
    goal: Goal,
    *,
    viewer: User,
    now: datetime,
    may_act: bool = True,
    tells_addressee: bool = False,
) -> Said:
    """Present one comment to `viewer`."""
    is_there = comment.removed_at is None
    is_author = comment.author_id == viewer.pk
    listener = comment.mentorship.mentor if comment.author_id == goal.owner_id else goal.owner
    is_listener = listener is not None and listener.pk == viewer.pk and comment.author_id is not None
    is_thanked = is_there and comment.thanked_at is not None
    is_kept = comment.kept_at is not None
    may_thank = is_there and is_listener and may_act and comment.mentorship.is_active
    role = role_of(comment, goal, viewer)
    when = say_moment(comment.created_at, zone=viewer.time_zone, today=viewer.today(now))
    return Said(
        comment=comment,
        pk=str(comment.pk),
        avatar=avatar(comment.author),
        who="Former member" if comment.author is None else "You" if is_author else str(comment.author),
        role=role,
        to=_addressee(comment, goal, viewer) if tells_addressee else "",
        when=f"{when}{comment.marks}" if is_there else when,
        about=comment.place.title if comment.place and is_there else "",
        removed="" if is_there else f"Removed by {comment.removed_by or 'a former member'}.",
        body=markdown(comment.text) if is_there else SafeString(""),
        is_mine=is_there and is_author and may_act,
        is_removable=is_there and (is_author or goal.owner_id == viewer.pk) and may_act,
        is_reportable=is_there and not is_author and comment.author_id is not None and may_act,
        proposal=proposal_of(comment, goal, viewer=viewer, today=viewer.today(now), may_act=may_act),
        thanked_by=(listener.given_name if listener else "A former member",) if is_thanked and not is_listener else (),
        may_thank=may_thank,
        is_thanked=is_thanked and is_listener,
        may_keep=may_thank and role == "Your mentor" and not is_kept,
        kept_url=comment.kept_url if is_kept and is_there and goal.owner_id == viewer.pk and may_act else "",
    )


def is_same_words(one: GoalComment, other: GoalComment) -> bool:
    """Tell whether two rows are what somebody wrote to several threads in one go."""
    return (one.author_id, one.created_at, one.text) == (other.author_id, other.created_at, other.text)


def role_of(comment: GoalComment, goal: Goal, viewer: User) -> str:
    """Return who the author is to the viewer, empty for the owner and for one's own words."""
    if comment.author_id is None or comment.author_id in {goal.owner_id, viewer.pk}:
        return ""
    if comment.author_id != comment.mentorship.mentor_id:
        return ""
    whose = "Your mentor" if goal.owner_id == viewer.pk else "Mentor"
    word = whose if comment.mentorship.is_mentor else "Colleague"
    return word if comment.mentorship.is_active else f"{word} until lately"


def who_reads(goal: Goal, readers: list[Mentorship], viewer: User) -> str:
    """Say who can see this conversation; readers are told about nobody but the owner."""
    if goal.owner_id != viewer.pk:
        if goal.threads_open:
            return "Everybody this goal is shown to can read this"
        return f"Only you and {goal.owner.given_name} can see this"
    names = [reader.mentor.given_name for reader in readers if reader.mentor]
    if not names:
        return "Nobody else can see this now"
    if len(names) == 1:
        return f"You and {names[0]} can see this"
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"You, {listed} can see this" if goal.threads_open else f"{listed} each see only what they and you write"


def say_moment(moment: datetime, *, zone: ZoneInfo, today: date) -> str:
    """Say when something was written; with the hour while it is fresh."""
    day = local_day(zone, moment)
    said = say_day(day, today)
    return f"{said}, {moment.astimezone(zone):%H:%M}" if 0 <= (today - day).days <= 1 else said


def _addressee(comment: GoalComment, goal: Goal, viewer: User) -> str:
    """Say to whom the owner wrote; only the owner needs telling."""
    if comment.author_id != goal.owner_id or goal.owner_id != viewer.pk:
        return ""
    mentor = comment.mentorship.mentor
    return f"to {mentor.given_name}" if mentor else "to a former member"
