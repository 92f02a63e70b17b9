"""The station's SQLite: log, projections, migrations, backup; `queries` is its reading side."""
