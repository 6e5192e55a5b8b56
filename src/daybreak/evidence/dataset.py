"""The published trials as a data set of its own: one row for each number, with a dictionary and a licence."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path

from daybreak.rulebook.public import PublishedTrial, TrialContrast, TrialCounts, TrialMean

LICENCE = "CC0-1.0. Figures and facts, each with its source. Cite the papers, and the version of this collection.\n"
_NO_DAY = (1980, 1, 1, 0, 0, 0)  # the archive's first; with the day of today its bytes would change every second
MARKS = {
    "read": "read at the cited source",
    "rebuilt": "counts reconstructed, and checked by arithmetic against a published figure",
    "provisional": "rebuilt from a percentage that nobody has read at its source yet",
    "secondary": "read in another source only: not for pooling",
    "unverified": "not checked at its source: not for pooling",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One published number; what does not apply to its statistic is empty."""

    trial: str
    version: int
    fingerprint: str
    year: int
    pmid: str
    design: str
    masking: str
    diagnoses: str
    outcome: str
    kind: str
    scale: str
    cut_off: str
    after_hours: int | None
    when: str
    arm: str
    drug: str
    route: str
    dose: float | None
    dose_unit: str
    infusion_minutes: int | None
    sessions: str
    statistic: str
    events: int | None = None
    total: int | None = None
    mean: float | None = None
    sd: float | None = None
    standard_error: float | None = None
    is_change: bool | None = None
    against: str = ""
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    mark: str
    reference: str
    note: str


DICTIONARY = {
    "trial": "identifier of the trial in this collection",
    "version": "version of its file",
    "fingerprint": "SHA-256 of the file's content",
    "year": "year of publication",
    "pmid": "PubMed identifier, empty where it was not verified",
    "design": "parallel, crossover, sequential_parallel or withdrawal",
    "masking": "double, anaesthesia (masked by anaesthesia) or open",
    "diagnoses": "of those randomised, separated by spaces",
    "outcome": "identifier of the outcome in its trial",
    "kind": "response, remission, relapse, or a score",
    "scale": "the instrument",
    "cut_off": "what counts as the outcome, as the file says it",
    "after_hours": "hours after the first dose; empty where `when` says it in words",
    "when": "when the outcome was measured, in words",
    "arm": "identifier of the arm in its trial",
    "drug": "what the arm was given",
    "route": "how",
    "dose": "how much, in dose_unit",
    "dose_unit": "mg/kg or mg",
    "infusion_minutes": "minutes of infusion",
    "sessions": "how many or how often, in words",
    "statistic": "counts (events of total), mean (mean with sd or standard_error of total), or difference",
    "events": "people with the outcome",
    "total": "people counted",
    "mean": "mean score, or mean change from baseline where is_change is true",
    "sd": "standard deviation",
    "standard_error": "standard error of the mean, as a model gave it",
    "is_change": "whether the mean is a change from baseline",
    "against": "arm that is subtracted, for a difference",
    "estimate": "difference of means, arm minus against",
    "lower": "lower end of its 95 % interval",
    "upper": "upper end of its 95 % interval",
    "mark": "how far the number was checked: " + "; ".join(f"{mark}: {words}" for mark, words in MARKS.items()),
    "reference": "where the number stands",
    "note": "what a reader should know of it",
}


def numbers(trials: Iterable[PublishedTrial]) -> list[Number]:
    """Return every published number of `trials`, in the order of the files."""
    return [each for trial in trials for each in _of(trial)]


def as_csv(rows: Iterable[Number]) -> str:
    """Return the numbers as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Number)])
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in asdict(row).items()} for row in rows)
    return text.getvalue()


def files(trials: Iterable[PublishedTrial]) -> dict[str, bytes]:
    """Return the data set whole: CSV, JSON, Parquet, dictionary, licence, and the SHA-256 of each. The same trials give
    the same bytes.
    """
    rows = numbers(trials)
    made = {
        "trials.csv": as_csv(rows).encode(),
        "trials.json": json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False).encode(),
        "trials.parquet": _parquet(rows),
        "dictionary.csv": _dictionary().encode(),
        "LICENCE.txt": LICENCE.encode(),
    }
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in made.items())
    return made | {"SHA256SUMS": sums.encode()}


def as_zip(trials: Iterable[PublishedTrial]) -> bytes:
    """Return the same in one file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(trials).items():
            archive.writestr(zipfile.ZipInfo(name, _NO_DAY), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _dictionary() -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["column", "meaning"])
    writer.writerows(DICTIONARY.items())
    return text.getvalue()


def _parquet(rows: list[Number]) -> bytes:
    import duckdb  # here, because it takes a while to load and only this needs it

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        source, target = Path(folder, "trials.csv"), Path(folder, "trials.parquet")
        source.write_text(as_csv(rows), encoding="utf-8")
        table = database.read_csv(str(source), dtype=dict.fromkeys(_WORDS, "VARCHAR"))
        table.write_parquet(str(target))
        return target.read_bytes()


_WORDS = [field.name for field in fields(Number) if field.type is str]


def _of(trial: PublishedTrial) -> Iterator[Number]:
    for result in trial.results:
        if isinstance(result, TrialCounts):
            yield _number(trial, result, statistic="counts", events=result.events, total=result.total)
        else:
            yield _mean(trial, result)
    for each in trial.contrasts:
        ends = {name: float(getattr(each, name)) for name in ("estimate", "lower", "upper")}
        yield _number(trial, each, statistic="difference", against=each.against, **ends)


def _mean(trial: PublishedTrial, result: TrialMean) -> Number:
    return _number(
        trial,
        result,
        statistic="mean",
        total=result.total,
        mean=float(result.mean),
        sd=None if result.sd is None else float(result.sd),
        standard_error=None if result.standard_error is None else float(result.standard_error),
        is_change=result.is_change,
    )


def _number(
    trial: PublishedTrial, each: TrialCounts | TrialMean | TrialContrast, *, statistic: str, **values: object
) -> Number:
    arm, outcome = trial.arm(each.arm), trial.outcome(each.outcome)
    return Number(
        trial=trial.id,
        version=trial.version,
        fingerprint=trial.fingerprint,
        year=trial.year,
        pmid=trial.pmid,
        design=trial.design,
        masking=trial.masking,
        diagnoses=" ".join(trial.diagnoses),
        outcome=outcome.id,
        kind=outcome.kind,
        scale=outcome.scale,
        cut_off=outcome.cut_off,
        after_hours=outcome.after_hours,
        when=outcome.when,
        arm=arm.id,
        drug=arm.drug,
        route=arm.route,
        dose=None if arm.dose is None else float(arm.dose),
        dose_unit=arm.unit,
        infusion_minutes=arm.minutes,
        sessions=arm.sessions,
        statistic=statistic,
        mark=each.mark,
        reference=each.reference,
        note=each.note,
        **values,  # type: ignore[arg-type]
    )
