import pytest
from django.core.exceptions import ValidationError

from tasks.models import Variable
from tasks.variables import for_run
from tasks.variables.pasting import paste
from tests.factories import make_task

pytestmark = pytest.mark.django_db


def test_every_line_becomes_a_variable_of_the_level():
    task = make_task()
    paste("SITE=https://example.com\nAPI_TOKEN='s3cret-value'\n", task=task)

    assert for_run(task) == (
        {"SITE": "https://example.com", "API_TOKEN": "s3cret-value"},
        ["s3cret-value"],
    )


def test_all_of_them_may_be_secret():
    paste("SITE=https://example.com", are_secret=True)

    assert Variable.objects.get().is_secret


@pytest.mark.parametrize("text", ["A=1\nPATH=/x", "A=1\nDB_PASSWORD=abc", "A=1\nnonsense"])
def test_one_mistake_leaves_everything_as_it_was(text):
    with pytest.raises(ValidationError) as refused:
        paste(text)

    assert len(refused.value.messages) == 1
    assert not Variable.objects.exists()
