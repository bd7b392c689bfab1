from datetime import UTC, datetime, timedelta

import pytest

from backups import keeping
from backups.models import Backup, BackupPlan

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def stays(count: int, **plan) -> list[int]:
    """Return the ages in days of what stays of one backup a day."""
    made = [(age, NOW - timedelta(days=age)) for age in range(count)]
    return sorted(keeping.kept(made, BackupPlan(**plan)))


def test_the_newest_of_each_day_week_and_month_stay():
    assert stays(70, keep_daily=3, keep_weekly=3, keep_monthly=3) == [0, 1, 2, 6, 13, 28, 59]


def test_the_newest_one_always_stays():
    assert stays(5, keep_daily=0, keep_weekly=0, keep_monthly=0) == [0]


@pytest.mark.django_db
def test_files_go_with_their_rows(tmp_path):
    BackupPlan.objects.create(pk=1, keep_daily=1, keep_weekly=0, keep_monthly=0)
    for age in range(3):
        backup = Backup.objects.create(file_name=f"{age}.tar.gz", status="verified")
        Backup.objects.filter(pk=backup.pk).update(started_at=NOW - timedelta(days=age))
        (tmp_path / backup.file_name).touch()
    assert sorted(keeping.let_old_go(tmp_path)) == ["1.tar.gz", "2.tar.gz"]
    assert [path.name for path in tmp_path.glob("*.gz")] == ["0.tar.gz"]
    assert Backup.objects.count() == 1
