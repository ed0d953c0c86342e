"""Who the demo people are. Without Django, so that the supervisor can name them too."""

from typing import NamedTuple

PASSWORD = "waymark-demo"  # noqa: S105 - printed on every start; these people exist in development only
DOMAIN = "example.org"


class Person(NamedTuple):
    """One of the demo people; `who` is what a newcomer is told about them."""

    key: str
    name: str
    time_zone: str
    who: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


PEOPLE = (
    Person("amara", "Amara Osei", "Europe/London", "moves from support to user research; start here"),
    Person("ruth", "Ruth Lindqvist", "Europe/Stockholm", "Amara's mentor"),
    Person("priya", "Priya Nair", "Europe/London", "Amara's colleague"),
    Person("daniel", "Daniel Okafor", "Africa/Lagos", "a mentor with places free"),
    Person("kenji", "Kenji Mori", "Asia/Tokyo", "was Amara's mentor until last spring"),
    Person("leo", "Leo Marchetti", "Europe/Rome", "Amara mentors him"),
    Person("sofia", "Sofia Almeida", "America/Sao_Paulo", "Amara mentors her"),
    Person("mateo", "Mateo Vega", "Europe/Madrid", "Amara mentors him; it has become quiet"),
    Person("wen", "Wen Zhao", "America/New_York", "would like Amara as a mentor"),
    Person("grace", "Grace Mbeki", "Europe/London", "a mentor with one place free"),
    Person("jonas", "Jonas Berg", "Europe/Lisbon", "a mentor with one place free"),
    Person("mirela", "Mirela Popescu", "Europe/Bucharest", "a mentor with no place free"),
    Person("sam", "Sam Reyes", "", "is new: an empty account"),
)


class Relation(NamedTuple):
    """Who shows to whom, since and until how many days ago (None: still)."""

    mentee: str
    mentor: str
    kind: str
    began: int
    ended: int | None = None


RELATIONS = (
    Relation("amara", "ruth", "mentor", 170),
    Relation("amara", "priya", "colleague", 90),
    Relation("amara", "kenji", "mentor", 520, 240),
    Relation("leo", "amara", "mentor", 120),
    Relation("sofia", "amara", "mentor", 45),
    Relation("mateo", "amara", "mentor", 95),
    Relation("sofia", "mirela", "mentor", 60),
)
