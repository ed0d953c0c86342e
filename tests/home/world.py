from datetime import UTC, datetime

from tests.factories.home import CalendarFeedFactory


def build(world):
    """Add the owner's calendar feed, read a moment ago: a further reading then writes nothing."""
    world.feed = CalendarFeedFactory(owner=world.cast.owner, token="feed-of-the-owner", read_at=datetime.now(UTC))
