"""The channel map of the Comms room: what each way to people hangs on, and what of that is out."""
