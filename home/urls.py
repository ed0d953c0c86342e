from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("", views.this_week, name="this_week"),
    path("week/milestones/<int:pk>/tick/", views.week_tick, name="week_tick"),
    path("week/promises/<int:pk>/tick/", views.promise_tick, name="promise_tick"),
    path("week/contacts/<int:pk>/tick/", views.contact_tick, name="contact_tick"),
    path("week/follow-ups/<int:pk>/tick/", views.follow_up_tick, name="follow_up_tick"),
    path("week/conversations/<int:pk>/tick/", views.conversation_tick, name="conversation_tick"),
    path("week/mood/", views.week_mood, name="week_mood"),
    path("week/focus/", views.week_focus, name="week_focus"),
    path("around/<slug:kind>/<int:pk>/", views.around, name="around"),
    path("add/", views.add, name="add"),
    path("more/", views.more, name="more"),
    path("mentees/", views.mentee_list, name="mentee_list"),
    path("mentees/<int:pk>/", views.mentee_detail, name="mentee_detail"),
    path("mentees/snooze/", views.mentee_snooze, name="mentee_snooze"),
    path("mentees/snooze/<slug:key>/wake/", views.mentee_wake, name="mentee_wake"),
    path("mentees/<int:pk>/seen/", views.mentee_seen, name="mentee_seen"),
    path("settings/privacy/", views.privacy, name="privacy"),
    path("settings/privacy/<int:pk>/withdraw/", views.share_withdraw, name="share_withdraw"),
    path("settings/calendar/", views.calendar, name="calendar"),
    path("settings/calendar/make/", views.calendar_make, name="calendar_make"),
    path("settings/calendar/titles/", views.calendar_titles, name="calendar_titles"),
    path("settings/calendar/off/", views.calendar_off, name="calendar_off"),
    path("calendar/<slug:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("settings/export/", views.export, name="export"),
    path("journal/write/", views.reflection, name="reflection"),
]
