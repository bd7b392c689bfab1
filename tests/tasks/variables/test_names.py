import pytest
from django.core.exceptions import ValidationError

from tasks.variables.names import check_name, check_value


@pytest.mark.parametrize("name", ["SITE", "_x", "aws_key_2", "PYTHONPATH", "HTTP_PROXY", "PATHS"])
def test_common_names_may_be_had(name):
    check_name(name)


@pytest.mark.parametrize("name", ["", "2ND", "A-B", "A B", "A=B", "名", "A\n", "A" * 201])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(ValidationError):
        check_name(name)


@pytest.mark.parametrize(
    "name",
    ["KUMO_RUN_ID", "KUMO_X", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "PATH", "PYTHONHOME", "ENV"],
)
def test_the_names_of_kumo_and_of_the_loader_are_refused_with_a_reason(name):
    with pytest.raises(ValidationError) as refused:
        check_name(name)

    assert refused.value.code == "refused"
    assert name in refused.value.messages[0] or "KUMO_" in refused.value.messages[0]


@pytest.mark.parametrize("value", ["", "a b", "密码", "line\nline", "x" * 100_000])
def test_plain_values_may_be_anything_that_fits(value):
    check_value(value, is_secret=False)


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x" * 100_001])
def test_values_that_no_process_can_be_given_are_refused(value):
    with pytest.raises(ValidationError):
        check_value(value, is_secret=False)


@pytest.mark.parametrize("value", ["", "abc", "   a   "])
def test_a_secret_too_short_to_be_hidden_is_refused(value):
    with pytest.raises(ValidationError) as refused:
        check_value(value, is_secret=True)

    assert refused.value.code == "short"
