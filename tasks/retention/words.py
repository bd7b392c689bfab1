"""Why something goes, in words."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    ("run", "age"): _("runs older than is kept"),
    ("run", "count"): _("runs beyond what is kept of a task"),
    ("files", "files_age"): _("logs and files older than is kept"),
    ("files", "budget"): _("logs and files beyond the space for them"),
    ("fires", "age"): _("rows of the ledger older than is kept"),
}
