"""What the tray keeps of a reading that could not be placed."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.treat.rules.readings import NewReading


class NotAReading(Refusal):
    """Something in the tray that is no reading, so that it cannot be placed in a session."""


def reading_in(key: UUID | None, content: object) -> NewReading:
    """Return the reading that a thing in the tray holds; raise NotAReading."""
    try:
        sent = json.loads(str(content["sent"])) if isinstance(content, Mapping) else None
        if not isinstance(sent, dict) or key is None:
            raise NotAReading("This is no reading. Set it aside.")
        moment = datetime.fromisoformat(str(sent["measured_at"]))
        value = Decimal(str(sent["value"]))
        if moment.tzinfo is None or not value.is_finite():
            raise NotAReading("Its value or its moment cannot be read. Set it aside.")
        return NewReading(key, str(sent["sign"]), value, str(sent["unit"]), moment)
    except (KeyError, ValueError, TypeError, InvalidOperation) as fault:
        raise NotAReading("Its value or its moment cannot be read. Set it aside.") from fault
