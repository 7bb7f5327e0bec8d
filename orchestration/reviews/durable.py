"""Files that survive a power cut: written whole, forced to the disk, private to their owner."""

import os
from pathlib import Path

from orchestration.paths import PRIVATE_FILE


def write_durably(path: Path, content: bytes) -> None:
    """Write a private file and force it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """Put a private file in the place of another: whoever reads it sees the old or the new one."""
    unfinished = path.with_suffix(".tmp")
    write_durably(unfinished, content)
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, so that a rename in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
