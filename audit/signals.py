"""Records who signs in and out, and who could not."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from audit.recording import record


@receiver(user_logged_in)
def record_sign_in(user, **_more):
    record("sign_in", user, user=user)


@receiver(user_logged_out)
def record_sign_out(user, **_more):
    if user is not None:
        record("sign_out", user, user=user)


@receiver(user_login_failed)
def record_failure(credentials, **_more):
    record("sign_in", None, {"name": credentials.get("username", "")}, succeeded=False)
