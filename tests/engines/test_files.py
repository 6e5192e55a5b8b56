"""Anyone's file is read strictly, and what is wrong with it is one sentence."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daybreak.register.files import Kind, UnusableFile, kinds_of, narrowed, opened

WANTED = {"time": ("days", Kind.TIME), "event": ("died", Kind.EVENT)}


def rows_of(path):
    return [(row["time"], row["event"]) for row in narrowed(opened(path), WANTED).rows.to_pyarrow().to_pylist()]


@pytest.mark.parametrize(
    "content",
    [
        "days,died\n1.5,1\n2,0\n",
        b"\xef\xbb\xbfdays,died\n1.5,1\n2,0\n",
        "days;died\n1,5;1\n2;0\n",
        "days\tdied\r\n1.5\tTRUE\r\n2\tFALSE\r\n",
        "days,died,name\n1.5,1,\xe9\n2,0,a\n".encode("latin-1"),
        "days\tdied\n1.5\t1\n2\t0\n".encode("utf-16"),
        'site,"days","died"\n"a, b"," 1.5 ","1"\n"c ""d""",2,0\n',
    ],
)
def test_a_table_is_read_whatever_wrote_it(desk, content):
    assert rows_of(desk.file(content)) == [(1.5, 1), (2, 0)]


def test_a_parquet_file_is_read_by_its_types(desk):
    pq.write_table(pa.table({"days": [1.5, 2, None], "died": [True, False, True]}), desk.folder / "t.parquet")

    found = narrowed(opened(desk.folder / "t.parquet"), WANTED)

    assert (found.used, found.left_out) == (2, 1)
    assert rows_of(desk.folder / "t.parquet") == [(1.5, 1), (2, 0)]


def test_rows_in_which_something_is_missing_are_left_out_and_counted(desk):
    found = narrowed(opened(desk.file("days,died\n1,1\nNA,1\n2,\n3,0\n")), WANTED)

    assert (found.used, found.left_out) == (2, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "“file.csv” is empty."),
        ("\ufeff\n", "“file.csv” is empty."),
        ("days,died\n", "has a header and no rows"),
        ("day,died\n1,1\n", "has no column “days”. Did you mean “day”?"),
        ("a,b\n1,1\n", "has no column “days”. It has a, b."),
        ("days,died\n1,1\n-2,0\n", "“days” holds “-2” in row 2 below the header"),
        ("days,died\n1,1\n3,2\n", "“died” holds “2” in row 2 below the header of “file.csv”; it should be an event"),
        ("days,died\nsoon,1\n", "“days” holds “soon” in row 1"),
        ("days,died\ninf,1\n", "“days” holds “inf” in row 1"),
        ("days,died\n1,1\n2,0,9\n", "more or fewer values than its header has names, first in line 3"),
        ("days,died,days\n1,1,1\n", "more than one column named “days”"),
        ('days,died\n"1,1\n', "quotation mark that is never closed"),
        ("days,died\nNA,1\n", "no row has all of days, died"),
        (b"PAR1....", "not a Parquet file that can be read"),
        (b"PK\x03\x04....", "a spreadsheet or an archive"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_sentence(desk, content, sentence):
    path = desk.file(content)
    with pytest.raises(UnusableFile) as refused:
        narrowed(opened(path), WANTED)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_a_folder_is_said_so(desk):
    with pytest.raises(UnusableFile, match="no file"):
        opened(desk.folder / "nothing.csv")
    with pytest.raises(UnusableFile, match="folder"):
        opened(desk.folder)


def test_a_column_without_any_number_is_one_of_words(desk):
    file = opened(desk.file("age,sex,both\n40,f,1\n50,m,x\n"))

    assert kinds_of(file, ["age", "sex"]) == {"age": Kind.NUMBER, "sex": Kind.LABEL}
    with pytest.raises(UnusableFile, match="“both” holds “x” in row 2"):
        narrowed(file, {"both": ("both", kinds_of(file, ["both"])["both"])})
