"""What browser tests look at: tasks of a few lines, their runs, and their addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.installation import Installation

MARK = "sample-"  # every name begins with it, so that a page's own words can be told apart
COLOURFUL = r"""
import sys
print("the first line")
print("\x1b[31mred\x1b[0m and \x1b[1;32mbold green\x1b[0m")
print("<b id='injected'>bold</b><script>document.title = 'taken'</script>")
for number in range(4, 301):
    if number == 120:
        print("ERROR: the page of 120 was refused")
    elif number == 240:
        print("ERROR: the page of 240 was refused")
    elif number % 100 == 50:
        print(f"needle 针 in line {number}")
    else:
        print(f"line {number}")
print("wide", "word " * 400)
sys.exit(3)
"""
LONG = r"""
for number in range(1, 200_001):
    print("line", number)
"""
COUNTING = r"""
import time
for number in range(1, 1_000_000):
    print("count", number, flush=True)
    time.sleep(0.02)
"""


@dataclass
class Samples:
    kumo: Installation
    numbers: Iterator[int]

    def name(self) -> str:
        return f"{MARK}{next(self.numbers)}"

    def task(self, spider: str = LONG, **fields) -> str:
        """Make a project and a task of one spider; return the name of both."""
        name = self.name()
        self.kumo.make_task(name, {"spider.py": spider}, "python spider.py", **fields)
        return name

    def ended(self, spider: str, status: str) -> str:
        """Run the spider to its end, which must be of that status; return the run's page."""
        run = self.kumo.start_run(self.task(spider))
        answer = self.kumo.wait_for_run(run)
        assert answer["status"] == status, answer
        return run_page(run)


def run_page(run: int) -> str:
    return f"/admin/tasks/run/{run}/change/"
