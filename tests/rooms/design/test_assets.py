"""Styles and scripts as a browser asks for them: compressed, and once."""

import gzip

from django.test import Client

from daybreak.design.assets import static


def test_a_style_comes_compressed_to_whoever_reads_that_and_is_asked_for_once() -> None:
    plain, packed = (
        Client().get(static("app.css"), headers={"accept-encoding": how}) for how in ("identity", "gzip, br")
    )

    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "br")
    assert len(packed.content) < len(plain.content) / 4
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "immutable" in packed.headers["Cache-Control"]
    zipped = Client().get(static("app.js"), headers={"accept-encoding": "gzip"})
    assert gzip.decompress(zipped.content) == Client().get(static("app.js")).content


def test_what_keeps_its_name_is_asked_for_again() -> None:
    assert "immutable" not in Client().get("/static/mark.svg").headers["Cache-Control"]
