"""Who may do what: passwords, and what each account may do."""
