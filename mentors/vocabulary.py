"""Topics that mentors and goals share, with the words by which a goal mentions them; industries; languages.

A topic typed by a mentor need not be listed: its own words are compared too. Add a root where a goal plainly is about a
topic and is not taken for it. docs/decisions/0080-the-directory.md says what to do for profiles written before.
"""

from typing import NamedTuple

from django.conf.locale import LANG_INFO

from goals.vocabulary import listed


class Topic(NamedTuple):
    """A topic as chips show it, and the beginnings of words that speak of it ("present" also finds "presentations")."""

    label: str
    roots: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The topic in an address and in the keys of a text."""
        return self.label.lower().replace(" ", "-")


def _topic(label: str, roots: str) -> Topic:
    return Topic(label, tuple(roots.split()))


TOPICS = (
    _topic("Research", "research usability ethnograph survey"),
    _topic("Interviewing", "interview"),
    _topic("Changing careers", "career role job switch transition reorient retrain"),
    _topic("Public speaking", "talk speak speech presentation keynote meetup conference stage rhetoric"),
    _topic("Data", "data sql spreadsheet analytic statistic dashboard python excel"),
    _topic("Writing", "writing write wrote article blog book essay newsletter draft paper"),
    _topic("First lead role", "lead leader leadership supervis stand-up shift team-lead"),
    _topic("Managing people", "manage manager management delegat report one-to-one"),
    _topic("Hiring", "hire hiring recruit candidate"),
    _topic("Portfolios", "portfolio showcase"),
    _topic("Applications", "application apply cv resume cover-letter"),
    _topic("Promotion", "promotion promoted raise salary negotiat pay"),
    _topic("Feedback", "feedback review criticism"),
    _topic("Difficult conversations", "conflict difficult boundary boundaries no"),
    _topic("Teaching", "teach train trainer workshop course lesson tutor mentor"),
    _topic("Design", "design ux ui prototype wireframe figma"),
    _topic("Product", "product roadmap backlog"),
    _topic("Software", "software code coding programming developer engineer javascript java rust"),
    _topic("Project management", "project scrum agile kanban deadline"),
    _topic("Marketing", "marketing campaign brand seo"),
    _topic("Sales", "sales sell customer client"),
    _topic("Finance", "finance budget accounting invest"),
    _topic("Law", "law legal contract"),
    _topic("Healthcare", "health nurs clinic hospital patient medic"),
    _topic("Science", "science scientific phd postdoc thesis dissertation lab"),
    _topic("Networking", "network contacts coffee association community"),
    _topic("Starting a business", "business startup founder freelanc self-employed company"),
    _topic("Confidence", "confiden courage imposter impostor shy"),
    _topic("Time and focus", "focus time productiv calendar habit"),
    _topic("Balance", "balance burnout stress rest parent"),
    _topic("Languages", "language english german french spanish portuguese mandarin japanese fluent"),
    _topic("Returning to work", "return leave comeback"),
    _topic("Working abroad", "abroad relocat visa expat"),
    _topic("Exams and certificates", "exam certificate certification certified diploma degree"),
    _topic("Open source", "open-source maintainer contributor"),
    _topic("Support", "support helpdesk handbook ticket"),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}
BY_LABEL = {topic.label.lower(): topic for topic in TOPICS}
# What chips offer to somebody whose goals mention nothing here yet.
FIRST_OFFERED = ("research", "interviewing", "changing-careers", "public-speaking", "data", "managing-people")

INDUSTRIES = (
    "Agriculture and food",
    "Arts and culture",
    "Banking and insurance",
    "Charity and non-profit",
    "Construction",
    "Consulting",
    "Design and advertising",
    "Education",
    "Energy and environment",
    "Government and public service",
    "Healthcare",
    "Hotels and restaurants",
    "Law",
    "Manufacturing",
    "Media and publishing",
    "Real estate",
    "Retail",
    "Science and research",
    "Social work",
    "Software",
    "Sport",
    "Telecommunications",
    "Transport and logistics",
)
# ISO 639-1 codes that Django knows by name; its regional variants are left out.
LANGUAGES = {code: str(info["name"]) for code, info in LANG_INFO.items() if len(code) == 2 and "name" in info}

# Words that stand in every second goal or headline and say nothing of what it is about.
COMMON = listed(
    "about after and any april are august become being best better can comfortable day days december done each every "
    "february first for from get give going good have hold how into january job july june just keep learn least less "
    "like local long make march may month months more most move much myself need new next not november now october old "
    "one our out own people per role say september short some start than that the their them then they thing things "
    "this three through times two until use user want week weeks well what when where which who why will with without "
    "work year years you your"
)
