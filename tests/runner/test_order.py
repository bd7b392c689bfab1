"""What an order carries, and what of it may be written down."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.order import Order
from runner.outcome import Outcome

ORDER = Order("k", "/h", "/h/s", ["run", "hunter22"], {"PASSWORD": "hunter22"}, ["hunter22"])


def test_it_comes_back_from_json_whole():
    assert Order.from_json(ORDER.to_json()) == ORDER


def test_its_public_part_has_names_and_no_values():
    written = json.dumps(ORDER.public())

    assert "hunter22" not in written
    assert ORDER.public()["variables"] == ["PASSWORD"]


def test_it_passes_over_fields_of_a_newer_version():
    newer = json.loads(ORDER.to_json()) | {"unheard_of": 1}

    assert Order.from_json(json.dumps(newer)) == ORDER


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(), st.one_of(st.none(), st.integers(0, 255)))
def test_an_outcome_comes_back_from_json_whole(detail, code):
    outcome = Outcome("failed", "exit", detail, exit_code=code)

    found = json.loads(outcome.to_json()) | {"unheard_of": 1}

    assert Outcome.from_json(json.dumps(found)) == outcome
