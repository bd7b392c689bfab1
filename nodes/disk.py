"""Whether the disk has room for another spider."""

import shutil

from django.conf import settings

LEAST_FREE_BYTES = 2**30
LEAST_FREE_SHARE = 0.05


def usage():
    return shutil.disk_usage(settings.KUMO_HOME)


def is_low() -> bool:
    total, _used, free = usage()
    return free < max(min(LEAST_FREE_BYTES, total * 0.25), total * LEAST_FREE_SHARE)
