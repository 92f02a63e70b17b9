"""The siren: nobody has been reached about an alert, and whom to call by hand."""
