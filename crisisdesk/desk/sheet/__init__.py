"""The emergency contact sheet on paper."""
