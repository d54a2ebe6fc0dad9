"""What people look at: facts about many versions at once, fetched in few statements."""
