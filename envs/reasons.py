"""Why a build failed, in a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from envs.models import Build

SENTENCES = {
    "no_match": _(
        "A package, or a version of it, was not found. Check its name and version, and whether "
        "it is made for this Python."
    ),
    "conflict": _(
        "The requirements exclude each other. Loosen one of the versions that are named below."
    ),
    "needs_compiler": _(
        "A package has to be compiled and the machine lacks a compiler or headers. Choose a "
        "version with a wheel, or install the compiler on the machine."
    ),
    "build_failed": _(
        "A package could not be made from its source. Choose a version with a wheel, or see "
        "the log."
    ),
    "network": _(
        "The package index could not be reached. Test it under Package indexes, or choose a mirror."
    ),
    "hash_mismatch": _(
        "A package is not the one that its hash promises. Check the hashes, and who changed "
        "the file."
    ),
    "no_conda": _(
        "There is no conda, mamba or micromamba on this machine. Install one of them, or choose "
        "a virtual environment."
    ),
    "bad_requirement": _("A line of the requirements cannot be read. It is named below."),
    "no_python": _(
        "This Python is not on the machine, or does not work. Choose one of the interpreters "
        "that were found."
    ),
    "disk_full": _("The disk is full. Free some space and build again."),
    "timeout": _(
        "It took longer than half an hour and was stopped. Try again, or choose a mirror."
    ),
    "canceled": _("Canceled by a user."),
    "lost": _("The builder was ended from outside before it was done. Build again."),
    "not_started": _("The builder could not be started: %(detail)s"),
    "installer": _("The installer failed. Its own words are below."),
    "internal": _("The builder failed in a way nobody foresaw: %(detail)s"),
    "python_missing": _("There is no file at this path. Choose an interpreter that was found."),
    "python_not_executable": _("The file at this path may not be run. Check its permissions."),
    "python_not_python": _("What is at this path does not answer as a Python does."),
    "python_no_answer": _("The interpreter did not answer in %(detail)s."),
    "python_crashed": _("The interpreter fails when it starts: %(detail)s"),
    "python_too_old": _("Python %(detail)s is too old: 3.8 is the oldest that works."),
    "python_no_module": _("The interpreter lacks a part of Python's own library: %(detail)s."),
}
PHASES = {
    "resolve": _("choosing versions"),
    "venv": _("making the environment"),
    "install": _("installing"),
    "verify": _("checking"),
    "record": _("listing the packages"),
}


def explain(build: Build) -> str:
    """Return a sentence on why the build ended as it did; empty while there is none."""
    sentence = SENTENCES.get(build.reason)
    if sentence is None:
        return build.detail or build.reason
    return str(sentence) % {"detail": build.detail} if "%" in str(sentence) else str(sentence)


def phase_words(build: Build) -> str:
    return str(PHASES.get(build.phase, build.phase))
