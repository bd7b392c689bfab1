"""Bells: rung, heard, unheard, and at paths of any length."""

from runner.sockets import Bell, ring


def test_it_hears_all_that_was_rung(tmp_path):
    bell = Bell(str(tmp_path / "bell"))
    assert ring(bell.path, "one")
    assert ring(bell.path, "two")

    assert bell.wait(30) == ["one", "two"]
    assert bell.wait(0) == []
    bell.close()


def test_it_is_harmless_to_ring_where_nobody_is(tmp_path):
    assert not ring(str(tmp_path / "nobody"), "x")
    assert not ring(str(tmp_path / "nowhere" / "nobody"), "x")


def test_it_works_at_a_path_too_long_for_a_socket(tmp_path):
    bell = Bell(str(tmp_path / ("d" * 120) / "bell"))

    assert ring(bell.path, "far")
    assert bell.wait(30) == ["far"]
    bell.close()


def test_it_takes_the_place_of_a_bell_whose_process_died(tmp_path):
    path = str(tmp_path / "bell")
    dead = Bell(path)
    living = Bell(path)

    ring(path, "x")

    assert living.wait(30) == ["x"]
    dead.close()
    living.close()
