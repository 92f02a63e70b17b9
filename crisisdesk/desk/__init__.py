"""Qt: shows snapshots and sends commands; decides nothing."""
