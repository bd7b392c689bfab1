import pytest

from tasks.source.errors import BadSource
from tasks.source.giturl import check_ref, check_url


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.org/team/shop.git",
        "https://git.example.org:8443/team/shop",
        "ssh://git@git.example.org:2222/team/shop.git",
        "git@git.example.org:team/shop.git",
    ],
)
def test_it_takes_https_and_ssh(url):
    assert check_url(f"  {url} ") == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "git_url"),
        ("shop", "git_protocol"),
        ("/srv/shop.git", "git_protocol"),
        ("file:///srv/shop.git", "git_protocol"),
        ("http://git.example.org/shop", "git_protocol"),
        ("git://git.example.org/shop", "git_protocol"),
        ("ext::sh -c touch% /tmp/x", "git_url"),
        ("ext::sh", "git_protocol"),
        ("--upload-pack=touch", "git_protocol"),
        ("ssh://-oProxyCommand=touch/x", "git_url"),
        ("ssh://-l@host/x", "git_url"),
        ("-x@host:path", "git_url"),
        ("git@-oProxyCommand:path", "git_url"),
        ("git@host:--option", "git_url"),
        ("https://user:secret@git.example.org/shop", "git_password"),
        ("https://token@git.example.org/shop", "git_password"),
        ("ssh://git:secret@git.example.org/shop", "git_password"),
        ("https://git.example.org/", "git_url"),
        ("https:///shop", "git_url"),
        ("https://git.example.org/shop?x=1", "git_url"),
        ("https://git.example.org/a b", "git_url"),
        ("https://git.example.org:99999/shop", "git_url"),
        ("https://git.example.org/" + "x" * 500, "git_url"),
    ],
)
def test_it_refuses_other_addresses(url, code):
    with pytest.raises(BadSource) as caught:
        check_url(url)
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("ref", ["main", "v1.2", "feature/x-1", "修复", "a" * 40])
def test_it_takes_names_of_branches_tags_and_commits(ref):
    assert check_ref(f" {ref} ") == ref


@pytest.mark.parametrize(
    "ref",
    [
        "--upload-pack=x",
        "+main",
        "a..b",
        "a b",
        "a:b",
        "a^",
        "a~1",
        "@{u}",
        "x.lock",
        "/a",
        "a//b",
        "@",
    ],
)
def test_it_refuses_other_refs(ref):
    with pytest.raises(BadSource) as caught:
        check_ref(ref)
    assert caught.value.code == "git_ref"
