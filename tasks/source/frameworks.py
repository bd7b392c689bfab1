"""What a content is written with, what it can run and what it needs, read without running it."""

import configparser
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tasks.source import syntax, tree

# Imported name -> framework, in the order in which they are named.
KNOWN = {
    "scrapy": "scrapy",
    "scrapy_redis": "scrapy-redis",
    "feapder": "feapder",
    "crawlee": "crawlee",
    "playwright": "playwright",
    "selenium": "selenium",
    "DrissionPage": "drissionpage",
    "pyppeteer": "pyppeteer",
    "requests": "requests",
    "httpx": "httpx",
    "aiohttp": "aiohttp",
    "curl_cffi": "curl-cffi",
    "parsel": "parsel",
    "bs4": "beautifulsoup",
    "lxml": "lxml",
}
REQUIREMENTS = re.compile(r"requirements[\w.-]*\.(txt|in)|pyproject\.toml|environment\.ya?ml")
STARTS = ("main.py", "crawl.py", "run.py", "spider.py", "start.py", "app.py")
MODULES_READ = 1000
COMMANDS = 50


@dataclass(frozen=True)
class Detected:
    """What was found; commands are written as for a shell, and run from the content's top."""

    frameworks: list[str] = field(default_factory=list)
    spiders: list[str] = field(default_factory=list)
    requirement_files: list[str] = field(default_factory=list)
    suggested_commands: list[str] = field(default_factory=list)


def detect(root: Path) -> Detected:
    paths = [PurePosixPath(file.path) for file in tree.files(root)]
    sources = sorted((path for path in paths if path.suffix == ".py"), key=_depth)[:MODULES_READ]
    modules = {path: syntax.read(root / path) for path in sources}
    settings = _scrapy_settings(root, paths)
    spiders = [] if settings is None else _spiders(modules, settings)
    imports = {name for module in modules.values() for name in module.imports}
    found = [name for imported, name in KNOWN.items() if imported in imports]
    if settings is not None and "scrapy" not in found:
        found.insert(0, "scrapy")
    return Detected(
        frameworks=found,
        spiders=spiders,
        requirement_files=[str(path) for path in sorted(paths, key=_depth) if _is_needs(path)],
        suggested_commands=[*_crawls(spiders), *_starts(modules)][:COMMANDS],
    )


def _depth(path: PurePosixPath) -> tuple[int, str]:
    return len(path.parts), str(path)


def _is_needs(path: PurePosixPath) -> bool:
    if path.parent.name == "requirements" and path.suffix == ".txt":
        return True
    return len(path.parts) <= 3 and bool(REQUIREMENTS.fullmatch(path.name))


def _scrapy_settings(root: Path, paths: list[PurePosixPath]) -> PurePosixPath | None:
    """Return the path of Scrapy's settings module, "." where unknown, None without scrapy.cfg."""
    found = sorted((path for path in paths if path.name == "scrapy.cfg"), key=_depth)
    if not found:
        return None
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(root / found[0], encoding="utf-8")
        module = parser.get("settings", "default")
    except (configparser.Error, UnicodeDecodeError):
        return found[0].parent
    return found[0].parent / (module.replace(".", "/") + ".py")


def _spiders(modules: dict, settings: PurePosixPath) -> list[str]:
    """Return the names of the spiders in the spider modules of the settings, sorted."""
    top = settings.parent.parent if settings.suffix == ".py" else settings
    said = modules[settings].spider_modules if settings in modules else ()
    places = [top / name.replace(".", "/") for name in said]
    found = set()
    for path, module in modules.items():
        is_inside = any(path.is_relative_to(p) or path == p.with_suffix(".py") for p in places)
        if is_inside or (not places and "spiders" in path.parts):
            found.update(module.spiders)
    return sorted(found)


def _crawls(spiders: list[str]) -> list[str]:
    return [shlex.join(["scrapy", "crawl", name]) for name in spiders]


def _starts(modules: dict) -> list[str]:
    """Return commands for files that are meant to be run, the usual names first."""
    starts = [
        path
        for path, module in modules.items()
        if len(path.parts) <= 2 and (module.is_start or str(path) in STARTS)
    ]
    starts.sort(key=lambda path: (str(path) not in STARTS, _depth(path)))
    return [shlex.join(["python", str(path)]) for path in starts if path.name != "setup.py"]
