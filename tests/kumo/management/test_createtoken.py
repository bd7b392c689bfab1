import pytest
from django.core.management import CommandError, call_command

from audit.models import ApiToken, AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_prints_a_token_that_works(capsys):
    user = factories.make_user()
    call_command("createtoken", user.username, "--name", "ci", "--scope", "run", "--expires", "7")
    text = capsys.readouterr().out.strip()
    token = ApiToken.objects.find(text)
    assert (token.user, token.name, token.scope) == (user, "ci", "run")
    assert token.expires_at is not None
    entry = AuditEntry.objects.get()
    assert (entry.source, entry.user) == ("command", user)
    assert text not in str(entry.changes)


def test_it_may_change_things_and_lasts_unless_told_otherwise(capsys):
    call_command("createtoken", factories.make_user().username)
    token = ApiToken.objects.find(capsys.readouterr().out.strip())
    assert (token.scope, token.expires_at) == ("write", None)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody"],
        ["mei", "--name", ""],
        ["mei", "--name", "n" * 101],
        ["mei", "--scope", "root"],
        ["mei", "--expires", "0"],
        ["mei", "--expires", "soon"],
    ],
)
def test_what_is_wrong_is_refused(arguments):
    factories.make_user(username="mei")
    with pytest.raises(CommandError):
        call_command("createtoken", *arguments)
    assert not ApiToken.objects.exists()


def test_who_left_gets_none():
    user = factories.make_user(is_active=False)
    with pytest.raises(CommandError):
        call_command("createtoken", user.username)
