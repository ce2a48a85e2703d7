"""What a FHIR portal and our client agree on, run against any server."""
