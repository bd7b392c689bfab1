from envs.checks import check_index
from envs.mirrors import mirrors
from envs.models import PackageIndex


def test_every_mirror_can_be_chosen():
    assert mirrors()
    for mirror in mirrors():
        check_index(PackageIndex(slug=mirror.slug, title=mirror.title, url=mirror.url))
