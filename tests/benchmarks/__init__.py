"""Benchmarks as ratios: CrisisDesk beside floors and a real peer, in turn, in the same minutes."""
