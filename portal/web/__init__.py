"""What every page needs: rendering, forms, languages, guards, errors."""
