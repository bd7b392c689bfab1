import pytest

from tasks import fingerprints

PYTHON = """\
2026-11-28 ERROR: Spider error processing <GET http://shop/item/{number}>
Traceback (most recent call last):
  File "/home/x/.venv/lib/python3.11/site-packages/scrapy/core.py", line 10, in call
    return f()
  File "/srv/{number}/shop/spiders/items.py", line 22, in parse_item
    price = row["price"]
  File "/usr/lib/python3.11/collections.py", line 3, in get
    raise
{error}
"""
NODE = """\
/srv/crawl.js:10
TypeError: Cannot read properties of undefined (reading 'price')
    at parse (/srv/7/crawl.js:10:14)
    at node:internal/main:1:2
"""


def cause_of(text: str):
    return fingerprints.cause(text.splitlines())


def python_log(error="KeyError: 'price'", number=1):
    return PYTHON.format(error=error, number=number)


def test_a_traceback_gives_type_message_and_the_projects_own_frame():
    found = cause_of(python_log())
    assert (found.kind, found.message, found.place) == (
        "KeyError",
        "'price'",
        "items.py parse_item",
    )
    assert found.title == "KeyError: 'price'"


def test_numbers_addresses_and_paths_do_not_tell_reasons_apart():
    first = cause_of(python_log("app.Down: http://a/1 gave 503 after 12 s at 0x7f12", 1))
    second = cause_of(python_log("app.Down: http://b/2 gave 503 after 99 s at 0x8a00", 2))
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("other", ["KeyError: 'name'", "ValueError: 'price'", "KeyError"])
def test_another_message_or_type_is_another_reason(other):
    assert cause_of(python_log()).fingerprint != cause_of(python_log(other)).fingerprint


def test_the_last_of_several_tracebacks_counts():
    found = cause_of(python_log("ValueError: early") + python_log("OSError: late"))
    assert found.kind == "OSError"


def test_an_exception_group_or_a_torn_traceback_says_no_nonsense():
    assert cause_of('Traceback (most recent call last):\n  File "a.py", line 1, in f\n') is None


def test_a_node_error_gives_its_own_frame():
    found = cause_of(NODE)
    assert (found.kind, found.place) == ("TypeError", "crawl.js parse")


def test_shells_and_log_levels_are_read():
    assert cause_of("run.sh: line 3: phantomjs: command not found").title == (
        "command not found: phantomjs"
    )
    assert (
        cause_of("12:00 [crawl] \x1b[31mERROR\x1b[0m: no proxies left").message == "no proxies left"
    )


def test_a_log_that_says_nothing_gives_nothing():
    assert cause_of("all fine\nbye") is None
