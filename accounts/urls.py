from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.account_overview, name="account_overview"),
    path("account/welcome/", views.welcome, name="welcome"),
    path("account/name/", views.profile, name="profile"),
    path("account/time-zone/", views.time_zone, name="time_zone"),
    path("account/reauthenticate/code/", views.reauthenticate_by_code, name="reauthenticate_by_code"),
    path("account/second-factor/keep/", views.second_factor_keep, name="second_factor_keep"),
    path("account/delete/", views.account_delete, name="account_delete"),
    path("account/deletion/", views.deletion_pending, name="deletion_pending"),
    path("account/deletion/cancel/", views.deletion_cancel, name="deletion_cancel"),
]
