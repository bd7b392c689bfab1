import pytest

from tasks import sealing
from tasks.sealing import WrongKey, seal, unseal

OTHER_KEY = "another key of more than thirty-two characters"


@pytest.mark.parametrize("value", ["s3cret", "密码 🔑", "line one\nline two\n", "x" * 100_000])
def test_a_sealed_value_comes_back_for_its_row(value):
    assert unseal(seal(value, "row 1"), "row 1") == value


def test_what_is_sealed_does_not_show_the_value():
    sealed = seal("correct horse battery", "row 1")

    assert b"horse" not in sealed
    assert sealed != seal("correct horse battery", "row 1")


def test_a_sealed_value_is_of_no_use_to_another_row():
    with pytest.raises(WrongKey):
        unseal(seal("s3cret", "row 1"), "row 2")


@pytest.mark.parametrize("position", [0, 1, 9, 12, 40, -1])
def test_a_changed_byte_is_noticed(position):
    sealed = bytearray(seal("s3cret", "row 1"))
    sealed[position] ^= 1

    with pytest.raises(WrongKey):
        unseal(bytes(sealed), "row 1")


@pytest.mark.parametrize("sealed", [None, b"", b"\x01", b"\x01" + b"k" * 8, b"s3cret"])
def test_what_was_never_sealed_is_not_opened(sealed):
    with pytest.raises(WrongKey):
        unseal(sealed, "row 1")


def test_another_key_opens_nothing(settings):
    sealed = seal("s3cret", "row 1")
    settings.KUMO_FIELD_KEY = OTHER_KEY

    with pytest.raises(WrongKey):
        unseal(sealed, "row 1")


def test_it_does_not_depend_on_the_key_of_sessions(settings):
    sealed = seal("s3cret", "row 1")
    settings.SECRET_KEY = OTHER_KEY

    assert unseal(sealed, "row 1") == "s3cret"


def test_the_key_is_named_in_what_is_sealed(settings):
    sealed = seal("s3cret", "row 1")

    assert sealing.is_current(sealed)
    settings.KUMO_FIELD_KEY = OTHER_KEY
    assert not sealing.is_current(sealed)
