"""From FHIR resources to the dialogue's values."""
