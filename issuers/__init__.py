"""Who may award what, from when to when, with which keys."""
