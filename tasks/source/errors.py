"""What can be wrong with a project's content."""


class BadSource(Exception):
    """A content that is refused: `code` names the cause, `detail` the entry or figure concerned.

    The sentences for people are in `words.py`.
    """

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail[:500]
