"""What is read by a key is found by an index, however much a clinic has collected."""

import pytest
from django.db import models

from daybreak.ledger.guards import guarded_models

OF_SOME = {
    each.name: (model, each)
    for model in guarded_models()
    for each in model._meta.constraints
    if isinstance(each, models.UniqueConstraint) and each.condition is not None
}


@pytest.mark.parametrize("name", OF_SOME)
def test_where_a_constraint_holds_for_some_rows_only_another_index_finds_all_of_them(name):
    """The database cannot use the index of such a constraint for a read that does not name its condition."""
    model, once = OF_SOME[name]
    whole = [each.fields for each in model._meta.indexes if not each.condition]
    whole += [each.fields for each in model._meta.constraints if _is_whole(each)]
    assert any(tuple(fields[:2]) == tuple(once.fields[:2]) for fields in whole)


def _is_whole(constraint):
    return isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
