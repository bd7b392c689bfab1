"""How much a project's content may be."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one content; sizes in bytes."""

    archive_bytes: int = 200 * MIB
    files: int = 10_000
    total_bytes: int = 500 * MIB
    file_bytes: int = 200 * MIB
    depth: int = 32
    path_bytes: int = 1024
    name_bytes: int = 255
    # Deflate itself cannot do better than 1032 to 1; source text stays well below 100.
    ratio: int = 100
    # Small files full of one letter are honest; only what unpacks to more is measured by ratio.
    ratio_floor: int = MIB


DEFAULT = Limits()
