"""Our programs against a FHIR engine that others wrote."""
