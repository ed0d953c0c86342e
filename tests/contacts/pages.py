"""What the tests of these pages share: a Friday morning, and what a page says."""

from datetime import UTC, date, datetime

from tests.factories.contacts import InterviewFactory

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # Friday
TODAY = NOW.date()
HX = {"hx-request": "true"}
AHEAD = {"day": "2026-12-03", "hour": "10:30", "minutes": "20", "place": "https://meet.example/x"}


def text_of(response):
    return response.content.decode().replace("&#x27;", "'").replace("\xa0", " ")


def interview_in(contact, state, **more):
    """An interview in a state, with what that state needs."""
    needs = {"asked_on": date(2026, 11, 17), "starts_at": datetime(2026, 12, 1, 15, tzinfo=UTC)}
    return InterviewFactory(contact=contact, state=state, **needs, held_on=date(2026, 11, 24), **more)


def press(client, interview, verb):
    """Take a step as its page does."""
    url = interview.get_absolute_url()
    forms = {"agree": ("plan", AHEAD), "hold": ("hold", {"day": "2026-11-26"}), "cancel": ("cancel", {})}
    page, data = forms.get(verb, ("step", {"step": verb}))
    return client.post(f"{url}{page}/", data)
