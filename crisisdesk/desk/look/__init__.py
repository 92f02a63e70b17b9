"""How the desk looks: tokens, theme, type, icons, marks and the painter's small tools."""
