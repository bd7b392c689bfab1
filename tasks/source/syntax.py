"""Reads Python files without running them: imports, spiders, starting points."""

import ast
from dataclasses import dataclass
from pathlib import Path

FILE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Module:
    """What a Python file says: names it imports, spiders it defines, whether it is a start."""

    imports: frozenset[str] = frozenset()
    spiders: tuple[str, ...] = ()
    is_start: bool = False
    spider_modules: tuple[str, ...] = ()


def read(path: Path) -> Module:
    """Return what the file says; nothing for one that is too big or not Python."""
    try:
        if path.stat().st_size > FILE_BYTES:
            return Module()
        nodes = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return Module()
    classes = [node for node in nodes.body if isinstance(node, ast.ClassDef)]
    return Module(
        imports=frozenset(_imports(nodes)),
        spiders=tuple(name for found in classes if (name := _spider(found))),
        is_start=any(_is_start(node) for node in nodes.body),
        spider_modules=tuple(_spider_modules(nodes)),
    )


def _imports(nodes: ast.Module) -> set[str]:
    found = set()
    for node in nodes.body:
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _spider(found: ast.ClassDef) -> str:
    """Return the `name = "..."` of a class that has a base, as a Scrapy spider has, or ""."""
    if not found.bases:
        return ""
    for node in found.body:
        if _assigns(node, "name") and isinstance(value := _value(node), str):
            return value
    return ""


def _spider_modules(nodes: ast.Module) -> list[str]:
    """Return the SPIDER_MODULES of a Scrapy settings file, where they are written out."""
    for node in nodes.body:
        if _assigns(node, "SPIDER_MODULES") and isinstance(node.value, ast.List | ast.Tuple):
            values = [element.value for element in node.value.elts if _is_text(element)]
            return [value for value in values if isinstance(value, str)]
    return []


def _assigns(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    return False


def _value(node: ast.stmt) -> object:
    return node.value.value if isinstance(node.value, ast.Constant) else None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_start(node: ast.stmt) -> bool:
    """Tell whether the statement is `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
