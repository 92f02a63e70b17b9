"""The one place that knows the concrete classes: builds a station's engine and looks after it."""
