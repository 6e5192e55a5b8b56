"""A migration may change a column that a published view shows."""

import pytest
from django.db import NotSupportedError, connections, transaction

from daybreak.ledger.guards import drop_published

WIDER = "ALTER TABLE people_patient ALTER COLUMN origin TYPE varchar(40)"


@pytest.mark.django_db(databases=["default", "owner"])
def test_published_views_give_way_to_a_migration():
    with connections["owner"].cursor() as cursor:
        with pytest.raises(NotSupportedError), transaction.atomic("owner"):
            cursor.execute(WIDER)
        drop_published(alias="owner")
        cursor.execute(WIDER)
