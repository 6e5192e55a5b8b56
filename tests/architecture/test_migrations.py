"""The migrations make the tables that the models describe: nothing waits to be written."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_model_waits_for_a_migration():
    loader = MigrationLoader(None)
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("daybreak.")}
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    waiting = {
        label: [operation.describe() for migration in found for operation in migration.operations]
        for label, found in changes.items()
        if label in own
    }
    assert waiting == {}


def test_every_room_has_one_last_migration():
    assert MigrationLoader(None).detect_conflicts() == {}
