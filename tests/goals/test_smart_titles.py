from dataclasses import replace

import pytest

from goals.smart import check
from tests.goals.clear import CLEAR, YES_NO, codes

# Goals as people write them, and the finding about their words; "" where there is none.
TITLES = {
    # clear, though they hold a word that might look vague
    "Learn to say no": "",
    "Learn how to drive a forklift": "",
    "Read 12 books": "",
    "Give a talk at PyCon": "",
    "Get promoted to senior": "",
    "Get promoted to Senior Engineer by the end of 2026": "",
    "Build a portfolio of three research case studies": "",
    "Move into a user research role": "",
    "Move into UX design and research": "",
    "Pass the AWS Solutions Architect exam": "",
    "Finish my master's degree": "",
    "Master of Science in Data by 2028": "",
    "Earn the PMP certificate": "",
    "Become a team lead": "",
    "Become an engineering manager": "",
    "Be promoted before my parental leave": "",
    "Find a mentor outside my company": "",
    "Mentor two juniors through their first release": "",
    "Find a new job in Berlin, Germany": "",
    "Apply to Google, Meta and Apple": "",
    "Ask for a raise": "",
    "Negotiate a salary of 70k": "",
    "Raise my hand once in every meeting": "",
    "Write a guide to improve our reviews": "",
    "Give a talk on how to work on legacy code": "",
    "Publish my first article": "",
    "Publish one blog post a month": "",
    "Write and submit a paper": "",
    "Write a paper and submit it to CHI": "",
    "Read and summarise 12 papers": "",
    "Read 12 papers and write a summary of each": "",
    "Plan and give a workshop": "",
    "Study for and pass the bar exam": "",
    "Study for the bar exam": "",
    "Learn 500 kanji": "",
    "Learn Spanish to B2": "",
    "Improve test coverage from 60 to 80%": "",
    "Reduce my meetings to eight hours a week": "",
    "Work four days a week": "",
    "Work part-time from September": "",
    "Take one day off a week": "",
    "Develop an app for our street festival": "",
    "Develop my first iOS app": "",
    "Start a podcast": "",
    "Launch the redesign with the team of five": "",
    "Return to work after parental leave": "",
    "Hold my first 10 one-to-ones": "",
    "Dogfood the new release": "",
    "I got my driving licence back": "",
    "Thesis handed in": "",
    "Two books published": "",
    "Leave the office by 17:30 on four days": "",
    "Say no more often than yes": "",
    "Run 10 km in less than an hour": "",
    "Onboard three new colleagues": "",
    "Graduate": "",
    "Get into medical school": "",
    "Open my own practice": "",
    "Switch from support to product management": "",
    "Learn Spanish well enough to order food": "",
    "Look after my mother and work part-time": "",
    "No more overtime": "",
    "Grow my own vegetables": "",
    "Speak at three conferences and write one blog post": "",
    "Certified Kubernetes Administrator": "",
    "Prepare for and pass the CPA exam": "",
    "Don't burn out": "",
    "Launch the shop with payments, an account page that works on phones, mails and search": "",
    "Write tests for the Internet of Things gateway": "",
    # vague words at the beginning
    "Improve my English": "vague",
    "improve": "vague",
    "Improving my presentation skills": "vague",
    "I want to improve my coding": "vague",
    "I'd like to start improving my time management": "vague",
    "By summer, improve my French": "vague",
    "Improve my English in 2026": "vague",
    "Improve my English by 3 May": "vague",
    "Get better at public speaking": "vague",
    "Getting better at SQL": "vague",
    "Learn more about leadership": "vague",
    "Learn Python": "vague",
    "Learn Kubernetes this year": "vague",
    "Understand finance": "vague",
    "Work on my thesis": "vague",
    "Working on my confidence": "vague",
    "Focus on what matters": "vague",
    "Try to speak up in meetings": "vague",
    "Try yoga": "vague",
    "Explore product management": "vague",
    "Figure out what I want to do": "vague",
    "Grow as a leader": "vague",
    "Advance my career": "vague",
    "Expand my network": "vague",
    "Be more confident in meetings": "vague",
    "Become a better manager": "vague",
    "Become an expert in databases": "vague",
    "Be successful": "vague",
    "Help others": "vague",
    "Contribute to open source": "vague",
    "Make an impact": "vague",
    "Stay up to date with AI": "vague",
    "Gain experience in project management": "vague",
    "Build my personal brand": "vague",
    "Find my passion": "vague",
    "Stop procrastinating": "vague",
    "Do my best at work": "vague",
    "Increase our revenue": "vague",
    "Reduce stress": "vague",
    "Consider a move abroad": "vague",
    "Get fit": "vague",
    "Take on more responsibility": "vague",
    # vague words further on
    "Read more": "vague",
    "Sleep better": "vague",
    "Have a better work-life balance": "vague",
    "Delegate more": "vague",
    "Find my dream job": "vague",
    "Write regularly": "vague",
    "Leave my comfort zone": "vague",
    "Do something with data": "vague",
    "Change job soon": "",  # there is a date
    # no verb
    "Promotion": "no_verb",
    "AWS certificate": "no_verb",
    "Leadership": "no_verb",
    "Public speaking": "no_verb",
    "Machine learning": "no_verb",
    "Team lead": "no_verb",
    "Senior engineer": "no_verb",
    "A new job": "no_verb",
    "My portfolio": "no_verb",
    "12 interviews": "no_verb",
    "Career change": "no_verb",
    # several aims
    "Get promoted and move to Berlin": "many_aims",
    "Finish my thesis, find a job and move to Lisbon": "many_aims",
    "Learn Python, SQL and Tableau": "vague many_aims",
    "Write a book and give ten talks": "many_aims",
    "Get a job in product management and learn to code": "many_aims",
    # still to be filled in
    "Give a talk at [the event]": "blank",
    # other languages and signs: nothing we could say
    "Ein Buch schreiben": "",
    "Aprender a decir que no": "",
    "Apprendre le japonais": "",
    "学习日语": "",
    "تعلم اللغة الإنجليزية": "",
    "Стать руководителем": "",
    "🚀🚀🚀": "",
    "2026": "",
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items(), ids=TITLES)
def test_title(title, expected):
    assert " ".join(codes(replace(YES_NO, title=title))) == expected


@pytest.mark.parametrize(
    ("title", "vague", "mend"),
    [
        (
            "Improve my English by summer",
            "“Improve” does not say how anyone would notice.",
            "Write the before and the after of my English, such as “from a 2 to a 4 in my next review”.",
        ),
        ("Try to speak up in meetings", None, "Leave these words out: “Speak up in meetings”."),
        ("Learn more about machine learning", None, "Explain machine learning to a colleague in ten minutes"),
        ("improve", None, "Write the before and the after of it,"),
        ("Become a better manager", None, "Name one thing such a manager does,"),
        ("Leadership", None, "Start with a verb, such as “Lead one project from its first day to its last”."),
        ("New job", None, "Start with a verb, such as “Find a new job”."),
        ("AWS certificate", None, "“Earn an AWS certificate”"),
        ("Kubernetes", None, "what will you do with “Kubernetes”?"),
        ("Learn Go, Rust and Zig", None, "Add what you will do with it"),
        (
            "Get promoted and move to Berlin",
            "These are two aims in one: “Get promoted”, “move to Berlin”.",
            "Begin with “Get promoted”; the other can be a goal of its own, or a milestone.",
        ),
    ],
)
def test_hint_uses_what_was_typed(title, vague, mend):
    found = check(replace(YES_NO, title=title))["S"].findings[0]

    assert found.field == "title"
    assert vague in {None, found.vague}
    assert mend in found.mend


@pytest.mark.parametrize("title", ["Improve my English", "Learn Python", "Read more", "Write regularly"])
def test_number_settles_what_only_lacks_a_number(title):
    assert codes(replace(CLEAR, title=title)) == []
    assert "vague" in codes(replace(CLEAR, title=title, unit=""))
    assert "vague" in codes(replace(CLEAR, title=title, target_value=None))


def test_number_does_not_settle_what_lacks_an_end():
    assert codes(replace(CLEAR, title="Work on my thesis")) == ["vague"]


def test_soon_is_no_day_unless_there_is_one():
    found = check(replace(YES_NO, title="Change job soon", due_on=None))

    assert found["S"].is_clear
    assert [finding.code for finding in found["T"].findings] == ["vague_date", "no_date"]
