"""Replaces secrets in a stream of bytes, however they are encoded and wherever a chunk is cut."""

import binascii
import json
import re

MASK = b"******"
# A shorter value would blank out ordinary text.
SHORTEST = 4
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Masker:
    """Masks `secrets` in what is fed; `count` tells how often one was found."""

    def __init__(self, secrets: list[str] = ()) -> None:
        self.count = 0
        self._forms = sorted({form for each in secrets for form in forms(each)}, key=len)[::-1]
        self._tail = b""
        if self._forms:
            self._compile()

    def _compile(self) -> None:
        # The longest first, for the first alternative that fits is the one that is taken.
        self._pattern = re.compile(b"|".join(re.escape(form) for form in self._forms))
        self._longest = len(self._forms[0])
        self._by_first: dict[int, list[bytes]] = {}
        for form in self._forms:
            self._by_first.setdefault(form[0], []).append(form)
        firsts = b"|".join(re.escape(bytes([first])) for first in self._by_first)
        self._first = re.compile(firsts)

    def feed(self, data: bytes) -> bytes:
        """Return the masked bytes that are certain; the beginning of a possible secret is kept."""
        if not self._forms:
            return data
        data = self._tail + data
        return self._mask(data, self._unsure(data, max(0, len(data) - self._longest + 1)))

    def flush(self) -> bytes:
        """Return the rest, at the end of the stream."""
        return self._mask(self._tail, len(self._tail)) if self._forms else b""

    def _mask(self, data: bytes, hold: int) -> bytes:
        parts, done, is_end = [], 0, hold == len(data)
        for found in self._pattern.finditer(data):
            if found.start() >= hold:
                break
            parts += data[done : found.start()], MASK
            done = found.end()
            self.count += 1
            if done > hold and not is_end:
                hold = self._unsure(data, done)
        hold = max(hold, done)
        parts.append(data[done:hold])
        self._tail = data[hold:]
        return b"".join(parts)

    def _unsure(self, data: bytes, start: int) -> int:
        """Return the first place from `start` whose bytes up to the end may begin a secret."""
        for found in self._first.finditer(data, start):
            rest = data[found.start() :]
            forms_here = self._by_first[rest[0]]
            if any(len(form) > len(rest) and form.startswith(rest) for form in forms_here):
                return found.start()
        return len(data)


def forms(secret: str) -> set[bytes]:
    """Return the byte strings that give the secret away: as it is, line by line, and encoded."""
    raw = secret.encode("utf-8", "surrogateescape")
    found = {raw, *_base64(raw), *_percent(raw), *_json(secret)}
    found |= {binascii.hexlify(raw), binascii.hexlify(raw).upper()}
    found |= {line.strip() for line in raw.splitlines()}
    return {form for form in found if len(form) >= SHORTEST} if len(raw) >= SHORTEST else set()


def _base64(raw: bytes) -> set[bytes]:
    """The characters that depend on the value alone, for each of the places it can have."""
    found = set()
    for place in range(3):
        text = binascii.b2a_base64(b"\0" * place + raw, newline=False)
        sure = text[-(-place * 8 // 6) : (place + len(raw)) * 8 // 6]
        found |= {sure, sure.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def _percent(raw: bytes) -> set[bytes]:
    found = set()
    for safe in (_UNRESERVED, _UNRESERVED | {ord("/")}):
        for pattern in ("%%%02X", "%%%02x"):
            text = "".join(chr(each) if each in safe else pattern % each for each in raw).encode()
            found |= {text, text.replace(b"%20", b"+")}
    return found


def _json(secret: str) -> set[bytes]:
    found = (json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    return {text.encode("utf-8", "surrogateescape") for text in found}
