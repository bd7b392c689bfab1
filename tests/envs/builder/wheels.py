"""Makes tiny wheels and an index of them, so that real uv installs without a network."""

import hashlib
import zipfile
from pathlib import Path


def wheel(directory: Path, name: str, version: str, needs: tuple[str, ...] = ()) -> Path:
    """Write a wheel with one module, named as the package, whose `VERSION` is the version."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{name}.py": f"VERSION = {version!r}\n" + "# filling\n" * 2000,
        f"{about}/METADATA": metadata,
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in (files | {f"{about}/RECORD": record}).items():
            archive.writestr(file, text)
    return path


def sdist(directory: Path, name: str, version: str, setup: str) -> Path:
    """Write a source archive whose build runs `setup` as its own backend, needing nothing."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}-{version}.zip"
    top = f"{name}-{version}"
    project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    with zipfile.ZipFile(path, "w") as archive:
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{top}/PKG-INFO", metadata)
        archive.writestr(f"{top}/pyproject.toml", project)
        archive.writestr(f"{top}/backend.py", setup)
    return path


def simple_index(directory: Path, *wheels: Path) -> None:
    """Write the pages of a package index (PEP 503) with hashes for the wheels."""
    for one in wheels:
        page = directory / one.name.split("-")[0]
        page.mkdir(parents=True, exist_ok=True)
        (page / one.name).write_bytes(one.read_bytes())
        digest = hashlib.sha256(one.read_bytes()).hexdigest()
        entry = f'<a href="{one.name}#sha256={digest}">{one.name}</a>\n'
        with (page / "index.html").open("a") as file:
            file.write(entry)
