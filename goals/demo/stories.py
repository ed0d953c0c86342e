"""What the demo people set out to do, and what came of it so far, in days from today."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A milestone or a task: due in so many days (negative: ago), done so many days ago."""

    title: str
    due: int | None
    done: int | None = None
    at: int | None = None
    is_task: bool = False


@dataclass(frozen=True)
class Log:
    """Something logged so many days ago: how sure of the date (0 to 10), with how many hours, seen by which readers."""

    ago: int
    value: float | None
    note: str = ""
    sure: int | None = None
    hours: float | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A comment in the thread of `reader`, by the reader or (`mine`) the owner.

    `thanked` days ago; `milestone` is one it suggests, with its date in so many days.
    """

    reader: str
    ago: int
    clock: str
    text: str
    mine: bool = False
    about: str = ""
    thanked: int | None = None
    milestone: tuple[str, int] | None = None


@dataclass(frozen=True)
class Change:
    """A line of history."""

    ago: int
    field: str
    old: str
    new: str
    reason: str = ""
    by: str = ""  # whose suggestion it was


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
    helped_by: tuple[str, ...] = ()  # contacts, by their names
    status: str = "active"
    ended: int | None = None
    resting: int | None = None
    note: str = ""
    helped: str = ""
    differently: str = ""
    evidence: str = ""
    hours: float | None = None
    importance: int = 2
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
        helped_by=("Hannah Vogel", "Owen Price"),
        hours=2,
        importance=3,
        steps=(
            Step("Find the first 3 people to talk to", -41, done=41),
            Step("3 interviews done", -26, done=26, at=3),
            Step("Finish the interview guide", 1),
            Step("Ask Hannah for the number of the third clinic", 4, is_task=True),
            Step("7 interviews done", 22, at=7),
            Step("12 interviews and a two-page summary", 64, at=12),
        ),
        logs=(
            Log(47, 1, "Nervous, and she talked for an hour anyway.", sure=5, hours=3),
            Log(38, 2, "Two questions too many about the software.", sure=6, hours=2.5, seen=("ruth",)),
            Log(26, 3, "She drew the desk for me without being asked.", sure=8, hours=4, seen=("ruth",)),
            Log(15, 4, "Short one, 25 minutes. Still useful.", sure=7, hours=3.5),
            Log(2, 5, "Phone desk at St Anne's. No notes this time.", sure=6, hours=3, seen=("ruth",)),
        ),
        said=(
            Said(
                "ruth",
                8,
                "09:12",
                'Good start. When you say "receptionists", do you mean front desk only, or the people who handle the '
                "phones too? They live very different days.",
                thanked=7,
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
            Said(
                "ruth",
                1,
                "17:26",
                "And read the first six back to yourself before you plan the rest. Patterns show early.",
                milestone=("Read back the first six and write down three patterns", 14),
            ),
        ),
        changes=(
            Change(40, "due_on", "-15", "64", "Two of the clinics only have time in spring."),
            Change(
                40, "title", "Talk to receptionists", "Run 12 user interviews", "Say how many, then you know.", "ruth"
            ),
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
        importance=3,
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
        helped="Saying in one sentence what I hoped for, and that no is a fine answer.",
        differently="Ask the first one three months sooner.",
        evidence="Somebody says yes and we have met twice",
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
    Story(
        owner="mateo",
        title="Ask one question in every team meeting",
        why="I think of it on the way home. I would like to think of it in the room.",
        began=80,
        due=40,
        count=(0, 12, "questions"),
        readers=("amara",),
        logs=(Log(66, 2), Log(31, 5, "Somebody answered: good question. I went red.")),
    ),
)
