import pytest
from django.core.exceptions import ValidationError

from envs import condaspec
from envs.checks import check_environment
from envs.models import Environment

WHOLE = """
name: shop
channels:
  - conda-forge
dependencies:
  - python=3.11
  - numpy>=1.26
  - pip
  - pip:
      - requests==2.34.2
"""


def test_an_environment_file_gives_channels_packages_and_pips_part():
    spec = condaspec.parse(WHOLE)
    assert spec.channels == ["conda-forge"]
    assert spec.packages == ["python=3.11", "numpy>=1.26"]
    assert spec.pip == ["requests==2.34.2"]
    assert spec.problems == []


def test_lines_say_the_same():
    spec = condaspec.parse("# mine\nchannel: conda-forge\nnumpy>=1.26 # fast\npip: requests\n\n")
    assert (spec.channels, spec.packages, spec.pip) == (
        ["conda-forge"],
        ["numpy>=1.26"],
        ["requests"],
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("--file=/etc/passwd", "invalid"),
        ("numpy; rm", "invalid"),
        ("channel: --help", "channel"),
        ("channel: ftp://x y", "channel"),
        ("dependencies: [", "yaml"),
        ("dependencies: 5", "yaml"),
        ("\n".join(f"package{number}" for number in range(1001)), "too_many"),
    ],
)
def test_what_conda_must_not_be_given_is_named(text, code):
    assert code in [problem.code for problem in condaspec.parse(text).problems]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"requirements": "--file=x"}, "requirements"),
        ({"requirements": "pip: -e ."}, "requirements"),
        ({"python": "/usr/bin/python3"}, "python"),
    ],
)
def test_a_wrong_specification_is_said_at_its_field(fields, field):
    environment = Environment(slug="c", kind="conda", **fields)
    with pytest.raises(ValidationError) as wrong:
        check_environment(environment)
    assert field in wrong.value.message_dict
