"""The cast and the example objects that every url is tried with."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from sharing.models import Mentorship
from tests.factories.accounts import UserFactory
from tests.factories.sharing import MentorshipFactory

# The order in which apps add their objects: lower floors first.
APPS = [
    "accounts",
    "mail",
    "sharing",
    "contacts",
    "goals",
    "wins",
    "journal",
    "mentors",
    "home",
    "reminders",
    "devstack",
]
CAST = ["owner", "mentor", "second_mentor", "former_mentor", "colleague", "stranger", "staff", "anonymous"]


def of_app(app: str, module: str) -> ModuleType | None:
    """Return `tests.<app>.<module>` where that file exists."""
    if (Path(__file__).parent / app / f"{module}.py").exists():
        return import_module(f"tests.{app}.{module}")
    return None


@dataclass
class Cast:
    """The people of every access test. The owner shares with mentor, second_mentor and colleague, item by item."""

    owner: User
    mentor: User
    second_mentor: User
    former_mentor: User
    colleague: User
    stranger: User
    staff: User
    mentorship: Mentorship  # of the mentor
    second_mentorship: Mentorship
    former_mentorship: Mentorship  # ended
    colleagueship: Mentorship
    anonymous: AnonymousUser = field(default_factory=AnonymousUser)


def build_cast() -> Cast:
    """Make the people; nothing is shared yet."""
    owner = UserFactory(email="owner@example.org", name="Olive Owner")
    mentor = UserFactory(email="mentor@example.org", name="Mina Mentor")
    second_mentor = UserFactory(email="second@example.org", name="Sefa Second")
    former_mentor = UserFactory(email="former@example.org", name="Farid Former")
    colleague = UserFactory(email="colleague@example.org", name="Cora Colleague")
    return Cast(
        owner=owner,
        mentor=mentor,
        second_mentor=second_mentor,
        former_mentor=former_mentor,
        colleague=colleague,
        stranger=UserFactory(email="stranger@example.org", name="Sten Stranger"),
        staff=UserFactory(email="staff@example.org", name="Stella Staff", is_staff=True, is_superuser=True),
        mentorship=MentorshipFactory(mentee=owner, mentor=mentor),
        second_mentorship=MentorshipFactory(mentee=owner, mentor=second_mentor),
        former_mentorship=MentorshipFactory(mentee=owner, mentor=former_mentor, ended=True),
        colleagueship=MentorshipFactory(mentee=owner, mentor=colleague, kind="colleague"),
    )


class World(SimpleNamespace):
    """One of everything by its name. Two apps that took one name would each try the thing of the other."""

    def __setattr__(self, name: str, value: object) -> None:
        assert name not in vars(self), f"{name} is there already: take another name"
        super().__setattr__(name, value)


def build_world() -> World:
    """Make the cast and one of everything, shared with `mentor` and once shared with `former_mentor`.

    Each app adds its objects in `tests/<app>/world.py: build(world)`.
    """
    world = World(cast=build_cast())
    for app in APPS:
        if module := of_app(app, "world"):
            module.build(world)
    return world
