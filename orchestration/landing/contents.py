"""Contents: the bytes inside a file, unpacked, in chunks, and never more of them than is allowed.

Belongs here: compression and the limits on what a file unpacks to. What the bytes say is for
`encodings.py` and `survey.py`.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from orchestration.landing.encodings import FileUnreadable
from orchestration.landing.limits import Limits

COMPRESSED = (".gz", ".zst")
CHUNK = 4 * 2**20  # bytes
_CUT = "is cut short: its {kind} stream ends before its content does; drop it again whole"
_BROKEN = "is no whole {kind} file: it is damaged, or other bytes follow it; drop it again whole"
_RATIO_FROM = 64 * 2**20  # bytes of content; below them no ratio can do harm


def is_compressed(path: Path) -> bool:
    """Whether a file's ending says that it must be unpacked."""
    return path.suffix in COMPRESSED


def open_unpacked(path: Path) -> IO[bytes]:
    """The file's content as a stream of bytes."""
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.suffix == ".zst":
        return pa.CompressedInputStream(str(path), "zstd")  # type: ignore[no-any-return]
    return path.open("rb")


def chunks_of(path: Path, limits: Limits) -> Iterator[bytes]:
    """The file's content in chunks of a few MB.

    Raises FileUnreadable where it does not unpack, or unpacks to more than the limits allow.
    """
    size, total = path.stat().st_size, 0
    with open_unpacked(path) as content:
        while chunk := read_unpacked(content, path):
            total += len(chunk)
            check_unpacked_size(total, size, limits)
            yield chunk


def read_unpacked(content: IO[bytes], path: Path, size: int = CHUNK) -> bytes:
    """The next chunk of an opened file. Raises FileUnreadable where it does not unpack."""
    try:
        return content.read(size)
    except EOFError as error:
        raise FileUnreadable(_CUT.format(kind="gzip")) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise FileUnreadable(_BROKEN.format(kind="gzip")) from error
    except OSError as error:
        if path.suffix != ".zst" or error.errno is not None:
            raise
        told = _CUT if "Truncated" in str(error) else _BROKEN
        raise FileUnreadable(told.format(kind="zstd")) from error


def check_unpacked_size(unpacked: int, packed: int, limits: Limits) -> None:
    """Raise FileUnreadable where a file of `packed` bytes unpacks to more than is allowed."""
    if unpacked > limits.unpacked_bytes:
        raise FileUnreadable(
            f"holds more than {limits.unpacked_bytes:,} bytes; if it is meant to, raise "
            "read.limits.unpacked_bytes"
        )
    if unpacked > _RATIO_FROM and unpacked > packed * limits.unpacked_ratio:
        raise FileUnreadable(
            f"unpacks to more than {limits.unpacked_ratio} times its size, as files do that are "
            "made to fill a disk; if it is meant to, raise read.limits.unpacked_ratio"
        )
