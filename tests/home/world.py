from tests.factories.home import CalendarFeedFactory


def build(world):
    """Add the owner's calendar feed."""
    world.feed = CalendarFeedFactory(owner=world.cast.owner, token="feed-of-the-owner")
