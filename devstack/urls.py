from django.urls import path

from devstack import views, views_components

app_name = "devstack"
urlpatterns = [
    path("mail/", views.mail_list, name="mail_list"),
    path("mail/<str:key>/", views.mail_detail, name="mail_detail"),
    path("mail/<str:key>/answer/", views.mail_answer, name="mail_answer"),
    path("mail/<str:key>/html/", views.mail_html, name="mail_html"),
    path("components/", views_components.component_list, name="component_list"),
]
