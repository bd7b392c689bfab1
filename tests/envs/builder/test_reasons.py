import pytest

from envs.builder.reasons import EXCERPT_BYTES, first_error

CONFLICT = """\
× No solution found when resolving dependencies:
╰─▶ Because a==1 depends on b>=2 and you require b<2, we can conclude that your
    requirements are unsatisfiable."""
NO_MATCH = """\
error: No solution found when resolving dependencies
  cause: Because x was not found in the package registry and you require x, we can
  conclude that your requirements are unsatisfiable."""


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("error: Failed to install\n  cause: No space left on device (os error 28)", "disk_full"),
        ("error: Failed to build `x`\n  fatal error: Python.h: No such file", "needs_compiler"),
        ("error: command 'gcc' failed: No such file or directory", "needs_compiler"),
        ("error: Failed to build `x`\n  cause: Call to `setup.build_wheel` failed", "build_failed"),
        ("error: Hash mismatch for `x==1`", "hash_mismatch"),
        ("error: Failed to fetch: `https://example.org/simple/x/`", "network"),
        ("error: No interpreter found for Python 3.99", "no_python"),
        (CONFLICT, "conflict"),
        (NO_MATCH, "no_match"),
    ],
)
def test_it_names_the_cause(output, code):
    assert first_error(f"Resolving...\n{output}\n") == (code, output)


def test_it_shows_the_last_lines_of_what_it_does_not_know():
    assert first_error("one\ntwo\n") == ("installer", "one\ntwo")


def test_an_excerpt_is_bounded():
    assert len(first_error("error: " + "x" * 100_000)[1]) == EXCERPT_BYTES
