from django.urls import path

from wins import views

app_name = "wins"
urlpatterns = [
    path("wins/", views.win_list, name="win_list"),
    path("wins/new/", views.win_new, name="win_new"),
    path("wins/bin/", views.win_bin, name="win_bin"),
    path("wins/<int:pk>/", views.win_detail, name="win_detail"),
    path("wins/<int:pk>/edit/", views.win_edit, name="win_edit"),
    path("wins/<int:pk>/star/", views.win_star, name="win_star"),
    path("wins/<int:pk>/share/", views.win_share, name="win_share"),
    path("wins/<int:pk>/comments/", views.comment_add, name="comment_add"),
    path("wins/comments/<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("wins/comments/<int:pk>/remove/", views.comment_remove, name="comment_remove"),
    path("wins/<int:pk>/delete/", views.win_delete, name="win_delete"),
    path("wins/<int:pk>/restore/", views.win_restore, name="win_restore"),
]
