"""Contents that were pasted: texts by path."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from tasks.source import names
from tasks.source.errors import BadSource
from tasks.source.limits import DEFAULT, Limits
from tasks.source.staging import staged


def write(files: Mapping[str, str], into: Path, limits: Limits = DEFAULT) -> None:
    """Write `files`, {path: text}, to the directory `into`; raise BadSource before any is written.

    Texts are stored in UTF-8, their line ends as they are.
    """
    contents = _check(files, limits)
    with staged(into) as private:
        for path, content in contents.items():
            target = private / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _check(files: Mapping[str, str], limits: Limits) -> dict[PurePosixPath, bytes]:
    if len(files) > limits.files:
        raise BadSource("too_many_files", str(limits.files))
    tree, contents, total = names.Tree(), {}, 0
    for name, text in files.items():
        path = _file_path(name, limits)
        tree.add_file(path)
        content = _encoded(name, text)
        total += len(content)
        if len(content) > limits.file_bytes:
            raise BadSource("file_too_big", name)
        if total > limits.total_bytes:
            raise BadSource("too_big", str(limits.total_bytes))
        if not names.is_left_out(path):
            contents[path] = content
    if not contents:
        raise BadSource("empty")
    return contents


def _file_path(name: str, limits: Limits) -> PurePosixPath:
    if not isinstance(name, str):
        raise BadSource("not_text", repr(name))
    if name.endswith("/"):
        raise BadSource("file_and_folder", name)
    return names.check(name, limits)


def _encoded(name: str, text: str) -> bytes:
    if not isinstance(text, str):
        raise BadSource("not_text", name)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise BadSource("not_text", name) from None
