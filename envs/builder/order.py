"""What to build; it reaches the builder by its standard input alone."""

import json
from dataclasses import asdict, dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Order:
    """One build of one environment.

    `kind` is venv or conda. `directory` is where it is made and stays: an environment cannot
    be moved. `python` is
    the path of an interpreter (or a version that uv finds). `files` are texts that -r and -c
    in `requirements` may name, by path. A `lock` of an earlier build is installed as it is,
    without resolving anew. Indexes are asked in their order; their addresses may
    hold a user and a password, which reach neither disk nor argv nor log. `by_lock` is a
    directory of links to ready builds, from which one of the same lock is made. `bell` is the
    socket that hears of each phase and of the end. `timeout` is in seconds, for all of it.
    """

    key: str
    directory: str
    python: str
    cache_dir: str
    kind: str = "venv"
    requirements: str = ""
    lock: str = ""
    files: dict[str, str] = field(default_factory=dict)
    index_url: str = ""
    extra_index_urls: list[str] = field(default_factory=list)
    find_links: list[str] = field(default_factory=list)
    trusted_hosts: list[str] = field(default_factory=list)
    by_lock: str = ""
    bell: str = ""
    is_offline: bool = False
    has_index: bool = True
    timeout: float = 1800
    log_limit: int = 64 * 1024 * 1024

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Order":
        return cls(**json.loads(text))

    @property
    def indexes(self) -> list[str]:
        return [url for url in [self.index_url, *self.extra_index_urls] if url]

    @property
    def secrets(self) -> list[str]:
        """The passwords and tokens inside the addresses, as written and as meant."""
        found: set[str] = set()
        for url in [*self.indexes, *self.find_links]:
            parts = urlsplit(url)
            if "@" in parts.netloc:
                found.update((parts.netloc.rpartition("@")[0], parts.password or parts.username))
        found |= {unquote(value) for value in found if value}
        return sorted((value for value in found if value), key=len, reverse=True)
