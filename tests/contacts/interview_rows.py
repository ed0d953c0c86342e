"""Informational interviews in the matrix of access: nobody but their owner knows that they are there."""

from tests.access import Row, only, signed_in

WORDS = ("SECRETCONTACT", "SECRETLEARN", "SECRETASKING", "SECRETHEARD", "SECRETQUESTION", "SECRETROOM", "secretaddress")
GONE = ("SECRETLETGO",)
OWNER, OWNER_POST = only("owner"), only("owner", status=302)


def interview(world):
    return {"pk": world.interview.pk}


def asked(world):
    return {"pk": world.asked_interview.pk}


def page(name, data, **more):
    given = {"get": OWNER, "post": OWNER_POST, "args": interview, "secrets": WORDS} | more
    return Row(f"contacts:interview_{name}", data=lambda world: data, **given)


ROWS = [
    Row("contacts:interview_list", get=signed_in(), secrets=WORDS, told=("owner",)),
    Row("contacts:interview_bin", get=signed_in(), secrets=(WORDS[0], *GONE), told=("owner",)),
    page("new", {"start": "cold"}, args=lambda world: {"pk": world.contact.pk}),
    page("detail", {}, post=None),
    page("edit", {"why": "Other", "version": "1"}),
    page("questions", {"question-1": "Other?", "version": "1"}),
    page("plan", {"day": "2026-12-03", "hour": "10:00", "minutes": "30"}),
    page("hold", {"day": "2020-11-20", "version": "1"}),
    page("cancel", {}),
    page("invite", {"to": "x"}, post=only("owner", status=422)),
    page("step", {"step": "ask_again"}, get=None, args=asked, told=("owner",)),
    page("back", {}, get=None, args=asked, told=("owner",), query="?from=asked"),
    page("delete", {}, get=None, told=("owner",)),
    page("restore", {}, get=None, args=lambda world: {"pk": world.deleted_interview.pk}, told=("owner",)),
]
