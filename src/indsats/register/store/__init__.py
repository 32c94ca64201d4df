"""A register on disk: built once from its files, asked bucket by bucket."""

from .build import build
from .describe import Description, describe
from .store import Store, is_store, open_store
from .wide import UNSEEN, weeks_matrix

__all__ = ["UNSEEN", "Description", "Store", "build", "describe", "is_store", "open_store", "weeks_matrix"]
