"""The warehouse: the dbt project as Dagster assets, the only door to warehouse.duckdb.

What a model computes belongs in dbt_project; here it is only prepared, run and reported.
"""
