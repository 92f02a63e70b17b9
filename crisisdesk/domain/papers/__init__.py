"""What an incident leaves on paper and in files: its report and the ICS forms."""
