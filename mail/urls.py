from django.urls import path

from mail import views

app_name = "mail"
urlpatterns = [
    path("mail/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("mail/events/<slug:provider>/", views.delivery_events, name="delivery_events"),
    path("mail/inbound/<slug:provider>/", views.inbound, name="inbound"),
]
