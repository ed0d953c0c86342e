"""Who among the demo people offers to be a mentor, and when they have time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from accounts.models import User
from mentors import services
from mentors.models import Mark, Profile, Slot


class Story(NamedTuple):
    """One offer. `hours` are (weekday, from, to) by the mentor's own clock."""

    key: str
    headline: str
    helps_with: str
    asks_for: str
    topics: tuple[str, ...]
    industry: str
    company: str
    languages: tuple[str, ...]
    capacity: int
    answers_within: int
    hours: tuple[tuple[int, int, int], ...]


STORIES = (
    Story(
        "daniel",
        "Research lead at a hospital group, 14 years in",
        "I came from nursing, so I know what it is to arrive sideways. I am good at reading drafts and asking why three "
        "times.",
        "- Send something to read the day before\n- Say when it is not working\n- No CV reviews on the first call",
        ("Interviewing", "Changing careers", "Healthcare"),
        "Healthcare",
        "Lagoon Hospitals",
        ("en",),
        2,
        3,
        ((1, 18, 20), (3, 18, 20)),
    ),
    Story(
        "grace",
        "Service designer, city council",
        "Bring me something half finished. We will make it less finished and then better.",
        "- One thing at a time\n- Tell me afterwards what you did with it",
        ("Research", "Public speaking", "Portfolios"),
        "Government and public service",
        "City council",
        ("en",),
        1,
        7,
        ((2, 17, 19),),
    ),
    Story(
        "jonas",
        "Data analyst turned manager",
        "I help people who think they are bad with numbers. They almost never are.",
        "- Bring a question from your own week, not from a course",
        ("SQL", "Data", "First lead role"),
        "Transport and logistics",
        "A rail company",
        ("en", "de", "pt"),
        1,
        2,
        ((0, 12, 13), (4, 8, 9)),
    ),
    Story(
        "mirela",
        "Head of design at a small software firm",
        "Twelve years of hiring researchers. Ask me what we really look at.",
        "- A portfolio with one story in it, told well",
        ("Hiring", "Portfolios", "Research"),
        "Software",
        "",
        ("en", "ro"),
        1,
        5,
        ((5, 10, 12),),
    ),
    Story(
        "amara",
        "From support desk to user research",
        "I know the desk from both sides. We look at one call of yours and find the question under it.",
        "- Bring one moment from your week",
        ("Support", "Interviewing", "Changing careers"),
        "",
        "",
        ("en",),
        4,
        3,
        (),
    ),
)


def fill(cast: Any, today: date) -> None:
    """Write the offers; Amara has two evenings free, and keeps Grace for later."""
    now = datetime.combine(today - timedelta(days=20), time(9), UTC)
    for story in STORIES:
        owner: User = getattr(cast, story.key)
        if Profile.objects.owned_by(owner).exists():
            continue
        for weekday, start, end in story.hours:
            Slot.objects.create(owner=owner, weekday=weekday, starts_at=time(start), ends_at=time(end))
        profile = Profile(
            owner=owner,
            is_listed=True,
            headline=story.headline,
            helps_with=story.helps_with,
            asks_for=story.asks_for,
            topics=list(story.topics),
            industry=story.industry,
            company=story.company,
            languages=list(story.languages),
            capacity=story.capacity,
            hours_a_month=2,
            answers_within=story.answers_within,
        )
        services.save_profile(profile=profile, by=owner, at=now)
    if not Slot.objects.owned_by(cast.amara).exists():
        for weekday in (1, 2):
            slot = Slot(weekday=weekday, starts_at=time(17, 30), ends_at=time(19))
            services.change_hours(owner=cast.amara, add=slot, at=now)
    kept = Profile.objects.owned_by(cast.grace).get()
    Mark.objects.get_or_create(owner=cast.amara, profile=kept, kind="kept", defaults={"created_at": now})
