"""Every write of the infusion room: atomic, by a named actor, at a named moment."""
