"""The embedded portal: FHIR R4 over SQLite with synthetic people."""
