"""`daybreak question`"""

import json
from typing import TYPE_CHECKING

import click

from daybreak.config.commands.estimate_ import AS_JSON
from daybreak.config.commands.snapshot_ import frozen

if TYPE_CHECKING:
    from daybreak.rulebook.public import Library

SNAPSHOT = click.option(
    "--snapshot", help="A snapshot's id, or the folder of one (with a “/” in it); without it, the newest."
)


@click.group()
def command() -> None:
    """The open questions: what a snapshot says to each, how surely, and whether that is enough.

    Example: daybreak question run dose --json
    """


@command.command(name="list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List the questions that are files. “daybreak definitions show questions/ID” reads one whole.

    Example: daybreak question list
    """
    found = _library().active("questions")
    if as_json:
        told = [{"id": q.id, "version": q.version, "title": q.title, "question": q.question} for q in found]
        return click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    for each in found:
        click.echo(f"{each.id:24} {each.title}")
    return None


@command.command()
@click.argument("name", metavar="ID")
@click.option("--version", type=int, help="Which version of the question; without it, the highest active one.")
@SNAPSHOT
@click.option("--leave-out", "leave_out", multiple=True, metavar="SITE", help="Without this site; may be repeated.")
@AS_JSON
def run(name: str, version: int | None, snapshot: str | None, leave_out: tuple[str, ...], as_json: bool) -> None:
    """Answer a question from a snapshot: the number with its interval, who is missing, balance, what else was tried,
    the negative control, and the verdict. The same snapshot and question give the same answer.

    Example: daybreak question run dose --snapshot cohorts/cohort-abc12345
    """
    library = _library()
    question = library.question(name, version)
    with frozen(snapshot) as found:
        from daybreak.watch.questions.answering import answered
        from daybreak.watch.questions.results import plain

        answer = answered(question, found, library, leave_out=leave_out)
    if as_json:
        return click.echo(json.dumps(plain(answer), ensure_ascii=False, indent=1))
    from daybreak.watch.questions.words import told

    for line in told(question, answer):
        click.echo(line)
    return None


@command.command()
@click.option("--persons", default=20_000, show_default=True, type=int, help="How many people each cohort has.")
@click.option("--seeds", default=5, show_default=True, type=int, help="How many cohorts, from seed 1 on.")
@click.option("--question", "names", multiple=True, metavar="ID", help="Only this question; may be repeated.")
@AS_JSON
def trial(persons: int, seeds: int, names: tuple[str, ...], as_json: bool) -> None:
    """Try the questions on invented cohorts in which the truth is known: does the interval hold what was planted, and
    no difference where nothing was? It takes minutes.

    Example: daybreak question trial --persons 20000 --seeds 5 --json
    """
    from daybreak.kernel.moments import now
    from daybreak.watch.questions.proof import PLANTED, proved
    from daybreak.watch.questions.results import plain

    found = proved(_library(), persons=persons, seeds=range(1, seeds + 1), at=now(), names=names or tuple(PLANTED))
    if as_json:
        return click.echo(json.dumps([plain(each) for each in found], ensure_ascii=False, indent=1))
    for each in found:
        what = f"planted, {100 * each.truth:+.1f} points" if each.planted else "left out, no difference"
        verdicts = ", ".join(f"{verdict.replace('_', ' ')} {count}" for verdict, count in each.verdicts.items())
        click.echo(f"{each.question}: {what}; in {each.held} of {each.cohorts} intervals. Verdicts: {verdicts}.")
    return None


def _library() -> "Library":
    from daybreak.config.commands.definitions_ import library

    return library(None)
