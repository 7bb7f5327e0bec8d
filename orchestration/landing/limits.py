"""Limits: how much one file may hold before it is set aside, with their defaults."""

from typing import Annotated

from pydantic import BaseModel, ByteSize, ConfigDict, Field

_Bytes = Annotated[ByteSize, Field(gt=0)]
_Count = Annotated[int, Field(gt=0)]


class Limits(BaseModel):
    """What one file may hold at most, in bytes or as `20GB`; a file beyond a limit is set aside.

    `unpacked_ratio` (content over file, from 64 MB on) and `unpacked_bytes` stop files that unpack
    without end. `line_bytes` is for a line, quoted line ends included, or a JSON object;
    `document_bytes` for what is read into memory whole: a workbook, a JSON file with `records`;
    `cells` for a workbook's sheet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unpacked_bytes: _Bytes = ByteSize(20 * 10**9)
    unpacked_ratio: _Count = 200
    line_bytes: _Bytes = ByteSize(16 * 10**6)
    document_bytes: _Bytes = ByteSize(256 * 10**6)
    columns: _Count = 10_000
    cells: _Count = 20_000_000
