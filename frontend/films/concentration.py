"""Draws the course's video: ketamine in the blood during and after an infusion, as the models of the evidence room say.

    python frontend/films/concentration.py concentration.mp4

Needs ffmpeg. What is shipped was made once by this; its captions are written by hand, and tell what is seen.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import vl_convert

import daybreak
from daybreak.evidence.rules.virtual_people import Regimen, simulate
from daybreak.rulebook.public import Library, shipped_folder

FONTS = Path(daybreak.__file__).parent / "design" / "static" / "dist" / "fonts"
WIDTH, HEIGHT, RATE, SECONDS = 640, 360, 10, 44
LEFT, RIGHT, TOP, BOTTOM = 60, 616, 90, 262  # captions stand below the axis
RUNS, SHOWN, MOST = 40, 180, 350  # minutes of the pump, minutes on the axis, ng/mL on the axis
DRAWN = (6.0, 38.0)  # seconds in which the lines grow
MODELS = (("simons_2022", "#b14a22", "artery: Simons 2022"), ("otto_2021", "#2b5d8a", "vein: Fanta 2015, Otto 2021"))
INK, QUIET, PAPER, LINE = "#14213a", "#51607a", "#fbfaf7", "#e1e3e8"


def courses():
    """Yield of each model its colour, words, minutes, and the 5th, 50th and 95th percentile of 1,000 people.

    35 mg of ketamine for 70 kg: half of it is esketamine, and the other half is taken to behave alike.
    """
    library = Library.load(shipped_folder())
    for name, colour, label in MODELS:
        model = next(each for each in library.active("pharmacokinetics") if each.id == name)
        regimen = Regimen(route="intravenous", mg=17.5, minutes=RUNS)
        said = simulate(model, regimen, molecule="esketamine", weight_kg=70, until_hour=SHOWN / 60)
        yield colour, label, said.hours * 60, *(2 * said.share(below=share) for share in (0.05, 0.5, 0.95))


def x(minute):
    """Return where a minute lies."""
    return LEFT + (RIGHT - LEFT) * minute / SHOWN


def y(value):
    """Return where a concentration lies."""
    return BOTTOM - (BOTTOM - TOP) * value / MOST


def words(at_x, at_y, said, size=19, colour=QUIET, anchor="start"):
    """Return a line of text."""
    form = f'font-family="Public Sans" font-size="{size}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{at_x:.1f}" y="{at_y:.1f}" {form}>{said}</text>'


def ground():
    """Return what stands still."""
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
    yield words(20, 34, "Ketamine in the blood: 0.5 mg/kg over 40 minutes", 25, INK)
    yield words(20, 62, "Two published models, 1,000 virtual people of 70 kg each")
    yield f'<rect x="{x(0)}" y="{TOP}" width="{x(RUNS) - x(0)}" height="{BOTTOM - TOP}" fill="{LINE}" opacity="0.6"/>'
    yield words(x(25), BOTTOM - 8, "pump runs", anchor="middle")
    yield words(x(58), TOP + 76, "Not for dosing a patient")
    yield f'<line x1="{LEFT}" x2="{RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}" stroke="{QUIET}"/>'
    yield words(LEFT - 8, y(MOST) + 8, "ng/mL", 15, anchor="end")
    yield from (words(x(minute), BOTTOM + 22, f"{minute} min", anchor="middle") for minute in range(0, SHOWN, 40))
    yield from (words(LEFT - 8, y(value) + 6, value, anchor="end") for value in range(0, MOST, 100))


def grown(found, now):
    """Return the lines and bands up to the minute `now`."""
    for place, (colour, label, minutes, low, middle, high) in enumerate(found):
        until = np.unique([*minutes[minutes < now], now])
        lower, centre, upper = (y(np.interp(until, minutes, each)) for each in (low, middle, high))
        across, around = x(until), np.append(upper, lower[::-1])
        band = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip([*across, *across[::-1]], around, strict=True))
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, centre, strict=True))
        yield f'<polygon points="{band}" fill="{colour}" opacity="0.18"/>'
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="3"/>'
        yield words(x(58), TOP + 16 + 30 * place, label, 21, colour)


def picture(found, now):
    """Return one picture as PNG."""
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    drawn = "".join((*ground(), *grown(found, now)))
    return vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>', scale=1.5)


def main(path):
    """Write the video, and say which numbers its captions may name."""
    vl_convert.register_font_directory(str(FONTS))
    found = list(courses())
    for _, label, minutes, _, middle, _ in found:
        print(label, *(f"{minute} min {np.interp(minute, minutes, middle):.0f}" for minute in (40, 80, 110)))
    form = "-c:v libx264 -crf 26 -pix_fmt yuv420p -movflags +faststart -fflags +bitexact -flags:v +bitexact"
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "image2pipe", "-framerate", str(RATE), "-i", "-"]
    with subprocess.Popen([*command, *form.split(), path], stdin=subprocess.PIPE) as made:
        for number in range(RATE * SECONDS):
            made.stdin.write(picture(found, np.interp(number / RATE, DRAWN, (0, SHOWN))))


if __name__ == "__main__":
    main(sys.argv[1])
