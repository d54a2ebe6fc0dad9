"""Contract testing that feels like pytest."""
