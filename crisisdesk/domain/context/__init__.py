"""Context: what helps whoever looks at an alert, made of what is published and recorded. Pure."""
