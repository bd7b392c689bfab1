"""What is said to people about a content that is refused."""

from django.utils.translation import gettext_lazy as _

from tasks.source.errors import BadSource

WORDS = {
    "not_a_zip": _("This file is not a zip archive that can be read."),
    "archive_too_big": _("The archive is larger than %(detail)s bytes."),
    "damaged": _("The archive is damaged at “%(detail)s”. Make it again."),
    "encrypted": _("“%(detail)s” is encrypted. Make the archive without a password."),
    "compression": _("“%(detail)s” is packed by an unusual method. Use plain zip."),
    "lying": _("“%(detail)s” has another size than the archive says. Make it again."),
    "overlap": _("“%(detail)s” overlaps another entry of the archive."),
    "ratio": _("“%(detail)s” unpacks to far more than it weighs, as bombs do."),
    "link": _("“%(detail)s” is a link. Put the file itself there."),
    "device": _("“%(detail)s” is neither a file nor a folder."),
    "empty": _("There is no file in it."),
    "empty_name": _("An entry has no name."),
    "traversal": _("“%(detail)s” leads out of the project: names may not contain “..”."),
    "absolute": _("“%(detail)s” begins with a slash. Names begin at the project's top."),
    "drive": _("“%(detail)s” names a drive. Names begin at the project's top."),
    "backslash": _("“%(detail)s” contains a backslash. Folders are parted by “/”."),
    "nul": _("“%(detail)s” contains a NUL character."),
    "control": _("%(detail)s contains a control character."),
    "not_text": _("“%(detail)s” is not text in Unicode."),
    "long_name": _("The name that begins with “%(detail)s” is too long."),
    "depth": _("“%(detail)s” lies too deep in folders."),
    "collision": _("“%(detail)s” is there twice, or differs from another only by case."),
    "file_and_folder": _("“%(detail)s” is a file and a folder at once."),
    "too_many_files": _("There are more than %(detail)s files."),
    "file_too_big": _("“%(detail)s” is too large."),
    "too_big": _("All files together are larger than %(detail)s bytes."),
    "no_file": _("There is no file “%(detail)s” in this revision."),
    "git_url": _("This is not an address of a git repository."),
    "git_protocol": _("Only https:// and ssh:// addresses are allowed."),
    "git_password": _("Leave the user name and password out of the address."),
    "git_ref": _("“%(detail)s” cannot be the name of a branch, tag or commit."),
    "git_no_ref": _("The repository has no such branch, tag or commit. Git says: %(detail)s"),
    "git_no_repository": _("There is no repository at this address. Git says: %(detail)s"),
    "git_access": _("The repository does not let Kumo in. Git says: %(detail)s"),
    "git_network": _("The repository cannot be reached. Git says: %(detail)s"),
    "git_timeout": _("The repository did not come in time."),
    "git_canceled": _("Bringing the repository was canceled."),
    "git_missing": _("Git is not installed on this machine."),
    "git_failed": _("Git failed and says: %(detail)s"),
}


def sentence(bad: BadSource) -> str:
    """Return what happened and what to do, in the language of the moment."""
    return str(WORDS[bad.code]) % {"detail": bad.detail}
