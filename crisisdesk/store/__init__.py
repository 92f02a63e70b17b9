"""The station's SQLite: log, projections, migrations and backup; `queries` is its read-only side."""
