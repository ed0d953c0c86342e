from django.urls import path

from goals import views

app_name = "goals"
urlpatterns = [
    path("goals/", views.goal_list, name="goal_list"),
    path("goals/new/", views.goal_new, name="goal_new"),
    path("goals/bin/", views.goal_bin, name="goal_bin"),
    path("goals/<int:pk>/", views.goal_detail, name="goal_detail"),
    path("goals/<int:pk>/edit/", views.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/print/", views.goal_print, name="goal_print"),
    path("goals/<int:pk>/log/", views.goal_log, name="goal_log"),
    path("goals/<int:pk>/history/", views.goal_history, name="goal_history"),
    path("goals/<int:pk>/share/", views.goal_share, name="goal_share"),
    path("goals/<int:pk>/move/", views.goal_move, name="goal_move"),
    path("goals/<int:pk>/shrink/", views.goal_shrink, name="goal_shrink"),
    path("goals/<int:pk>/pause/", views.goal_pause, name="goal_pause"),
    path("goals/<int:pk>/resume/", views.goal_resume, name="goal_resume"),
    path("goals/<int:pk>/rests/", views.goal_rests, name="goal_rests"),
    path("goals/rests/<int:pk>/remove/", views.rest_remove, name="rest_remove"),
    path("goals/<int:pk>/close/", views.goal_close, name="goal_close"),
    path("goals/<int:pk>/reopen/", views.goal_reopen, name="goal_reopen"),
    path("goals/<int:pk>/delete/", views.goal_delete, name="goal_delete"),
    path("goals/<int:pk>/restore/", views.goal_restore, name="goal_restore"),
    path("goals/<int:pk>/progress/new/", views.progress_new, name="progress_new"),
    path("goals/progress/<int:pk>/edit/", views.progress_edit, name="progress_edit"),
    path("goals/progress/<int:pk>/delete/", views.progress_delete, name="progress_delete"),
    path("goals/log/<int:pk>/restore/", views.progress_restore, name="progress_restore"),
    path("goals/<int:pk>/milestones/new/", views.milestone_new, name="milestone_new"),
    path("goals/milestones/<int:pk>/edit/", views.milestone_edit, name="milestone_edit"),
    path("goals/milestones/<int:pk>/move/", views.milestone_move, name="milestone_move"),
    path("goals/milestones/<int:pk>/tick/", views.milestone_tick, name="milestone_tick"),
    path("goals/milestones/<int:pk>/remove/", views.milestone_remove, name="milestone_remove"),
    path("goals/<int:pk>/comments/new/", views.comment_new, name="comment_new"),
    path("goals/comments/<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("goals/comments/<int:pk>/remove/", views.comment_remove, name="comment_remove"),
]
