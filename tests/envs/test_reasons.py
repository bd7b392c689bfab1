import pytest

from envs.builder.reasons import SIGNS
from envs.models import Build
from envs.reasons import SENTENCES, explain, phase_words


@pytest.mark.parametrize(
    "reason", [*SIGNS, "installer", "internal", "timeout", "canceled", "lost", "not_started"]
)
def test_every_reason_of_the_builder_has_a_sentence(reason):
    sentence = explain(Build(reason=reason, detail="50% of it"))

    assert reason in SENTENCES
    assert sentence.endswith((".", "50% of it"))


def test_a_build_that_ended_well_needs_none():
    assert explain(Build()) == ""


def test_phases_have_words():
    assert phase_words(Build(phase="install")) == "installing"
    assert phase_words(Build(phase="")) == ""
