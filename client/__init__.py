"""The portal over HTTP: FHIR R4 wire models, mapping, retries and errors."""
