from django.urls import path

from journal import views

app_name = "journal"
urlpatterns = [
    path("journal/", views.entry_list, name="entry_list"),
    path("journal/new/", views.entry_new, name="entry_new"),
    path("journal/patterns/", views.pattern_list, name="pattern_list"),
    path("journal/patterns/aim/", views.aim_choose, name="aim_choose"),
    path("journal/search/", views.entry_search, name="entry_search"),
    path("journal/bin/", views.entry_bin, name="entry_bin"),
    path("journal/preview/", views.entry_preview, name="entry_preview"),
    path("journal/questions/", views.question_list, name="question_list"),
    path("journal/questions/new/", views.question_new, name="question_new"),
    path("journal/questions/wish/", views.question_wish, name="question_wish"),
    path("journal/questions/<int:pk>/edit/", views.question_edit, name="question_edit"),
    path("journal/questions/<int:pk>/remove/", views.question_remove, name="question_remove"),
    path("journal/questions/<int:pk>/restore/", views.question_restore, name="question_restore"),
    path("journal/tags/", views.tag_list, name="tag_list"),
    path("journal/tags/<slug:key>/", views.tag_edit, name="tag_edit"),
    path("journal/<int:pk>/", views.entry_detail, name="entry_detail"),
    path("journal/<int:pk>/edit/", views.entry_edit, name="entry_edit"),
    path("journal/<int:pk>/star/", views.entry_star, name="entry_star"),
    path("journal/<int:pk>/share/", views.entry_share, name="entry_share"),
    path("journal/<int:pk>/delete/", views.entry_delete, name="entry_delete"),
    path("journal/<int:pk>/restore/", views.entry_restore, name="entry_restore"),
    path("journal/<int:pk>/follow/", views.entry_follow, name="entry_follow"),
    path("journal/<int:pk>/goals/<int:goal>/<slug:how>/", views.goal_adjust, name="goal_adjust"),
    path("journal/proposals/<int:pk>/leave/", views.proposal_leave, name="proposal_leave"),
    path("journal/<int:pk>/comments/", views.comment_add, name="comment_add"),
    path("journal/comments/<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("journal/comments/<int:pk>/remove/", views.comment_remove, name="comment_remove"),
]
