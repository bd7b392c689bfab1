import pytest
from django.urls import reverse

from envs.models import PackageIndex
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:envs_packageindex_changelist")
ADD = reverse("admin:envs_packageindex_add")


@pytest.fixture
def admin(client):
    client.force_login(make_admin())
    return client


def test_well_known_mirrors_can_be_chosen(admin):
    assert "tsinghua" in admin.get(LIST).text

    chosen = admin.get(f"{ADD}?slug=one&url=https%3A%2F%2Fa.example%2Fsimple").text
    assert 'value="https://a.example/simple"' in chosen


def test_one_is_added(admin):
    fields = {"slug": "near", "url": "https://a.example/simple", "is_default": "on"}

    assert admin.post(ADD, fields).status_code == 302
    assert PackageIndex.objects.get().is_default


def test_there_is_one_default(admin):
    PackageIndex.objects.create(slug="one", url="https://a.example/", is_default=True)
    fields = {"slug": "two", "url": "https://b.example/simple", "is_default": "on"}

    assert "default already" in admin.post(ADD, fields).text


def test_an_address_with_a_password_is_refused_and_not_shown(admin):
    fields = {"slug": "near", "url": "https://me:s3cret@a.example/simple"}
    answer = admin.post(ADD, fields)

    assert "url" in answer.context["adminform"].form.errors
    assert not PackageIndex.objects.exists()


def test_its_addresses_are_tested(admin, index_url):
    index = PackageIndex.objects.create(slug="near", url=index_url)
    test = reverse("admin:envs_packageindex_test", args=[index.pk])
    answer = admin.post(test)

    assert index_url in answer.text
    assert "HTTP 404" in answer.text
    assert admin.get(test).status_code == 405


def test_the_test_wants_a_permission(client, index_url):
    index = PackageIndex.objects.create(slug="near", url=index_url)
    client.force_login(make_user("tasks.view_task"))

    assert client.post(reverse("admin:envs_packageindex_test", args=[index.pk])).status_code == 403
