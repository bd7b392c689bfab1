"""What the sampler sees of a whole tree."""

from runner.usage import Sampler
from tests.runner.conftest import log_of, wait_for


def test_it_sums_the_whole_tree_and_keeps_its_peak(starter):
    order, started = starter.start("forker.py", "4")
    wait_for(lambda: log_of(order).count(b"up") == 4)
    sampler = Sampler(started.pid, order.key)

    usage = wait_for(lambda: (found := sampler.sample()) and found.processes == 5 and found)

    assert usage.rss_bytes > 5 * 2**20
    assert usage.peak_rss_bytes >= usage.rss_bytes
    assert usage.cpu_seconds >= 0


def test_it_has_nothing_to_say_of_a_tree_that_is_gone(starter):
    order, started = starter.start("ending.py")
    starter.end(order)

    assert wait_for(lambda: Sampler(started.pid, order.key).sample() is None)
