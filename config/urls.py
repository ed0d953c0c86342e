"""Each app names its own first path part, so every address is found by grepping its url name."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts import views as account_views
from core import views as core_views
from mail import views as mail_views

urlpatterns = [
    path("", include("home.urls")),
    path("", include("goals.urls")),
    path("", include("contacts.urls")),
    path("", include("wins.urls")),
    path("", include("journal.urls")),
    path("", include("mentors.urls")),
    path("", include("reminders.urls")),
    path("", include("mail.urls")),
    path("", include("accounts.urls")),
    path("account/password/set/", account_views.password_set, name="account_set_password"),
    path("account/oidc/<str:provider_id>/login/", account_views.openid_connect_login, name="openid_connect_login"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", mail_views.readyz, name="readyz"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("dev/", include("devstack.urls")))

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler429 = "accounts.views.too_many_requests"  # allauth asks for it where a limit is reached
handler500 = "core.views.server_error"
