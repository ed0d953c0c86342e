from django.urls import path

from mentors import views

app_name = "mentors"
urlpatterns = [
    path("mentors/", views.mentor_list, name="mentor_list"),
    path("mentors/invite/", views.invitation_new, name="invitation_new"),
    path("mentors/invitations/<int:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("mentors/invitations/<int:pk>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("mentors/invitations/<slug:token>/", views.invitation_detail, name="invitation_detail"),
    path("mentors/invitations/<slug:token>/accept/", views.invitation_accept, name="invitation_accept"),
    path("mentors/invitations/<slug:token>/decline/", views.invitation_decline, name="invitation_decline"),
    path("mentors/invitations/<slug:token>/block/", views.invitation_block, name="invitation_block"),
    path("mentors/invitations/<slug:token>/stop/", views.invitation_stop, name="invitation_stop"),
    path("mentors/blocks/", views.block_list, name="block_list"),
    path("mentors/blocks/<int:pk>/remove/", views.block_remove, name="block_remove"),
    path("mentors/<int:pk>/request/", views.request_new, name="request_new"),
    path("mentors/<int:pk>/request/draft/", views.request_draft, name="request_draft"),
    path("mentors/requests/<int:pk>/", views.request_detail, name="request_detail"),
    path("mentors/requests/<int:pk>/send/", views.request_send, name="request_send"),
    path("mentors/requests/<int:pk>/discard/", views.request_discard, name="request_discard"),
    path("mentors/requests/<int:pk>/withdraw/", views.request_withdraw, name="request_withdraw"),
    path("mentors/requests/<int:pk>/answer/", views.request_answer, name="request_answer"),
    path("mentors/requests/<int:pk>/ask/", views.request_ask, name="request_ask"),
    path("mentors/requests/<int:pk>/accept/", views.request_accept, name="request_accept"),
    path("mentors/requests/<int:pk>/decline/", views.request_decline, name="request_decline"),
    path("mentors/requests/<int:pk>/block/", views.request_block, name="request_block"),
    path("mentorships/<int:pk>/", views.mentorship_detail, name="mentorship_detail"),
    path("mentorships/<int:pk>/pause/", views.mentorship_pause, name="mentorship_pause"),
    path("mentorships/<int:pk>/resume/", views.mentorship_resume, name="mentorship_resume"),
    path("mentorships/<int:pk>/end/", views.mentorship_end, name="mentorship_end"),
    path("mentorships/<int:pk>/block/", views.mentorship_block, name="mentorship_block"),
    path("mentorships/<int:pk>/agreement/", views.agreement_detail, name="agreement_detail"),
    path("mentorships/<int:pk>/agreement/edit/", views.agreement_edit, name="agreement_edit"),
    path("mentorships/<int:pk>/agreement/accept/", views.agreement_accept, name="agreement_accept"),
    path("mentorships/<int:pk>/agreement/decline/", views.agreement_decline, name="agreement_decline"),
    path("mentorships/<int:pk>/agreement/withdraw/", views.agreement_withdraw, name="agreement_withdraw"),
]
