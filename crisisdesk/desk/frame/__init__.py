"""The frame's widgets: what surrounds every room; they take plain views and emit what was asked."""
