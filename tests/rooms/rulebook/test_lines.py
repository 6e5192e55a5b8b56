"""Every table and key is found on its line."""

from daybreak.rulebook.lines import line_at, lines_of

TEXT = '''id = "a"

[provenance]
references = [
  { id = "x" },
]
[[screening]]
id = "one"
text = """
id = "not a key"
[not_a_table]
"""
[[screening]]
id = "two"
[[during.limits]]
id = "three"
[[scores]]
[[scores.bands]]
[[scores]]
[[scores.bands]]
name = "deep"
'''


def test_lines_are_counted_through_tables_arrays_and_long_texts():
    lines = lines_of(TEXT)

    assert line_at(lines, ("id",)) == 1
    assert line_at(lines, ("provenance", "references", 0, "id")) == 4
    assert line_at(lines, ("screening", 1, "id")) == 14
    assert line_at(lines, ("during", "limits", 0, "id")) == 16
    assert line_at(lines, ("scores", 1, "bands", 0, "name")) == 21
    assert ("not_a_table",) not in lines


def test_what_is_nowhere_is_found_in_the_table_around_it():
    lines = lines_of(TEXT)

    assert line_at(lines, ("screening", 0, "missing")) == 7
    assert line_at(lines, ("nowhere",)) == 1
