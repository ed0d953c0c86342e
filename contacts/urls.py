from django.urls import path

from contacts import views

app_name = "contacts"
urlpatterns = [
    # People
    path("contacts/", views.contact_list, name="contact_list"),
    path("contacts/new/", views.contact_new, name="contact_new"),
    path("contacts/tags/", views.tag_list, name="tag_list"),
    path("contacts/bin/", views.contact_bin, name="contact_bin"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/archive/", views.contact_archive, name="contact_archive"),
    path("contacts/<int:pk>/unarchive/", views.contact_unarchive, name="contact_unarchive"),
    path("contacts/<int:pk>/delete/", views.contact_delete, name="contact_delete"),
    path("contacts/<int:pk>/restore/", views.contact_restore, name="contact_restore"),
    # Associations and events
    path("contacts/events/", views.event_list, name="event_list"),
    path("contacts/events/new/", views.event_new, name="event_new"),
    path("contacts/events/bin/", views.event_bin, name="event_bin"),
    path("contacts/events/<int:pk>/", views.event_detail, name="event_detail"),
    path("contacts/events/<int:pk>/edit/", views.event_edit, name="event_edit"),
    path("contacts/events/<int:pk>/prepare/", views.event_prepare, name="event_prepare"),
    path("contacts/events/<int:pk>/people/", views.event_people, name="event_people"),
    path("contacts/events/<int:pk>/attend/", views.event_attend, name="event_attend"),
    path("contacts/events/<int:pk>/miss/", views.event_miss, name="event_miss"),
    path("contacts/events/<int:pk>/delete/", views.event_delete, name="event_delete"),
    path("contacts/events/<int:pk>/restore/", views.event_restore, name="event_restore"),
    path("contacts/associations/new/", views.association_new, name="association_new"),
    path("contacts/associations/<int:pk>/", views.association_detail, name="association_detail"),
    path("contacts/associations/<int:pk>/edit/", views.association_edit, name="association_edit"),
    path("contacts/associations/<int:pk>/delete/", views.association_delete, name="association_delete"),
    path("contacts/associations/<int:pk>/restore/", views.association_restore, name="association_restore"),
]
