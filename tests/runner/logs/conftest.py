import pytest


@pytest.fixture
def spool(tmp_path):
    """A directory of the log's own."""
    directory = tmp_path / "spool"
    directory.mkdir()
    return directory
