"""The mathematics, symbolic only: loss, recursion, normal form, flow, effective rank."""
