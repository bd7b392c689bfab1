import pytest
from django.core.exceptions import ValidationError

from envs.checks import check_environment, check_index
from envs.models import Environment, PackageIndex


@pytest.mark.parametrize(
    "fields",
    [
        {"requirements": "scrapy>=2\nrequests[socks]  # a comment\n", "python": "3.11"},
        {"python": "/usr/bin/python3"},
        {"kind": "system", "python": "/usr/bin/python3"},
        {"kind": "system"},
        {},
    ],
)
def test_what_can_be_built_passes(fields):
    check_environment(Environment(slug="one", **fields))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"requirements": "what is this"}, "requirements"),
        ({"requirements": "--index-url https://example.com\n"}, "requirements"),
        ({"requirements": "-e .\n"}, "requirements"),
        ({"requirements": "x @ https://me:secret@example.com/x.whl\n"}, "requirements"),
        ({"requirements": "scrapy\n", "kind": "system"}, "requirements"),
        ({"python": "2.7"}, "python"),
        ({"python": "--version"}, "python"),
        ({"python": "/usr/../bin/python"}, "python"),
        ({"kind": "system", "python": "3.11"}, "python"),
    ],
)
def test_what_cannot_is_said_at_its_field(fields, field):
    with pytest.raises(ValidationError) as refused:
        check_environment(Environment(slug="one", **fields))

    assert list(refused.value.message_dict) == [field]


def test_each_bad_line_is_named_with_its_number():
    with pytest.raises(ValidationError) as refused:
        check_environment(Environment(slug="one", requirements="good\n-e .\n\nnot good\n"))

    first, second = refused.value.message_dict["requirements"]
    assert first.startswith("Line 2")
    assert second.startswith("Line 4")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "file:///tmp/simple"}, "url"),
        ({"url": "https://me:secret@example.com/simple"}, "url"),
        ({"url": "https://[example/simple"}, "url"),
        ({"url": "https://a.example/", "extra_urls": "https://b.example\nftp://c"}, "extra_urls"),
    ],
)
def test_addresses_that_no_index_has_are_refused(fields, field):
    with pytest.raises(ValidationError) as refused:
        check_index(PackageIndex(slug="one", **fields))

    assert list(refused.value.message_dict) == [field]
