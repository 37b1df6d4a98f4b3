"""Figures that `dmftheory figure` regenerates: what is drawn as plain numbers, then the drawing, then the same numbers as CSV."""
