"""Serving: the published builds that readers open, and what is told about them.

Nothing here computes a number; a published table is a copy of the warehouse's.
"""
