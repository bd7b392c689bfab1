import pytest

from envs.requirements import Problem, check, has_hashes, normalise

HASH = "sha256:" + "0a" * 32


def test_it_takes_what_installers_take():
    text = f"""# spiders
scrapy[s3] >=2.11,<3 ; python_version >= "3.9"   # the framework
requests==2.32.0 \\
    --hash={HASH} \\
    --hash=sha256:{"1b" * 32}
demo @ https://files.example.org/demo-1.0-py3-none-any.whl
-r base.txt
--constraint=conf/limits.txt
"""
    assert check(text, files={"base.txt", "conf/limits.txt"}) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("what is this", "invalid"),
        ("scrapy==", "invalid"),
        ("-e .", "option"),
        ("--index-url https://example.org/simple", "option"),
        ("--find-links=/srv", "option"),
        ("--trusted-host example.org", "option"),
        ("scrapy --no-binary :all:", "option"),
        ("-r gone.txt", "include"),
        ("-r ../base.txt", "include"),
        ("-c /etc/passwd", "include"),
        ("./demo.whl", "path"),
        ("/srv/demo", "path"),
        ("demo-1.0.tar.gz", "path"),
        ("https://example.org/demo.whl", "url"),
        ("demo @ http://example.org/demo.whl", "url"),
        ("demo @ file:///srv/demo.whl", "url"),
        ("demo @ git+https://example.org/demo", "url"),
        ("demo @ https://user:word@example.org/demo.whl", "url_password"),
        ("demo @ https://${TOKEN}@example.org/demo.whl", "variable"),
        ("demo==1 --hash=md5:abc", "hash"),
        ("demo\x00", "control"),
    ],
)
def test_it_refuses_a_line_and_says_which(line, code):
    problems = check(f"scrapy\n\n{line}\nrequests\n", files={"base.txt"})

    assert [(problem.line, problem.code) for problem in problems] == [(3, code)]
    assert "word@" not in problems[0].detail


def test_a_continued_line_counts_by_its_first():
    assert check("a \\\n ==1\nb \\\n  !!\nc c") == [
        Problem(3, "invalid", check("b !!")[0].detail),
        Problem(5, "invalid", check("c c")[0].detail),
    ]


def test_other_ways_to_packages_can_be_allowed():
    text = "demo @ git+https://example.org/demo"
    assert check(text, url_schemes=("https", "git+https")) == []


def test_it_refuses_a_text_without_end():
    assert [problem.code for problem in check("a\n" * 200_000)] == ["too_long"]


def test_it_writes_one_spelling():
    first = "Scrapy [s3]>=2 , <3;python_version>'3.9' # x\n\n"
    text = f"{first}b \\\n --hash {HASH.upper()}\n-r   base.txt"

    assert normalise(text.replace("SHA256", "sha256")) == (
        f'Scrapy[s3]<3,>=2; python_version > "3.9"\nb --hash={HASH}\n-r base.txt\n'
    )
    assert has_hashes(text)
    assert not has_hashes("a # --hash=x")
