from home.views.around import around
from home.views.calendar import calendar, calendar_feed, calendar_make, calendar_off, calendar_titles
from home.views.contacts import contact_tick, conversation_tick, follow_up_tick
from home.views.mentees import mentee_detail, mentee_list, mentee_seen, mentee_snooze, mentee_wake
from home.views.privacy import export, privacy, share_withdraw
from home.views.reflection import reflection
from home.views.today import week_focus, week_mood
from home.views.week import add, more, promise_tick, this_week, week_tick

__all__ = [
    "add",
    "around",
    "calendar",
    "calendar_feed",
    "calendar_make",
    "calendar_off",
    "calendar_titles",
    "contact_tick",
    "conversation_tick",
    "export",
    "follow_up_tick",
    "mentee_detail",
    "mentee_list",
    "mentee_seen",
    "mentee_snooze",
    "mentee_wake",
    "more",
    "privacy",
    "promise_tick",
    "reflection",
    "share_withdraw",
    "this_week",
    "week_focus",
    "week_mood",
    "week_tick",
]
