"""Histories of made-up estates of services: what was built, published, verified and deployed, and when."""
