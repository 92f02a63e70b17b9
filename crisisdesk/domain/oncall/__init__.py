"""On call: who is asked first at any moment, as a pure function of a schedule and its overrides."""
