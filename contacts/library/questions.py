"""Questions for an informational interview, in groups. Open ones: none can be answered with yes or no."""

from typing import NamedTuple


class Group(NamedTuple):
    """Questions of one kind, in an order in which one could ask them."""

    name: str
    questions: tuple[str, ...]


GROUPS = (
    Group(
        "The way there",
        (
            "How did you come to this work?",
            "What did you do before, and what of it helps you now?",
            "What would you do differently if you began again?",
            "Which step felt like a risk at the time?",
            "What surprised you in your first half year?",
            "Who helped you most on the way, and how?",
        ),
    ),
    Group(
        "The work itself",
        (
            "What did you do yesterday, hour by hour?",
            "What takes most of your week, and would you have guessed it?",
            "What is the best part of your work, and what is the part nobody talks about?",
            "Which decision was hard lately?",
            "Who do you work with most closely?",
            "How do you know that you have done something well?",
            "What tires you, and what gives you energy?",
        ),
    ),
    Group(
        "Skills",
        (
            "What do you look for in people who join your team?",
            "Which skill turned out to matter more than you thought?",
            "What can one learn on the job, and what should one bring?",
            "How did you learn what you needed most?",
            "What would make you trust somebody who comes from another field?",
            "What would you want to see in a first piece of work?",
        ),
    ),
    Group(
        "The field",
        (
            "What is changing in your field at the moment?",
            "Which places are good to begin in, and which look good only from outside?",
            "What do people in this field read, and where do they meet?",
            "How is the work paid, roughly, at the beginning and after five years?",
            "What do newcomers get wrong about it?",
            "Which neighbouring work should I look at too?",
        ),
    ),
    Group(
        "My next step",
        (
            "Knowing what I told you, what would you do next in my place?",
            "What is missing in what I can show?",
            "How does somebody hear of openings here?",
            "What would be a small thing I could try this month?",
            "How should I tell my story so that it makes sense to your team?",
        ),
    ),
    Group(
        "To close",
        (
            "Who else should I talk to, and may I say that you sent me?",
            "What have I not asked that I should have?",
            "May I tell you in a few months what came of it?",
            "Is there something I could do for you?",
        ),
    ),
)


def all_questions() -> frozenset[str]:
    """Return every question of the library."""
    return frozenset(question for group in GROUPS for question in group.questions)
