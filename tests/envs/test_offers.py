from envs.offers import from_files, from_text, missing_package

PYPROJECT = """
[project]
name = "quotes"
requires-python = ">=3.10"
dependencies = ["scrapy>=2", "rich"]
"""
CONDA = """
name: quotes
dependencies:
  - python=3.11
  - pip
  - libxml2
  - pip:
      - scrapy
"""


def test_a_requirements_file_is_taken_with_the_files_it_names():
    files = {
        "requirements.txt": "-r conf/base.txt\nrich  # colours\n",
        "conf/base.txt": "-r more.txt\nscrapy>=2\n",
        "conf/more.txt": "requests\n",
    }
    offer = from_text("requirements.txt", files["requirements.txt"], files)

    assert offer.requirements == "requests\nscrapy>=2\nrich\n"
    assert offer.left_out == []


def test_what_an_environment_cannot_have_is_left_out_and_named():
    offer = from_text("requirements.txt", "scrapy\n-e .\n-r gone.txt\n--pre\n")

    assert offer.requirements == "scrapy\n"
    assert offer.left_out == ["-e .", "-r gone.txt", "--pre"]


def test_files_that_name_each_other_come_to_an_end():
    files = {"a.txt": "-r b.txt\nx\n", "b.txt": "-r a.txt\ny\n"}

    offer = from_text("a.txt", files["a.txt"], files)
    assert sorted(offer.requirements.split()) == ["x", "y"]


def test_a_pyproject_says_what_it_depends_on():
    offer = from_text("pyproject.toml", PYPROJECT)

    assert (offer.python, offer.requirements) == ("3.10", "scrapy>=2\nrich\n")


def test_of_a_conda_file_the_pip_part_is_taken():
    offer = from_text("environment.yml", CONDA)

    assert (offer.python, offer.requirements, offer.left_out) == ("3.11", "scrapy\n", ["libxml2"])


def test_files_that_cannot_be_read_offer_nothing():
    files = {
        "pyproject.toml": "[project",
        "environment.yml": "dependencies: [",
        "environment.yaml": "- 1",
        "requirements.txt": "",
    }

    assert from_files(files) == []


def test_a_missing_module_has_its_package():
    assert missing_package("bs4.element") == "beautifulsoup4"
    assert missing_package("scrapy") == "scrapy"
    assert missing_package("not a module") == ""
