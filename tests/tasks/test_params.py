import pytest

from tasks.params import check_declarations, check_values

DECLARED = [
    {"name": "site", "required": True, "title": "Site"},
    {"name": "pages", "type": "integer", "default": 5},
    {"name": "pause", "type": "number"},
    {"name": "deep", "type": "boolean", "default": False},
    {"name": "kind", "type": "choice", "choices": ["new", "all"], "default": "new"},
]


def test_good_declarations_are_accepted():
    assert check_declarations(DECLARED) == []
    assert check_declarations([]) == []


@pytest.mark.parametrize(
    "each",
    [
        "site",
        {},
        {"name": ""},
        {"name": "1st"},
        {"name": "a-b"},
        {"name": "x\n"},
        {"name": "x" * 64},
        {"name": "x", "type": "secret"},
        {"name": "x", "type": []},
        {"name": "x", "colour": "red"},
        {"name": "x", 1: 2, "colour": "red"},
        {"name": "x", "required": "yes"},
        {"name": "x", "title": 5},
        {"name": "x", "choices": ["a"]},
        {"name": "x", "type": "choice"},
        {"name": "x", "type": "choice", "choices": []},
        {"name": "x", "type": "choice", "choices": ["a", "a"]},
        {"name": "x", "type": "choice", "choices": [1]},
        {"name": "x", "type": "choice", "choices": ["a"], "default": "b"},
        {"name": "x", "type": "integer", "default": "many"},
        {"name": "x", "type": "number", "default": float("nan")},
        {"name": "x", "default": "a\0b"},
    ],
)
def test_a_bad_declaration_is_said_with_its_place(each):
    (sentence,) = check_declarations([{"name": "good"}, each])
    assert sentence.startswith("Parameter 2: ")


@pytest.mark.parametrize("declared", [None, {}, "x", [{"name": f"x{n}"} for n in range(51)]])
def test_declarations_are_a_list_of_a_few(declared):
    assert len(check_declarations(declared)) == 1


def test_two_names_for_one_variable_are_refused():
    assert check_declarations([{"name": "site"}, {"name": "SITE"}]) == ["SITE is declared twice."]


def test_values_are_read_as_declared_and_defaults_filled_in():
    given = {"site": "a.example", "pages": " 7 ", "pause": "0.5", "deep": "yes"}
    assert check_values(DECLARED, given) == (
        {"site": "a.example", "pages": 7, "pause": 0.5, "deep": True, "kind": "new"},
        {},
    )


def test_a_value_that_nobody_gave_is_left_out():
    values, errors = check_values([{"name": "pause", "type": "number"}], {"pause": None})
    assert (values, errors) == ({}, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site", 5),
        ("site", ""),
        ("site", None),
        ("site", "x" * 10_001),
        ("pages", 1.5),
        ("pages", True),
        ("pages", "5 pages"),
        ("pages", "٣"),
        ("pages", 2**63),
        ("pause", "nan"),
        ("pause", "1e999"),
        ("pause", False),
        ("pause", []),
        ("deep", 1),
        ("deep", "perhaps"),
        ("kind", "old"),
        ("kind", ["new"]),
        ("unknown", "x"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_at_its_name(name, value):
    _values, errors = check_values(DECLARED, {"site": "a.example", name: value})
    assert list(errors) == [name]
    assert len(errors[name]) == 1


def test_values_are_an_object():
    assert check_values(DECLARED, ["site"])[1].keys() == {"params"}
