import pytest

from tasks.retries import RetryPolicy, next_attempt


def wait(policy, made=1, status="failed", **given):
    return next_attempt(policy, attempts_made=made, status=status, **given)


def test_the_delay_grows_up_to_its_cap_and_ends_with_the_count():
    policy = RetryPolicy(count=4, delay=10, backoff=3, cap=100)
    assert [wait(policy, made) for made in range(1, 6)] == [10, 30, 90, 100, None]


def test_no_retries_are_the_default():
    assert wait(RetryPolicy()) is None


def test_a_delay_longer_than_the_cap_stays():
    assert wait(RetryPolicy(count=1, delay=500, cap=100)) == 500


def test_the_largest_backoff_ends_at_the_cap():
    assert wait(RetryPolicy(count=100, delay=60, backoff=100.0, cap=3600), 100) == 3600


@pytest.mark.parametrize("status", ["failed", "timed_out", "start_failed"])
def test_what_went_wrong_is_repeated(status):
    assert wait(RetryPolicy(count=1, delay=5), status=status) == 5


@pytest.mark.parametrize("status", ["succeeded", "canceled"])
def test_success_and_cancel_are_never_repeated(status):
    assert wait(RetryPolicy(count=9, repeat_lost=True), status=status) is None


def test_lost_is_repeated_only_where_that_is_safe():
    assert wait(RetryPolicy(count=1), status="lost") is None
    assert wait(RetryPolicy(count=1, delay=5, repeat_lost=True), status="lost") == 5


def test_only_the_chosen_statuses_are_repeated():
    policy = RetryPolicy(count=1, on_statuses=("timed_out",))
    assert wait(policy) is None
    assert wait(policy, status="timed_out") == 60


def test_only_the_chosen_exit_codes_are_repeated():
    policy = RetryPolicy(count=1, exit_codes=(3, 4))
    assert wait(policy, exit_code=3) == 60
    assert wait(policy, exit_code=1) is None
    assert wait(policy, exit_code=None) is None
    assert wait(policy, status="timed_out") == 60


@pytest.mark.parametrize("reason", ["no_interpreter", "no_directory", "secret_unreadable"])
def test_what_a_second_try_cannot_mend_is_not_repeated(reason):
    assert wait(RetryPolicy(count=3), status="start_failed", reason=reason) is None


def test_jitter_is_bounded_and_the_same_for_who_asks_again():
    policy = RetryPolicy(count=3, delay=10, jitter=5)
    waits = [wait(policy, seed=seed) for seed in range(50)]
    assert waits == [wait(policy, seed=seed) for seed in range(50)]
    assert all(10 <= each <= 15 for each in waits)
    assert len(set(waits)) > 1
