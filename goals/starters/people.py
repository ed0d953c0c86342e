"""Starting points that need other people."""

from decimal import Decimal

from goals.starters.shape import Starter

PEOPLE = (
    Starter(
        slug="find-mentor",
        name="Find a mentor",
        for_whom="You would like somebody a few years ahead who tells you what they see.",
        title="Meet four times with a mentor who knows [what I want to learn]",
        why="I keep asking friends, and they are kind. Somebody who has done it could tell me [what you want to know].",
        achievable="An hour a month and a page before each meeting. What I can give back: [what].",
        count=(0, 4, "meetings"),
        weeks=24,
        yours=("title", "why", "achievable"),
        milestones=(
            (1, "Half a page: what I want to learn, and what I do not need"),
            (3, "Three people who could be it, and why each of them"),
            (4, "Ask the first one for one hour, not for a year"),
            (8, "The first meeting, and a note of thanks"),
            (24, "Ask each other whether to go on"),
        ),
    ),
    Starter(
        slug="be-mentor",
        name="Be a mentor",
        for_whom="Somebody once took time for you, and now there is a person who could use yours.",
        title="Meet twelve times with one person I mentor",
        why="I remember who did this for me: [who, and what it changed]. I also want to see our work with fresh eyes.",
        achievable="One hour every two weeks, on [which day]. I may say when I do not know.",
        count=(0, 12, "meetings"),
        weeks=28,
        hours_a_week=Decimal(1),
        yours=("why", "achievable"),
        milestones=(
            (1, "Say what I can help with, and what I cannot"),
            (4, "The first meeting: their goal in their words, and how we want to talk"),
            (14, "Ask what helps and what does not"),
            (28, "The last meeting; each says what they take along"),
        ),
    ),
    Starter(
        slug="feedback",
        name="Hear what others see",
        for_whom="You get a polite review once a year, and wonder what people really think.",
        title="Ask six people what I should keep and what I should change",
        why="I would rather hear it now than find it in a review. What I most want to know is [what].",
        achievable="Ten minutes of each person's time, and mine to listen without an answer. I begin with [who].",
        count=(0, 6, "answers"),
        weeks=8,
        yours=("why", "achievable"),
        milestones=(
            (1, "Two questions, short enough for a phone"),
            (2, "Ask all six, with a day by which I would like to hear"),
            (5, "Thank each one, and write down what I heard twice"),
            (8, "Change one thing, and tell them which"),
        ),
    ),
    Starter(
        slug="widen-circle",
        name="Know people outside my team",
        for_whom="Everybody you could ask for advice sits in the same room.",
        title="Have a coffee with ten people outside my team",
        why="When I need [what kind of help] I do not know whom to ask. And I have things to give that nobody there knows of.",
        achievable="One coffee every two weeks, on [which day]. I ask people what they work on, and send one useful thing after.",
        count=(0, 10, "coffees"),
        weeks=22,
        yours=("why", "achievable"),
        milestones=(
            (1, "Ten names: five I know by sight, five I would never meet by chance"),
            (3, "The first coffee"),
            (12, "Bring two of them together who should know each other"),
            (22, "The tenth coffee"),
        ),
    ),
)
