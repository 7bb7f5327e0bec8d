"""The door: raw exports in `landing/` become typed, checked rows in `lake/`."""
