"""The steps. Each runs as the owner of the schema; what it makes belongs to no login.

A step says itself who may read or call what it makes: nothing is granted to PUBLIC or to stations
by default. A function that stations call is SECURITY DEFINER with ``SET search_path =
pg_catalog, cd, pg_temp`` and begins with ``PERFORM cd.admit()``. A table gets FORCE ROW LEVEL
SECURITY and a policy for each thing that its functions do to it.
"""
