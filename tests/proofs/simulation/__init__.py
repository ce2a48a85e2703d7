"""A simulated clinic: two portals, workbenches with real stores, users, faults and time, all from one seed."""
