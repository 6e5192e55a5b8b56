"""The files of one site: open while its portions come, described when all of them are there."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from daybreak.register.description import Table
from daybreak.register.engine import schema
from daybreak.register.manifest import FrozenFile
from daybreak.register.verification import digest_of


class SiteFiles:
    """One Parquet file for each table of a site, open for the block; rows are added in the order of the file."""

    def __init__(self, folder: Path, site: str, tables: Sequence[Table]) -> None:
        self._folder, self._site, self._tables = folder, site, tables
        self._rows = dict.fromkeys((table.name for table in tables), 0)

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self._sinks = {table.name: opening.enter_context(self._sink(table)) for table in self._tables}
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, fault, trace)

    def add(self, table: Table, rows: pa.Table) -> None:
        """Add rows that come after those that were added."""
        sink = self._sinks[table.name]
        if len(rows):
            sink.write_table(rows.cast(sink.schema))
            self._rows[table.name] += len(rows)

    def described(self) -> dict[str, FrozenFile]:
        """Return the files, by their path in the folder, when the block has ended."""
        return {self._path(table): self._described(table) for table in self._tables}

    def _described(self, table: Table) -> FrozenFile:
        path = self._folder / self._path(table)
        size, rows = path.stat().st_size, self._rows[table.name]
        return FrozenFile(sha256=digest_of(path), bytes=size, table=table.name, site=self._site, rows=rows)

    def _sink(self, table: Table) -> pq.ParquetWriter:
        path = self._folder / self._path(table)
        path.parent.mkdir(parents=True)
        return pq.ParquetWriter(path, schema(table.columns).to_pyarrow(), compression="zstd", store_schema=False)

    def _path(self, table: Table) -> str:
        return f"{table.name}/site={self._site}/rows.parquet"
