"""The disclosure policy of the house, read from its one file. A site's own definitions are not asked: they could tell
more.
"""

from functools import lru_cache

from daybreak.rulebook.public import Disclosure, newest_shipped


@lru_cache(maxsize=1)
def disclosure_policy() -> Disclosure:
    """Return the policy by which numbers about groups are told to others: the newest active version."""
    return newest_shipped("disclosure", "house", Disclosure)
