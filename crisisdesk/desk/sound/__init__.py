"""The desk's voice: the motifs, how they are made and how they reach a loudspeaker."""
