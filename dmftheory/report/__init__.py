"""One verdict or answer in, one document out: tables, JSON, CSV, formulas, plots."""
