"""The names under which the notebooks import the features."""

__all__ = ["TAGS", "vector"]

from monorepo.recommend.features import KNOWN_TAGS as TAGS, feature_vector as vector