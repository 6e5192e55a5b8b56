"""Facts as they stand: what was corrected is left out, and stays in the table."""

from django.db.models import Exists, OuterRef, QuerySet

from daybreak.ledger.models import Fact


def standing(model: type[Fact]) -> QuerySet:
    """Return the facts of `model` that no other fact corrects."""
    corrections = model._default_manager.filter(site=OuterRef("site"), corrects=OuterRef("key"))
    return model._default_manager.filter(~Exists(corrections))
