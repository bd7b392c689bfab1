from tasks.source.files import write
from tasks.source.frameworks import Detected, detect

SCRAPY = {
    "scrapy.cfg": "[settings]\ndefault = shop.settings\n",
    "shop/__init__.py": "",
    "shop/settings.py": 'SPIDER_MODULES = ["shop.spiders"]\n',
    "shop/items.py": "class Item(dict):\n    name = 'not a spider'\n",
    "shop/spiders/__init__.py": "",
    "shop/spiders/quotes.py": (
        "import scrapy\nraise SystemExit\n"
        "class Quotes(scrapy.Spider):\n    name = 'quotes'\n"
        "class Base(scrapy.Spider):\n    pass\n"
        "class Books(Base):\n    name: str = 'my books'\n"
    ),
    "requirements.txt": "scrapy\n",
}


def found(tmp_path, files):
    write(files, tmp_path / "content")
    return detect(tmp_path / "content")


def test_it_finds_the_spiders_of_a_scrapy_project_without_running_it(tmp_path):
    assert found(tmp_path, SCRAPY) == Detected(
        frameworks=["scrapy"],
        spiders=["my books", "quotes"],
        requirement_files=["requirements.txt"],
        suggested_commands=["scrapy crawl 'my books'", "scrapy crawl quotes"],
    )


def test_it_finds_spiders_where_the_settings_do_not_say(tmp_path):
    files = SCRAPY | {"scrapy.cfg": "no section here", "shop/settings.py": "SPIDER_MODULES = X"}
    assert found(tmp_path, files).spiders == ["my books", "quotes"]


def test_it_finds_starts_frameworks_and_requirements(tmp_path):
    files = {
        "tool.py": "import requests\nif __name__ == '__main__':\n    pass\n",
        "main.py": "from playwright.sync_api import sync_playwright",
        "lib/deep/x.py": "if __name__ == '__main__':\n    pass\n",
        "broken.py": "import scrapy\n(((",
        "pyproject.toml": "",
        "environment.yml": "",
        "requirements/dev.txt": "",
        "notes.txt": "",
    }
    assert found(tmp_path, files) == Detected(
        frameworks=["playwright", "requests"],
        spiders=[],
        requirement_files=["environment.yml", "pyproject.toml", "requirements/dev.txt"],
        suggested_commands=["python main.py", "python tool.py"],
    )


def test_it_finds_nothing_in_hostile_files(tmp_path):
    files = {"a.py": "-" * 200_000 + "1", "b.py": "(" * 100_000, "c.py": "\0"}
    assert found(tmp_path, files) == Detected()
