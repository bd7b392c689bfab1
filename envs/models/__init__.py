from envs.models.build import Build
from envs.models.environment import Environment
from envs.models.index import PackageIndex

__all__ = ["Build", "Environment", "PackageIndex"]
