"""Facts as they stand: what was corrected is left out, and stays in the table."""

from functools import cache

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from daybreak.ledger.models import Fact


def standing(model: type[Fact]) -> QuerySet:
    """Return the facts of `model` that no other fact corrects."""
    return model._default_manager.filter(_uncorrected(model._meta.db_table))


@cache
def _uncorrected(table: str) -> RawSQL:
    """Return the condition as SQL: written once for each table, since an ORM sub-query costs a millisecond each time it is built."""
    condition = f'NOT EXISTS (SELECT FROM "{table}" c WHERE c.site = "{table}".site AND c.corrects = "{table}".key)'
    return RawSQL(condition, (), output_field=BooleanField())
