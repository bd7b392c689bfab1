"""Finds the first real error in what an installer printed."""

import re

EXCERPT_BYTES = 4000
# In this order: a build that lacks a compiler also says "failed", a full disk says many things.
SIGNS = {
    "disk_full": (r"no space left on device", r"disk quota exceeded", r"os error 28\b"),
    "no_conda": (r"no conda, mamba or micromamba was found",),
    "hash_mismatch": (r"hash mismatch", r"hashes? .*(do(es)? not|didn.t) match", r"require-hashes"),
    "needs_compiler": (
        r"\b(gcc|g\+\+|cc|clang|cargo|rustc|cmake)['’`\"]? (failed|not found)",
        r"error: command ['\"].*(gcc|cc|g\+\+|clang).*failed",
        r"unable to find.*compiler",
        r"can't find rust compiler",
        r"microsoft visual c\+\+",
        r"no such file or directory: '(gcc|cc|g\+\+|clang|cargo)'",
        r"python\.h: no such file",
        r"compiler .*(not found|missing)",
    ),
    "no_python": (
        r"no interpreter found",
        r"no python (installation|interpreter)",
        r"failed to inspect python",
        r"querying python at .* failed",
        r"no virtual environment or system python",
    ),
    "bad_requirement": (
        r"couldn't parse requirement",
        r"(unsupported|invalid) requirement",
        r"expected (package name|version|one of)",
        r"error parsing included file",
        r"file not found: .*inputs",
    ),
    "network": (
        r"failed to fetch",
        r"error sending request",
        r"dns error",
        r"connect(ion)? (error|refused|reset|timed out)",
        r"request failed after",
        r"invalid peer certificate",
        r"network connectivity is disabled",
        r"status (client|server) error",
        r"condahttperror",
        r"connectionfailed|could not connect|could not resolve host",
    ),
    "no_match": (
        r"was not found in the (package registry|provided package locations|cache)",
        r"there (is|are) no versions? of",
        r"only .* (is|are) available",
        r"only the following versions",
        r"has no wheels with a matching",
        r"packagesnotfounderror|resolvepackagenotfound|nothing provides",
    ),
    "conflict": (
        r"conflict",
        r"incompatible",
        r"no solution found",
        r"requirements are unsatisfiable",
        r"requires .* but .* is installed",
        r"unsatisfiableerror",
    ),
    "build_failed": (r"failed to build", r"build backend (returned|failed)"),
}
PATTERNS = {code: re.compile("|".join(signs), re.IGNORECASE) for code, signs in SIGNS.items()}
ERROR = re.compile(r"^\s*(error\b|×|╰─▶)", re.IGNORECASE)


def first_error(output: str) -> tuple[str, str]:
    """Return (code, excerpt): what failed, and the installer's own words for it.

    Codes: no_match, conflict, needs_compiler, build_failed, network, hash_mismatch,
    bad_requirement, no_python, disk_full, and installer when nothing is recognised.
    """
    flat = " ".join(output.split())
    code = next((code for code, pattern in PATTERNS.items() if pattern.search(flat)), "installer")
    if code == "no_match" and _is_conflict(flat):
        code = "conflict"
    return code, _excerpt(output)


def _is_conflict(flat: str) -> bool:
    """Tell whether the versions are there, but two requirements exclude each other."""
    is_about_two = re.search(r"depends on .* and .*(depends on|you require)", flat, re.IGNORECASE)
    return bool(is_about_two) and "was not found in" not in flat


def _excerpt(output: str) -> str:
    """Return the output from its first line that speaks of an error, bounded."""
    found = output.splitlines()
    first = next((n for n, line in enumerate(found) if ERROR.match(line)), None)
    chosen = found[first:] if first is not None else found[-20:]
    return "\n".join(line.rstrip() for line in chosen).strip()[:EXCERPT_BYTES]
