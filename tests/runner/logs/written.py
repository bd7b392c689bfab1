"""Writes the logs that the tests read."""

from runner.logs.writer import LogWriter

PLENTY = 1 << 30


def write(directory, chunks, limit=PLENTY, close=True):
    directory.mkdir(parents=True, exist_ok=True)
    writer = LogWriter(directory, limit)
    for chunk in chunks:
        writer.write(chunk)
    writer.close() if close else writer.flush()
    return writer


def texts(lines):
    return [line.text for line in lines]
