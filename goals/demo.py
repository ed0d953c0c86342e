"""The goals of the demo people, with dates around today (devstack.demo)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate, Revision
from sharing.models import Mentorship


@dataclass(frozen=True)
class Step:
    """A milestone: due in so many days (negative: ago), done so many days ago."""

    title: str
    due: int | None
    done: int | None = None
    at: int | None = None


@dataclass(frozen=True)
class Log:
    """Something logged so many days ago."""

    ago: int
    value: float | None
    note: str = ""


@dataclass(frozen=True)
class Said:
    """A comment in the thread of `reader`, by the reader or (`mine`) the owner."""

    reader: str
    ago: int
    clock: str
    text: str
    mine: bool = False
    about: str = ""


@dataclass(frozen=True)
class Change:
    """A line of history."""

    ago: int
    field: str
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """A goal and all that happened with it. `began` days ago, `due` in days; `ended` and `resting` days ago."""

    owner: str
    title: str
    why: str
    began: int
    due: int | None
    count: tuple[float, float, str] | None = None
    measure: str = "number"
    achievable: str = ""
    readers: tuple[str, ...] = ()
    status: str = "active"
    ended: int | None = None
    resting: int | None = None
    note: str = ""
    steps: tuple[Step, ...] = ()
    logs: tuple[Log, ...] = ()
    said: tuple[Said, ...] = ()
    changes: tuple[Change, ...] = ()


STORIES = (
    Story(
        owner="amara",
        title="Run 12 user interviews",
        why=(
            "I want to stop guessing what clinic receptionists struggle with. Twelve conversations is enough to hear "
            "the same thing from different people, and enough to show I can do this work."
        ),
        achievable="Two hours a week, mostly Tuesday mornings. Hannah knows people at three clinics.",
        began=59,
        due=64,
        count=(0, 12, "interviews"),
        readers=("ruth",),
        steps=(
            Step("Find the first 3 people to talk to", -41, done=41),
            Step("3 interviews done", -26, done=26, at=3),
            Step("Finish the interview guide", 1),
            Step("7 interviews done", 22, at=7),
            Step("12 interviews and a two-page summary", 64, at=12),
        ),
        logs=(
            Log(47, 1, "Nervous, and she talked for an hour anyway."),
            Log(38, 2, "Two questions too many about the software."),
            Log(26, 3, "She drew the desk for me without being asked."),
            Log(15, 4, "Short one, 25 minutes. Still useful."),
            Log(2, 5, "Phone desk at St Anne's. No notes this time."),
        ),
        said=(
            Said(
                "ruth",
                8,
                "09:12",
                'Good start. When you say "receptionists", do you mean front desk only, or the people who handle the '
                "phones too? They live very different days.",
            ),
            Said(
                "ruth",
                7,
                "19:40",
                "Both so far, without noticing. I have split the list in two now: three front desk, two phones. The "
                "phone people talk about interruptions almost at once.",
                mine=True,
            ),
            Said(
                "ruth",
                1,
                "17:20",
                "Five in is when it clicks. Before number six, try cutting your guide to **seven questions** and see "
                "what silence gives you.",
                about="Finish the interview guide",
            ),
        ),
        changes=(
            Change(40, "due_on", "-15", "64", "Two of the clinics only have time in spring."),
            Change(40, "title", "Talk to receptionists", "Run 12 user interviews", "Ruth asked how many."),
        ),
    ),
    Story(
        owner="amara",
        title="Give a short talk at a local meetup",
        why="I want to get better at explaining what I find. Slides hide too much.",
        began=75,
        due=-6,
        measure="milestones",
        steps=(
            Step("Ask the organisers for a slot", -48, done=50),
            Step("Give it once to colleagues", -29, done=20),
            Step("Give the talk", -6),
        ),
        logs=(Log(20, None, "Ran two minutes over. The story about the fax machine stays in."),),
    ),
    Story(
        owner="amara",
        title="Get comfortable with SQL",
        why="I want to answer my own questions without waiting for a report.",
        achievable="30 minutes a day, and the practice database at work.",
        began=73,
        due=110,
        measure="milestones",
        readers=("priya",),
        steps=(
            Step("Finish the first course", -36, done=38),
            Step("Answer one real question alone", 18, done=4),
            Step("Joins without looking them up", 64),
            Step("A weekly report that others use", 110),
        ),
        logs=(
            Log(4, None, "How many tickets come in before nine? Now I know, and nobody had to help."),
            Log(1, None, "Wrote my first working JOIN."),
        ),
        said=(
            Said("priya", 3, "12:05", "The ticket query is neat. Want to see how I would make it faster?"),
            Said("priya", 3, "12:31", "Yes please. Thursday over lunch?", mine=True),
        ),
    ),
    Story(
        owner="amara",
        title="Move into a user research role",
        why="This is the work that makes the day go fast.",
        began=64,
        due=202,
        measure="milestones",
        readers=("ruth",),
        steps=(
            Step("Say it out loud to my manager", -6, done=9),
            Step("Three case studies to show", 56),
            Step("First interview for a role", 122),
            Step("An offer", 202),
        ),
        logs=(Log(9, None, "She was not surprised. There may be a place in the autumn."),),
        said=(Said("ruth", 9, "20:02", "That was the hardest of the four. Well done."),),
    ),
    Story(
        owner="amara",
        title="Learn enough German for a conference",
        why="Half of the people whose papers I read work in Berlin.",
        began=150,
        due=90,
        count=(0, 40, "lessons"),
        status="paused",
        resting=24,
        logs=(Log(90, 6), Log(40, 11, "The dative again.")),
        changes=(Change(24, "status", "active", "paused", "One thing at a time until the interviews are done."),),
    ),
    Story(
        owner="amara",
        title="Write about what I learn, once a month",
        why="",
        began=5,
        due=None,
        status="draft",
    ),
    Story(
        owner="amara",
        title="Find a mentor who works in research",
        why="I do not know anybody who does this work every day.",
        began=230,
        due=-150,
        measure="yes_no",
        status="achieved",
        ended=168,
        note="Ruth said yes. Asked three people.",
    ),
    Story(
        owner="amara",
        title="Read two books on interviewing",
        why="Other people have made the mistakes already.",
        began=160,
        due=-90,
        count=(0, 2, "books"),
        status="achieved",
        ended=104,
        note="Finished two weeks early",
        readers=("ruth",),
        logs=(Log(130, 1, "Interviewing Users"), Log(104, 2)),
    ),
    Story(
        owner="amara",
        title="Run a half marathon",
        why="To have something that has nothing to do with work.",
        began=300,
        due=-60,
        count=(5, 21, "km"),
        status="dropped",
        ended=120,
        note="My knee said no. Swimming does the same for my head.",
        logs=(Log(250, 8), Log(190, 11)),
        changes=(Change(120, "status", "active", "dropped", "My knee said no. Swimming does the same for my head."),),
    ),
    Story(
        owner="leo",
        title="Train two new colleagues by April",
        why="If I can teach it, I understand it. And I would like to become the trainer.",
        began=70,
        due=50,
        count=(0, 2, "colleagues"),
        readers=("amara",),
        logs=(Log(14, 1, "Nadia took her first shift without me."),),
        said=(
            Said("amara", 12, "08:50", "What did Nadia find hardest? That may be your first chapter."),
            Said("amara", 11, "18:15", "The returns, of course. It goes into the handbook.", mine=True),
        ),
    ),
    Story(
        owner="leo",
        title="Write the returns handbook",
        why="Everybody asks me, and I am not always there.",
        began=84,
        due=36,
        count=(0, 10, "chapters"),
        readers=("amara",),
        steps=(
            Step("Three chapters read by the team", -50, done=50, at=3),
            Step("Six chapters", -18, done=20, at=6),
            Step("Print the first ten copies", 36, at=10),
        ),
        logs=(Log(50, 3), Log(20, 6), Log(5, 8, "The one about broken seals took three evenings.")),
    ),
    Story(
        owner="sofia",
        title="Lead the Monday stand-up on my own",
        why="I know the answers. I want to trust that when people look at me.",
        began=42,
        due=58,
        measure="milestones",
        readers=("amara",),
        steps=(
            Step("Lead one with Jonas beside me", -22, done=22),
            Step("Lead one alone", -2, done=3),
            Step("Cut somebody short, kindly", 16),
            Step("Four in a row", 38),
            Step("Ask the team how it is for them", 58),
        ),
        logs=(Log(3, None, "Nine minutes. Jonas was ill, so I had to."),),
        said=(
            Said("amara", 20, "21:10", "Nine people, nine minutes. What would you leave out?"),
            Said("amara", 1, "13:45", "How do you cut someone short without being rude?", mine=True),
        ),
    ),
)


def fill(cast: Any, today: date) -> None:
    """Write the stories that are not there yet; a goal is known by its owner and its title."""
    for story in STORIES:
        owner: User = getattr(cast, story.owner)
        if not Goal.objects.filter(owner=owner, title=story.title).exists():
            _tell(story, owner, cast, today)


def _tell(story: Story, owner: User, cast: Any, today: date) -> None:
    def moment(ago: int, clock: str = "18:30") -> datetime:
        hour = time.fromisoformat(clock)
        return datetime.combine(today - timedelta(days=ago), hour, tzinfo=owner.time_zone)

    def day(distance: int | None) -> date | None:
        return None if distance is None else today + timedelta(days=distance)

    start, target, unit = story.count or (None, None, "")
    latest = min([story.began, *(log.ago for log in story.logs), *(said.ago for said in story.said)])
    goal = Goal.objects.create(
        owner=owner,
        title=story.title,
        why=story.why,
        achievable=story.achievable,
        measure=story.measure,
        unit=unit,
        start_value=None if start is None else Decimal(str(start)),
        target_value=None if target is None else Decimal(str(target)),
        starts_on=today - timedelta(days=story.began),
        due_on=day(story.due),
        status=story.status,
        paused_on=None if story.resting is None else today - timedelta(days=story.resting),
        closed_at=None if story.ended is None else moment(story.ended),
        closing_note=story.note,
        created_at=moment(story.began, "09:00"),
        updated_at=moment(story.ended if story.ended is not None else latest),
    )
    relations: dict[str, Mentorship] = {key: cast.mentorships[story.owner, key] for key in story.readers}
    goal.shared_with.set(relations.values())
    milestones = {
        step.title: Milestone.objects.create(
            goal=goal,
            title=step.title,
            due_on=day(step.due),
            at_value=None if step.at is None else Decimal(step.at),
            done_at=None if step.done is None else moment(step.done),
            position=position,
        )
        for position, step in enumerate(story.steps, start=1)
    }
    for log in story.logs:
        ProgressUpdate.objects.create(
            goal=goal,
            value=None if log.value is None else Decimal(str(log.value)),
            happened_on=today - timedelta(days=log.ago),
            note=log.note,
            created_at=moment(log.ago),
        )
    for said in story.said:
        relation = relations[said.reader]
        GoalComment.objects.create(
            item=goal,
            mentorship=relation,
            author=owner if said.mine else relation.mentor,
            text=said.text,
            created_at=moment(said.ago, said.clock),
            milestone=milestones.get(said.about),
        )
    for change in story.changes:
        old, new = change.old, change.new
        if change.field == "due_on":
            old, new = (str(today + timedelta(days=int(text))) for text in (old, new))
        Revision.objects.create(
            goal=goal,
            field=change.field,
            old=old,
            new=new,
            reason=change.reason,
            changed_at=moment(change.ago),
        )
