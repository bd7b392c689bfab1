import stat

import pytest

from tasks import fieldkeys
from tasks.sealing import WrongKey, seal, unseal

OLD = "an old key of more than thirty-two characters"


def start_as(settings, key):
    """Stand in for a process that was started with this key in its file."""
    fieldkeys.write("field_key", key)
    settings.KUMO_FIELD_KEY = key


def test_a_process_that_was_started_before_seals_with_the_new_key(settings):
    start_as(settings, OLD)
    fieldkeys.begin_rotation()
    new = fieldkeys.read("field_key.new")
    fieldkeys.switch()
    fieldkeys.forget_old()

    assert settings.KUMO_FIELD_KEY == OLD
    assert fieldkeys.current() == new
    assert fieldkeys.known() == [new, OLD]


def test_both_keys_open_while_one_takes_the_others_place(settings):
    start_as(settings, OLD)
    before = seal("s3cret", "row 1")
    fieldkeys.begin_rotation()
    during = seal("s3cret", "row 2")
    fieldkeys.switch()

    assert unseal(before, "row 1") == unseal(during, "row 2") == "s3cret"
    settings.KUMO_FIELD_KEY = fieldkeys.read("field_key")
    assert unseal(before, "row 1") == "s3cret"


def test_the_old_key_opens_nothing_once_it_is_forgotten(settings):
    start_as(settings, OLD)
    before = seal("s3cret", "row 1")
    fieldkeys.begin_rotation()
    fieldkeys.switch()
    fieldkeys.forget_old()
    settings.KUMO_FIELD_KEY = fieldkeys.read("field_key")

    with pytest.raises(WrongKey):
        unseal(before, "row 1")


def test_a_rotation_that_was_begun_goes_on_with_its_key(settings):
    start_as(settings, OLD)

    assert fieldkeys.begin_rotation()
    new = fieldkeys.read("field_key.new")
    assert not fieldkeys.begin_rotation()
    assert fieldkeys.read("field_key.new") == new
    fieldkeys.switch()
    assert not fieldkeys.begin_rotation()
    assert fieldkeys.read("field_key") == new


def test_keys_are_readable_by_their_owner_alone(home, settings):
    start_as(settings, OLD)
    fieldkeys.begin_rotation()
    fieldkeys.switch()

    modes = {stat.S_IMODE(file.stat().st_mode) for file in (home / "keys").iterdir()}
    assert modes == {0o600}


def test_a_key_of_the_environment_is_not_replaced_by_a_file(monkeypatch, settings):
    monkeypatch.setenv("KUMO_FIELD_KEY", OLD)
    settings.KUMO_FIELD_KEY = OLD

    with pytest.raises(fieldkeys.RotationImpossible, match=r"field_key\.old"):
        fieldkeys.begin_rotation()


def test_a_key_of_the_environment_takes_over_from_the_old_file(monkeypatch, settings):
    start_as(settings, OLD)
    before = seal("s3cret", "row 1")
    fieldkeys.write("field_key.old", OLD)
    new = "a new key from the environment, long enough"
    monkeypatch.setenv("KUMO_FIELD_KEY", new)
    settings.KUMO_FIELD_KEY = new

    assert not fieldkeys.begin_rotation()
    assert fieldkeys.current() == new
    assert unseal(before, "row 1") == "s3cret"
