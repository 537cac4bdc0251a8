"""What is true of devices whoever asks: identifiers, nomenclature, values, completeness."""
