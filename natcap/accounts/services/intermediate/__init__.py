"""Intermediate services: what one ecosystem type supplies and another uses, net zero to final users."""
