from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("settings/", views.settings_page, name="settings_page"),
    path("settings/save/<slug:part>/", views.settings_save, name="settings_save"),
    path("settings/mails/", views.mail_list, name="mail_list"),
    path("settings/mails/test/", views.mail_test, name="mail_test"),
    path("settings/mails/again/", views.mail_again, name="mail_again"),
    path("settings/sample/", views.weekly_sample, name="weekly_sample"),
    path("settings/break/", views.break_edit, name="break_edit"),
    path("settings/break/end/", views.break_end, name="break_end"),
    path("settings/skip/", views.period_skip, name="period_skip"),
]
