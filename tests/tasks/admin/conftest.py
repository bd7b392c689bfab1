import pytest

from tests.factories import make_admin


@pytest.fixture
def admin_page(client, db):
    """A browser without scripts, signed in as an administrator."""
    client.force_login(make_admin())
    return client
