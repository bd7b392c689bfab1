import pytest
from django_q.conf import Conf
from django_q.models import OrmQ

from kumo import broker
from kumo.broker import WakeBroker

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queue(monkeypatch):
    """A broker for one worker, as the cluster's pusher has it."""
    monkeypatch.setattr(broker, "LONGEST_SLEEP", 0.01)
    monkeypatch.setattr(Conf, "WORKERS", 1)
    broker.finished.restart()
    made = WakeBroker("kumo")
    made.dequeue()
    yield made
    made._bell.close()


def test_it_hands_out_the_oldest_message_first(queue):
    queue.enqueue("first")
    queue.enqueue("second")
    assert [payload for _key, payload in queue.dequeue()] == ["first"]


def test_it_hands_out_nothing_while_every_worker_is_busy(queue):
    queue.enqueue("first")
    queue.enqueue("second")
    queue.dequeue()
    assert queue.dequeue() is None


def test_it_goes_on_when_a_worker_is_done(queue):
    queue.enqueue("first")
    queue.enqueue("second")
    queue.dequeue()
    broker.finished.add()
    assert [payload for _key, payload in queue.dequeue()] == ["second"]


def test_a_message_wakes_the_one_who_waits(queue, monkeypatch):
    monkeypatch.setattr(broker, "LONGEST_SLEEP", 60)
    # Had it not been rung for, the test's own time limit would end this.
    queue._bell.drain()
    queue.enqueue("first")
    assert queue._bell.wait(60)
    assert queue.dequeue()


def test_a_message_that_is_done_is_gone(queue):
    queue.enqueue("first")
    [(key, _payload)] = queue.dequeue()
    queue.acknowledge(key)
    assert not OrmQ.objects.exists()


def test_a_message_that_nobody_acknowledged_comes_again(queue, monkeypatch):
    monkeypatch.setattr(Conf, "RETRY", 0)
    queue.enqueue("first")
    queue.dequeue()
    broker.finished.add()
    assert [payload for _key, payload in queue.dequeue()] == ["first"]


def test_a_message_that_cannot_be_read_blocks_nobody(queue):
    queue.enqueue("torn")
    queue.enqueue("good")
    [(key, _payload)] = queue.dequeue()
    queue.fail(key)
    assert [payload for _key, payload in queue.dequeue()] == ["good"]


def test_a_worker_that_never_answers_is_waited_for_no_longer_than_a_message_lives(
    queue, monkeypatch
):
    monkeypatch.setattr(Conf, "RETRY", 0)
    queue.enqueue("first")
    assert queue.dequeue()
    assert any(queue.dequeue() for _attempt in range(3))
