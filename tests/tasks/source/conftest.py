import pytest


@pytest.fixture
def room(tmp_path):
    """An empty directory: what is left in it was left by the test's subject."""
    directory = tmp_path / "room"
    directory.mkdir()
    return directory
