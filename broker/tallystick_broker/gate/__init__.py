"""The gate: is this version compatible with everything that is live where it is going?"""
