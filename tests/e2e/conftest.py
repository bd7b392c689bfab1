import pytest

from tests.installation import Installation


@pytest.fixture
def installation(tmp_path):
    """A Kumo for one test alone, which may break it; with an environment and 20 slots."""
    made = Installation(tmp_path / "whole", KUMO_SLOTS="20")
    made.start()
    made.make_environment()
    yield made
    made.end()
