"""What the worker does for environments when a delivery comes; harmless when repeated."""

from envs import building, removal


def start_build(build_id: int) -> None:
    building.start_build(build_id)


def remove_files(_number: int) -> None:
    """Remove the files that nothing uses any more."""
    removal.collect()
    removal.sweep()
