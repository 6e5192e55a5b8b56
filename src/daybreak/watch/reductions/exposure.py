"""How much treatment there was."""

from daybreak.watch.counts import ExposureCounts
from daybreak.watch.reductions.narrowing import Tables, started

ROUNDING = 2


def exposure(tables: Tables) -> ExposureCounts:
    """This function will reduce sessions to counts; a session counts from the moment its infusion was
    started.
    """
    begun, sites = started(tables), tables["site"]
    people = begun.group_by("person").agg(sessions=begun.count())
    per_person = people.group_by("sessions").agg(people=people.count()).order_by("sessions").to_pyarrow().to_pylist()
    weighed = begun.mutate(dose=(begun.dose_mg / begun.weight_kg).round(ROUNDING))
    doses = weighed.group_by("dose").agg(sessions=weighed.count()).order_by("dose").to_pyarrow().to_pylist()
    totals = sites.agg(registered=sites.registered.sum(), consenting=sites.consenting.sum()).to_pyarrow().to_pylist()[0]
    return ExposureCounts(
        registered=int(totals["registered"] or 0),
        consenting=int(totals["consenting"] or 0),
        treated=sum(row["people"] for row in per_person),
        courses=int(begun.course.nunique().to_pyarrow().as_py()),
        sessions=sum(row["sessions"] for row in doses),
        sessions_per_person=tuple((row["sessions"], row["people"]) for row in per_person),
        doses_mg_per_kg=tuple((row["dose"], row["sessions"]) for row in doses if row["dose"] is not None),
        without_dose=sum(row["sessions"] for row in doses if row["dose"] is None),
        total_mg=float(begun.dose_mg.sum().to_pyarrow().as_py() or 0),
    )
