"""Candidates at the desk: the band above the incidents, one in full, and the key that accepts."""
