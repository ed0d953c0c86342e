from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Listen to what Django and allauth say about sign-ins; our own apps send each other no signals."""
        from allauth.account.signals import email_confirmed
        from django.contrib.auth.signals import user_logged_in

        from accounts import devices, recovery, signup
        from core.encrypted import rotate_with

        rotate_with(recovery.encrypt_again)
        user_logged_in.connect(devices.note_sign_in, dispatch_uid="accounts.devices")
        user_logged_in.connect(recovery.forget_request, dispatch_uid="accounts.recovery")
        email_confirmed.connect(signup.forget_unproven_password, dispatch_uid="accounts.signup")


class OperatorAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with a door of our own (accounts/admin_site.py)."""

    default = False  # "accounts" in INSTALLED_APPS means the class above
    default_site = "accounts.admin_site.OperatorSite"
