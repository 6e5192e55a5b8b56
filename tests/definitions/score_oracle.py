"""Scores of every instrument, calculated a second time and differently: by hand from the published structure, in tables
of numbers, without reading a definition. It shares no code with the rulebook.

An oracle takes the answers in the order of the questionnaire (None: not answered) and returns each score as a Fraction,
None where too much is missing, with the number of the band (0 is the lowest), None where the score has no bands.
"""

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise

Answers = list[int | None]
Scored = dict[str, tuple[Fraction | None, int | None]]

FOUR_LEVELS, YES_NO = (0, 3), (0, 1)
HAMD17 = [
    (0, 4) if item in ["1", "2", "3", "7", "8", "9", "10", "11", "15"] else (0, 2) for item in map(str, range(1, 18))
]
YMRS = [(0, 8) if item in (5, 6, 8, 9) else (0, 4) for item in range(1, 12)]

# The least and the greatest answer to each item, in order; AUDIT's last two items take 0, 2 and 4 only.
RANGES = {
    "phq9": [FOUR_LEVELS] * 9,
    "gad7": [FOUR_LEVELS] * 7,
    "hamd17": HAMD17,
    "bprs": [(1, 7)] * 18,
    "audit_c": [(0, 4)] * 3,
    "audit": [(0, 4)] * 10,
    "dast10": [YES_NO] * 10,
    "cgi": [(1, 7)] * 2,
    "asq": [(0, 2)] * 5,
    "moaas": [(0, 5)],
    "acute_effects": [FOUR_LEVELS] * 14,
    "long_term_effects": [FOUR_LEVELS] * 14,
    "ready_to_leave": [YES_NO] * 10,
    "madrs": [(0, 6)] * 10,
    "qids_sr16": [FOUR_LEVELS] * 16,
    "c_ssrs_screener": [YES_NO] * 7,
    "cadss": [(0, 4)] * 23,
    "ymrs": YMRS,
    "moca": [(0, 30), YES_NO],
}


def rank(value: Fraction | None, *cuts: int) -> int | None:
    """Return in which of the ranges between the cuts a value lies."""
    return None if value is None else bisect_right(cuts, value)


def plain(answers: Answers, *cuts: int) -> tuple[Fraction | None, int | None]:
    """Return the sum of complete answers and its rank."""
    total = None if None in answers else Fraction(sum(answers))
    return total, rank(total, *cuts) if cuts else None


def picked(answers: Answers, *numbers: int) -> Answers:
    """Return the answers to items by their printed numbers."""
    return [answers[number - 1] for number in numbers]


def worst(answers: Answers, ceiling: int) -> Fraction | None:
    """Return the highest answer, if all are there or one is as high as can be."""
    if ceiling in answers:
        return Fraction(ceiling)
    return None if None in answers else Fraction(sorted(answers)[-1])


def after_never(answers: Answers, skipped: range) -> Answers:
    """Someone who never drinks is not asked the questions in `skipped`."""
    if answers[0] != 0:
        return answers
    return [0 if place in skipped and each is None else each for place, each in enumerate(answers)]


def audit_c(answers: Answers) -> Scored:
    return {"total": plain(after_never(answers, range(1, 3)), 3, 4)}


def audit(answers: Answers) -> Scored:
    return {"total": plain(after_never(answers, range(1, 8)), 8, 16, 20)}


def dast10(answers: Answers) -> Scored:
    yes = [None if each is None else (each == 0 if place == 2 else each == 1) for place, each in enumerate(answers)]
    total = None if None in yes else Fraction(yes.count(True))
    return {"total": (total, rank(total, 1, 3, 6, 9))}


def bprs(answers: Answers) -> Scored:
    keyed, _ = plain(picked(answers, 4, 11, 12, 15))
    return {
        "total": plain(answers),
        "psychosis": (keyed, None),
        "psychosis_from_0": (None if keyed is None else keyed - 4, None),
    }


def asq(answers: Answers) -> Scored:
    """A refusal to answer (2) is as positive as a yes."""
    screen = worst([None if answer is None else min(answer, 1) for answer in answers[:4]], 1)
    return {"screen": (screen, rank(screen, 1))}


def moaas(answers: Answers) -> Scored:
    return {"level": plain(answers, 1, 4, 5)}


def acute_effects(answers: Answers) -> Scored:
    given = [each for each in answers if each is not None]
    burden = Fraction(14 * sum(given), len(given)) if len(given) >= 12 else None
    high = worst(answers, 3)
    pairs = {"dissociation": (1, 2), "sedation": (3, 4), "stomach": (6, 7)}
    domains = {name: (worst(picked(answers, *numbers), 3), None) for name, numbers in pairs.items()}
    return {"worst": (high, rank(high, 1, 2, 3)), "burden": (burden, None), **domains}


def long_term_effects(answers: Answers) -> Scored:
    given = [each for each in answers if each is not None]
    average = Fraction(sum(given), len(given)) if len(given) >= 12 else None
    names = ["dissociation", "sedation", "nausea", "bladder", "cognition", "craving"]
    parts = {name: plain(answers[a:b]) for name, (a, b) in zip(names, pairwise([0, 2, 3, 4, 8, 11, 14]), strict=True)}
    high = worst(answers, 3)
    return {"worst": (high, rank(high, 1, 2, 3)), **parts, "average": (average, None)}


def ready_to_leave(answers: Answers) -> Scored:
    still_open = None if None in answers else Fraction(answers.count(0))
    return {"open_points": (still_open, rank(still_open, 1))}


def qids_sr16(answers: Answers) -> Scored:
    sleep, psychomotor = worst(answers[0:4], 3), worst(answers[14:16], 3)
    either = [[each for each in answers[a:b] if each is not None] for a, b in ((5, 7), (7, 9))]
    appetite, weight = (Fraction(max(each)) if each else None for each in either)
    both = worst([appetite, weight], 3)
    single = picked(answers, 5, 10, 11, 12, 13, 14)
    domains = [sleep, both, psychomotor, *single]
    total = None if None in domains else Fraction(sum(domains))
    shown = {
        "sleep": sleep,
        "appetite": appetite,
        "weight": weight,
        "appetite_weight": both,
        "psychomotor": psychomotor,
    }
    return {
        **{name: (value, None) for name, value in shown.items()},
        "others": plain(single),
        "total": (total, rank(total, 6, 11, 16, 21)),
    }


def c_ssrs_screener(answers: Answers) -> Scored:
    one, two, three, four, five, behaviour, recent = answers
    if two == 0:
        three, four, five = (0 if each is None else each for each in (three, four, five))
    if behaviour == 0 and recent is None:
        recent = 0
    if 1 in (four, five, recent):
        risk = Fraction(3)
    elif None in (one, two, three, four, five, behaviour, recent):
        risk = None
    elif 1 in (three, behaviour):
        risk = Fraction(2)
    else:
        risk = Fraction(int(1 in (one, two)))
    return {"risk": (risk, rank(risk, 1, 2, 3))}


def cadss(answers: Answers) -> Scored:
    return {"total": plain(answers, 5), "six": plain(picked(answers, 1, 2, 6, 7, 15, 22))}


def moca(answers: Answers) -> Scored:
    points, short = answers
    total = None if None in answers else Fraction(points if points == 30 or not short else points + 1)
    return {"total": (total, rank(total, 26))}


ORACLES = {
    "phq9": lambda answers: {"total": plain(answers, 5, 10, 15, 20)},
    "gad7": lambda answers: {"total": plain(answers, 5, 10, 15)},
    "hamd17": lambda answers: {"total": plain(answers, 8, 14, 19, 23)},
    "bprs": bprs,
    "audit_c": audit_c,
    "audit": audit,
    "dast10": dast10,
    "cgi": lambda answers: {"severity": plain(answers[:1]), "improvement": plain(answers[1:])},
    "asq": asq,
    "moaas": moaas,
    "acute_effects": acute_effects,
    "long_term_effects": long_term_effects,
    "ready_to_leave": ready_to_leave,
    "madrs": lambda answers: {"total": plain(answers, 7, 20, 35)},
    "qids_sr16": qids_sr16,
    "c_ssrs_screener": c_ssrs_screener,
    "cadss": cadss,
    "ymrs": lambda answers: {"total": plain(answers, 12, 20)},
    "moca": moca,
}
